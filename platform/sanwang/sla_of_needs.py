"""`sanwang sla why` and `what-if`: the deadlines of a need of the platform, for whoever runs it."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanwang.sla_answers import answer, named, print_json, refusals, refuse_by_code

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from sky_net.needs.models import Need
    from sky_net.sla.proof import Proof

WHY_SHORT = "某条需求的期限依据 / why the deadlines of a need fall where they fall"
WHY_HELP = """某条需求的期限依据，读 DATABASE_URL 所指的数据库。
Why the deadlines of a need fall where they fall, from the database of DATABASE_URL.

例 Example:

  sanwang sla why XQ-2026-000123 --stage confirm
"""
WHAT_IF_SHORT = "若企业在某时答复 / what if the enterprise answers on …"
WHAT_IF_HELP = """若企业在某时答复，各期限为何；时间为北京时间，可写明时区。
The deadlines of a need if the enterprise answered at a time, Asia/Shanghai unless an offset is given.

例 Example:

  sanwang sla what-if XQ-2026-000123 --answered 2026-03-20T10:00
"""

Number = Annotated[str, typer.Argument(help="需求编号 number of the need", metavar="XQ-YYYY-NNNNNN")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


def why(
    number: Number,
    stage: Annotated[
        list[str] | None, typer.Option(help="时限，缺省为全部 confirm, communicate or propose; default all")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """See WHY_HELP."""
    with refusals(as_json), _need(number, as_json) as (session, need):
        proofs = _proofs(session, need, _stages(stage, as_json), as_json)
        answers = {proof.stage.name: answer(proof) for proof in proofs}
    if as_json:
        print_json(answers)
        return
    from sanwang.sla_report import show_proofs

    show_proofs(proofs)


def what_if(
    number: Number,
    answered: Annotated[
        str, typer.Option(help="答复时间 when the answer comes, 2026-03-20T10:00", metavar="TIME")
    ],
    as_json: AsJson = False,
) -> None:
    """See WHAT_IF_HELP."""
    from backbone.clock import SystemClock
    from sky_net.needs.deadlines import foretold
    from sky_net.sla.proof_schemas import WhatIfView
    from sky_net.sla.written import read_instant

    with refusals(as_json), _need(number, as_json) as (session, need), named("--answered"):
        at = read_instant(answered)
        found = foretold(session, need, at, now=SystemClock().now())
    if as_json:
        print_json(WhatIfView().dump(found))
        return
    from sanwang.sla_report import show_foretold

    show_foretold(number, found)


def _proofs(session: "Session", need: "Need", stages: Sequence[str], as_json: bool) -> "list[Proof]":
    from backbone.clock import SystemClock
    from backbone.errors import NotFound
    from sky_net.needs.deadlines import card_of

    try:
        return [card_of(session, need, stage, now=SystemClock().now()) for stage in stages]
    except NotFound:
        refuse_by_code(
            "clocks_not_open",
            f"{need.number} 尚未提交，没有期限",
            f"{need.number} was not submitted: it has no deadlines",
            as_json,
        )


def _stages(wanted: list[str] | None, as_json: bool) -> Sequence[str]:
    from sky_net.sla.policy import STAGES

    for stage in wanted or ():
        if stage not in STAGES:
            known = ", ".join(STAGES)
            refuse_by_code(
                "stage_unknown",
                f"没有时限“{stage}”，可用：{known}",
                f"There is no stage '{stage}': {known}",
                as_json,
            )
    return wanted or STAGES


@contextmanager
def _need(number: str, as_json: bool) -> Iterator["tuple[Session, Need]"]:
    """The need as it stands at one instant of the database, without the right to change anything."""
    from sqlalchemy import text

    from backbone.db import Database
    from backbone.errors import NotFound
    from backbone.settings import load_settings
    from sanwang import models  # noqa: F401  # declares every table
    from sanwang.operations import refusals_as_sentences
    from sky_net.needs.deadlines import need_of_number

    url = load_settings().database_url
    if url is None:
        refuse_by_code("database_not_set", "请设置 DATABASE_URL", "Set DATABASE_URL", as_json)
    with refusals_as_sentences(2), closing(Database(url)) as database, database.transaction() as session:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        try:
            need: Any = need_of_number(session, number)
        except NotFound:
            refuse_by_code("need_unknown", f"没有需求 {number}", f"There is no need {number}", as_json)
        yield session, need
