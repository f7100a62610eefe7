"""`sanwang fund round`: one round of the database, application by application, with what its newest selection gave each."""

import json
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:  # the solver is loaded when the command runs
    from sqlalchemy.orm import Session

    from finance_net.grants.applications.models import GrantApplication
    from finance_net.grants.models import GrantRound
    from finance_net.grants.selections.models import GrantSelection
    from finance_net.rounds.explaining import WhyNot

NOT_SHOWN = 2
SHORT_HELP = "查看一个申报批次 / one round of grants. 例 Example: sanwang fund round PC-2026-0001 --why"
HELP = """申报批次一览：每项申报的状态、得分、申请额与最近一次遴选给出的金额；--why 说明为何未入选（取已算出的说明，尚未算出的当场求解）。
One round of grants: each application with its state, score, what it asks for and what the newest selection gave it; with --why
what funding each other would cost, as it is kept, or solved here where the jobs have not come to it yet.

未能查看时退出码 2。Exit status 2 when it could not be looked at.

例 Example:

  sanwang fund round PC-2026-0001 --why
"""
GREEN, DIM = "green", "dim"


@dataclass(frozen=True)
class Line:
    """One application; `amount_fen` None where the newest selection did not fund it, `why` None where nobody asked."""

    row: "GrantApplication"
    amount_fen: int | None
    why: "WhyNot | None"


def show_round(
    number: Annotated[str, typer.Argument(help="批次编号 the number of the round", metavar="NUMBER")],
    why: Annotated[
        bool, typer.Option("--why", help="说明为何未入选 / tell why others are not funded")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """See HELP."""
    from backbone.db import Database
    from backbone.settings import load_settings
    from sanwang import models  # noqa: F401  # rounds refer to funds, and these to accounts
    from sanwang.operations import database_url, refusals_as_sentences

    settings = load_settings()
    url = database_url(settings, NOT_SHOWN)
    with (
        refusals_as_sentences(NOT_SHOWN),
        closing(Database(url)) as database,
        database.transaction() as session,
    ):
        call, selection = _found(session, number)
        lines = _lines(session, call, selection, why=why)
        if as_json:
            typer.echo(json.dumps(_as_json(call, selection, lines), ensure_ascii=False))
        else:
            _show(call, selection, lines, why=why)


def _found(session: "Session", number: str) -> tuple["GrantRound", "GrantSelection | None"]:
    from sqlalchemy import select

    from finance_net.grants.models import GrantRound
    from finance_net.grants.selections.models import GrantSelection
    from finance_net.grants.selections.reading import latest_of
    from sanwang.operations import refuse

    call = session.scalar(select(GrantRound).where(GrantRound.number == number))
    if call is None:
        refuse(f"没有编号为 {number} 的批次 / There is no round with the number {number}", NOT_SHOWN)
    newest = latest_of(session, call.id)
    return call, None if newest is None else session.get_one(GrantSelection, newest)


def _lines(
    session: "Session", call: "GrantRound", selection: "GrantSelection | None", *, why: bool
) -> list[Line]:
    """The best first; drafts are nobody's business yet."""
    from rich.console import Console
    from rich.progress import track

    from finance_net.grants.applications.reading import of_round
    from finance_net.grants.explanations.reading import kept_of
    from finance_net.grants.life import APPLICATION
    from finance_net.grants.selections.modelling import read
    from finance_net.grants.selections.reading import result_of
    from finance_net.rounds.explaining import why_not

    rows = of_round(session, call.id, *(each for each in APPLICATION.states if each != APPLICATION.first))
    rows.sort(key=lambda row: (-(row.score or 0), row.number))
    if selection is None:
        return [Line(row, None, None) for row in rows]
    asked, found = read(bytes(selection.model)), result_of(selection)
    open_to = {each.id for each in asked.applications} - found.amounts.keys()
    wanted = [row.number for row in rows if row.number in open_to] if why and not found.conflict else []
    console = Console(stderr=True)
    told = kept_of(session, selection.id) if wanted else {}
    missing = [each for each in wanted if each not in told]
    told |= {each: why_not(asked, found, each) for each in track(missing, "求解 Solving", console=console)}
    return [Line(row, found.amounts.get(row.number), told.get(row.number)) for row in rows]


def _as_json(call: "GrantRound", selection: "GrantSelection | None", lines: list[Line]) -> dict[str, Any]:
    applications = [
        {name: getattr(line.row, name) for name in ("number", "title", "category", "state", "score", "least_fen", "asked_fen")}
        | {"amount_fen": line.amount_fen, "why_not": line.why and _why_json(line.why)}
        for line in lines
    ]  # fmt: skip
    said = {"number": call.number, "title": call.title, "state": call.state, "applications": applications}
    return said | {
        "selection": selection and {"status": selection.status, "model_sha256": selection.model_sha256}
    }


def _why_json(why: "WhyNot") -> dict[str, Any]:
    lists = {name: list(getattr(why, name)) for name in ("displaced", "joining", "conflict")}
    return {"score_lost": why.score_lost, "cut_fen": dict(why.cut_fen)} | lists


def _show(call: "GrantRound", selection: "GrantSelection | None", lines: list[Line], *, why: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from finance_net.grants.life import APPLICATION, ROUND
    from finance_net.grants.selections.reading import result_of

    console = Console(highlight=False, emoji=False)
    state = ROUND.words[call.state]
    table = Table(title=Text(f"{call.number} {call.title} · {state.zh} {state}"))
    for heading in ("编号 number", "项目 title", "类别 category", "状态 state"):
        table.add_column(heading)
    for heading in ("得分 score", "申请（元）asked", "入选（元）given"):
        table.add_column(heading, justify="right")
    if why:
        table.add_column("为何未入选 why not")
    for line in lines:
        row, words = line.row, APPLICATION.words[line.row.state]
        cells = (
            row.number, row.title, row.category, f"{words.zh} {words}", "" if row.score is None else f"{row.score / 100:.2f}",
            _yuan(row.asked_fen), _yuan(line.amount_fen), *([_why_words(line.why)] if why else []),
        )  # fmt: skip
        table.add_row(*map(Text, cells), style=DIM if line.amount_fen is None else GREEN)
    console.print(table)
    if selection is not None and (conflict := result_of(selection).conflict):
        console.print(f"遴选无解 No selection keeps all of these: {', '.join(conflict)}", markup=False)


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen / 100:,.2f}"


def _why_words(why: "WhyNot | None") -> str:
    if why is None:
        return ""
    if why.conflict:
        return f"受限 ruled out: {', '.join(why.conflict)}"
    parts = [f"得分少 score lost {why.score_lost / 100:.2f}"]
    parts += [f"替下 displaces {', '.join(why.displaced)}"] if why.displaced else []
    parts += [f"减少 less for {', '.join(why.cut_fen)}"] if why.cut_fen else []
    return "；".join(parts)
