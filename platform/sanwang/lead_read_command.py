"""`sanwang lead read`: what the extractor proposes for the words of one visit, without a server or a database."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backbone.money import FEN_PER_WAN
from sanwang.operations import refuse

if TYPE_CHECKING:  # the tables of words are read when the command runs, not when help is asked for
    from rich.table import Table

    from ground_net.leads.extraction.fields import Evidence, ProposedFields

UNUSABLE_INPUT = 2
MOST_BYTES = 1_000_000


def register(leads: typer.Typer) -> None:
    """Add the command to the group `lead`."""
    leads.command("read")(read)


def read(
    file: Annotated[
        Path, typer.Argument(help="走访记录，UTF-8 文本 / the note, UTF-8 text", metavar="FILE.txt")
    ],
    visited_on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="走访日期，缺省为今天 / day of the visit, today by default",
            metavar="DATE",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """从走访记录读出字段供人确认；读不出的留空，不猜 / Propose fields of a visit note for a person to confirm; what the words do not fix stays open.

    Example: sanwang lead read 走访.txt --visited-on 2026-05-12
    """
    from rich.console import Console

    from backbone.clock import SystemClock, local_date
    from ground_net.leads.extraction.answering import as_answers
    from ground_net.leads.extraction.proposing import proposed_fields

    day = visited_on.date() if visited_on else local_date(SystemClock().now())
    text = _text_of(file)
    found = proposed_fields(text, day)
    if as_json:
        fields, read_from = as_answers(found)
        said = {
            "visited_on": day.isoformat(),
            "fields": fields,
            "read_from": read_from,
            "decision_owner_said": found.decision_owner_said,
        }
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    console.print(text, markup=False)
    console.print(_table(found))


def _text_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        refuse(f"不能读取 {file}：{error.strerror} / cannot read {file}: {error.strerror}", UNUSABLE_INPUT)
    except UnicodeDecodeError:
        refuse(f"{file} 不是 UTF-8 文本 / {file} is not UTF-8 text", UNUSABLE_INPUT)


def _table(found: "ProposedFields") -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(title="待确认 / to be confirmed")
    for heading in ("字段 / field", "读出 / proposed", "原话 / read from"):
        table.add_column(heading, overflow="fold")
    for name, value, said in _rows(found):
        table.add_row(Text(name), Text(value or "—"), Text("；".join(each.words for each in said if each)))
    return table


def _rows(found: "ProposedFields") -> "list[tuple[str, str | None, list[Evidence | None]]]":
    from backbone.directory.industries import industry_label
    from ground_net.leads.extraction.answering import value_said

    rows: list[tuple[str, str | None, list[Evidence | None]]] = [
        ("行业 / industry", found.industry and industry_label(found.industry).zh, [*found.industry_evidence])
    ]
    for each in found.indicators:
        kind = "现状 / now" if each.kind == "now" else "目标 / target"
        rows.append(
            (f"{kind}: {each.name}", f"{value_said(each)} {each.unit or ''}".strip(), [each.evidence])
        )
    trl = found.trl and "–".join(dict.fromkeys(map(str, found.trl)))
    decider = "已说明 / said" if found.decision_owner_said else None
    return [
        *rows,
        ("成熟度 / TRL", trl, [found.trl_evidence]),
        ("预算（万元）/ budget, 10k yuan", _budget(found), [found.budget_evidence]),
        (
            "期望完成 / wanted by",
            found.deadline.isoformat() if found.deadline else None,
            [found.deadline_evidence],
        ),
        ("决策人 / who decides", decider, [found.decision_owner_evidence]),
        ("已尝试 / tried", found.tried, [found.tried_evidence]),
    ]


def _budget(found: "ProposedFields") -> str | None:
    if found.budget_fen is None:
        return None
    low, high = ("" if end is None else f"{end / FEN_PER_WAN:g}" for end in found.budget_fen)
    return low if low == high else f"{low}–{high}"
