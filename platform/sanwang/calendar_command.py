"""`sanwang calendar`: load a year's notice or an order, set one date by hand, check what would change, show a year."""

import calendar as months
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanwang.operations import database_url, refusals_as_sentences, refuse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from sky_net.sla.revisions import Move

app = typer.Typer(no_args_is_help=True, help="工作日历 / the working calendar", rich_markup_mode=None)
SHORT_HELP = "工作日历：载入、核对、查看 / load, check and show. 例 Example: sanwang calendar load 2027.yaml"
Zone = Annotated[str | None, typer.Option(help="只用于该区域 / for this region alone, such as 420100")]
COLOURS = {"statutory": "red", "make_up": "yellow", "local_override": "magenta", "seasonal_hours": "cyan",
           "assumed": "dim"}  # fmt: skip


@app.command()
def load(file: Annotated[Path, typer.Argument(help="YAML 或 JSON / the notice")], zone: Zone = None) -> None:
    """载入放假安排或停工令，重算未办结的时钟 / Load a notice; open clocks are read anew under it.

    Example: DATABASE_URL=postgresql://sanwang_app@db/sanwang sanwang calendar load 2027.yaml
    """
    _load(_text_of(file), zone, keep=True)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="YAML 或 JSON / the notice")], zone: Zone = None) -> None:
    """核对会改变哪些期限，不写入 / Say which deadlines a notice would move, and write nothing.

    Example: sanwang calendar check 2027.yaml
    """
    _load(_text_of(file), zone, keep=False)


@app.command(name="set")
def set_date(
    on: Annotated[str, typer.Argument(help="日期 / the date, 2027-07-14")],
    source: Annotated[str, typer.Option(help="依据的文件 / the order it rests on")],
    off: Annotated[
        bool | None, typer.Option("--off/--open", help="停工（默认）/ off (default), or worked")
    ] = None,
    hours: Annotated[
        str | None, typer.Option(help="当天作息，即上班 / its hours, so worked: 13:30-17:30")
    ] = None,
    name: Annotated[str, typer.Option(help="名称 / what it is called")] = "",
    zone: Zone = None,
) -> None:
    """手工设定一天 / Set one date by hand, such as a typhoon day.

    Example: sanwang calendar set 2027-07-14 --off --name 台风停工 --source 市防指通告第3号 --zone 420100
    """
    import json

    if off and hours is not None:
        refuse(
            "停工日没有作息，--off 与 --hours 只能用一个 / a day off has no hours: give --off or --hours, not both",
            2,
        )
    row: dict[str, object] = {"date": on, "kind": "closed", "name": name or "停工"}
    if hours is not None:
        row |= {
            "kind": "open",
            "name": name or "调整作息",
            "hours": [part.strip() for part in hours.split(",")],
        }
    elif off is False:
        row |= {"kind": "open", "name": name or "开工"}
    _load(json.dumps({"source": source, "rows": [row]}, ensure_ascii=False), zone, keep=True)


@app.command()
def show(
    year: Annotated[int, typer.Option(help="年份 / the year")],
    zone: Zone = None,
) -> None:
    """按月显示一年 / Show a year month by month; colours say why a date is what it is.

    Example: sanwang calendar show --year 2026
    """
    from rich.columns import Columns
    from rich.console import Console
    from rich.table import Table

    from backbone.directory.regions import HUBEI
    from backbone.settings import load_settings
    from sky_net.sla.calendar import published_calendar
    from sky_net.sla.calendars.in_use import calendar_for
    from sky_net.sla.refusals import spoken

    check_zone(zone)
    with refusals_as_sentences(2), spoken():
        shown = published_calendar()
        if load_settings().database_url is not None:
            with open_session() as session:
                shown = calendar_for(session, zone or HUBEI)
        tables = []
        for month in range(1, 13):
            table = Table(title=f"{year}-{month:02d}", box=None, padding=(0, 1))
            for heading in "一二三四五六日":
                table.add_column(heading, justify="right")
            for week in months.Calendar().monthdatescalendar(year, month):
                table.add_row(*[_cell(shown.day(on)) if on.month == month else "" for on in week])
            tables.append(table)
        console = Console()
        console.print(f"[bold]{shown.version}[/]  已公布至 published through {shown.horizon}")
        console.print(Columns(tables, equal=True))
        console.print(
            "红 red 放假 off · 黄 yellow 调休上班 make-up · 紫 magenta 本地 order · 青 cyan 作息 hours · 灰 dim 暂定 assumed"
        )


def _cell(day: object) -> str:
    colour = COLOURS.get(str(day.origin), "")  # type: ignore[attr-defined]
    number = f"{day.on.day}" if day.is_workday else f"({day.on.day})"  # type: ignore[attr-defined]
    return f"[{colour}]{number}[/]" if colour else number


def _text_of(file: Path) -> str:
    from sky_net.sla.notice_file import text_of

    try:
        return text_of(file)
    except (OSError, UnicodeDecodeError) as trouble:
        refuse(f"无法读取 {file} / cannot read {file}: {trouble}", 2)


def _load(text: str, zone: str | None, *, keep: bool) -> None:
    from backbone.actor import PROVINCE, Role, actor_with
    from backbone.clock import SystemClock
    from sky_net.sla.calendars.models import EVERYWHERE
    from sky_net.sla.calendars.service import load_text

    check_zone(zone)
    operations = actor_with((Role.ADMINISTRATOR, PROVINCE), name="operations")
    with refusals_as_sentences(2), open_session(keep=keep) as session:
        loaded = load_text(session, operations, text, key=zone or EVERYWHERE, now=SystemClock().now())
    show_moves(loaded.moves)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    if loaded.version is None:
        typer.echo(f"此前已载入，未作改变 / loaded before, nothing changed ({digest})")
    elif keep:
        typer.echo(f"已载入 / loaded: {loaded.version.name} ({digest})；期限变动 moved: {len(loaded.moves)}")
    else:
        typer.echo(f"仅核对，未写入 / checked, nothing written；期限会变动 would move: {len(loaded.moves)}")


def check_zone(zone: str | None) -> None:
    """Refuse, with 2, a code that is no region of the province."""
    from backbone.directory.regions import is_region

    if zone is not None and not is_region(zone):
        refuse(f"没有区域 {zone} / there is no region {zone}", 2)


def show_moves(moves: Sequence["Move"]) -> None:
    """Print the clocks that a revision moved, up to two hundred of them."""
    from rich.console import Console
    from rich.table import Column, Table

    if not moves:
        return
    table = Table(
        Column("需求 need", min_width=14, no_wrap=True), Column("时限 stage", no_wrap=True),
        Column("原期限 was", min_width=11, no_wrap=True), Column("新期限 is", min_width=11, no_wrap=True), "原状态", "新状态",
        title="期限变动 / moved",
    )  # fmt: skip
    for move in moves[:200]:
        states = (move.state_before, move.state_after + (" *" if move.kept_breached else ""))
        table.add_row(
            move.subject_number, move.stage, _moment(move.due_before), _moment(move.due_after), *states
        )
    Console().print(table)


def _moment(at: datetime | None) -> str:
    from backbone.clock import SHANGHAI

    return "—" if at is None else at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


class _NotKept(Exception):
    """Ends a transaction that was only to see what it would do."""


@contextmanager
def open_session(*, keep: bool = False) -> Iterator["Session"]:
    """A transaction on DATABASE_URL that is kept only where asked."""
    from backbone.db import Database
    from backbone.settings import load_settings
    from sanwang import models  # noqa: F401  # tables refer to each other: all of them, or none
    from sanwang.app import configure_keys

    settings = load_settings()
    url = database_url(settings, 2)
    configure_keys(settings)
    database = Database(url)
    try:
        with suppress(_NotKept), database.transaction() as session:
            yield session
            if not keep:
                raise _NotKept
    finally:
        database.close()
