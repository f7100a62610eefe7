"""`sanwang sla`: when an answer is due, and why.

`due` asks for a deadline without a server, a database or a model; `why` and `what-if` speak of a need of the platform.
Everything heavy is imported inside the commands, so that each answers at once.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanwang import sla_of_needs, sla_replay
from sanwang.sla_answers import answer, named, print_json, refusals

if TYPE_CHECKING:
    from sky_net.sla.calendar import WorkCalendar
    from sky_net.sla.errors import ClockRefusal
    from sky_net.sla.proof import Proof, StatedPause

PUBLISHED = "published"
PLATFORM = "platform"
"""The calendar that the platform of DATABASE_URL uses, with everything loaded into it."""
SHORT_HELP = (
    "响应时限 / response deadlines. 例 Example: sanwang sla due --opened 2026-02-13T16:50 "
    "--pause 2026-02-14T10:00/2026-02-24T10:30"
)
DUE_HELP = """计算确认、对接、方案三段的期限及依据，不需要服务器。
The deadlines of the three promises and why they fall there; needs no server.

时间为北京时间，可写明时区；只写日期即当日 00:00。暂停适用于三个时限，不设上限；重叠的暂停只算一次。
Times are Asia/Shanghai unless an offset is given; a date alone is its 00:00. Pauses apply to all three stages, without
maxima, and count once where they overlap. Unreadable input, and years without a published calendar, are exit code 2.

例 Example:

  sanwang sla due --opened 2026-02-13T16:50 --pause 2026-02-14T10:00/2026-02-24T10:30 --json
"""

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def sla() -> None:
    """响应时限：1 日确认、5 日对接、15 日给方案 / confirm in 1 working day, talk in 5, propose in 15."""


@app.command("due", help=DUE_HELP, short_help="计算期限 / compute deadlines, without a server")
def due(
    opened: Annotated[
        str, typer.Option(help="首次提交时间 first submission, 2026-02-13T16:50", metavar="TIME")
    ],
    pause: Annotated[
        list[str] | None,
        typer.Option(help="暂停，可重复 a pause, any number of them", metavar="START/END"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    calendar: Annotated[
        str,
        typer.Option(
            help="工作日历：published 为已公布的；或放假通知、调休通知文件 "
            "published, or a file with a notice to apply to it, YAML or JSON",
            metavar="NAME|FILE",
        ),
    ] = PUBLISHED,
) -> None:
    """See DUE_HELP."""
    with refusals(as_json):
        proofs = _proofs(opened, pause or [], _calendar(calendar))
        answers = {proof.stage.name: answer(proof) for proof in proofs}
    if as_json:
        print_json(answers)
        return
    from sanwang.sla_report import show_proofs

    show_proofs(proofs)


def _proofs(opened: str, pauses: Sequence[str], calendar: "WorkCalendar") -> "list[Proof]":
    from sky_net.sla.calendar import shanghai_date
    from sky_net.sla.policy import policy_on
    from sky_net.sla.proof import Proof
    from sky_net.sla.written import read_instant

    with named("--opened"):
        start = read_instant(opened)
        calendar.wall_within(start)
    stated = [_pause(number, text) for number, text in enumerate(pauses, 1)]
    policy = policy_on(shanghai_date(start))
    return [Proof(stage, policy, calendar, start, start, stated) for stage in policy.stages.values()]


def _pause(number: int, text: str) -> "StatedPause":
    from backbone.errors import Bilingual
    from sky_net.sla.proof import StatedPause
    from sky_net.sla.written import read_pause

    given = Bilingual("命令行给出", "given on the command line")
    with named(f"--pause #{number}"):
        return StatedPause(read_pause(text), Bilingual(f"第 {number} 段", f"number {number}"), given)


def _calendar(wanted: str) -> "WorkCalendar":
    from sky_net.sla.calendar import published_calendar
    from sky_net.sla.notice import read_notice
    from sky_net.sla.notice_file import text_of

    known = published_calendar()
    if wanted in (PUBLISHED, known.version):
        return known
    if wanted == PLATFORM:
        from backbone.directory.regions import HUBEI
        from sanwang.calendar_command import open_session
        from sky_net.sla.calendars.in_use import calendar_for

        with open_session() as session:
            return calendar_for(session, HUBEI)
    try:
        text = text_of(Path(wanted))
    except (OSError, ValueError) as error:
        raise _calendar_unknown(wanted, known.version) from error
    with named(wanted):
        return read_notice(text).applied_to(known)


def _calendar_unknown(wanted: str, version: str) -> "ClockRefusal":
    from sky_net.sla.errors import CalendarUnknown

    return CalendarUnknown(wanted, (PUBLISHED, version, PLATFORM))


app.command("replay", help=sla_replay.HELP, short_help=sla_replay.SHORT_HELP)(sla_replay.replay)
app.command("why", help=sla_of_needs.WHY_HELP, short_help=sla_of_needs.WHY_SHORT)(sla_of_needs.why)
app.command("what-if", help=sla_of_needs.WHAT_IF_HELP, short_help=sla_of_needs.WHAT_IF_SHORT)(
    sla_of_needs.what_if
)
