"""`sanwang fund case`: the story of one application for money, and its sealed export with the script that verifies it."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_SHOWN = 2
SHORT_HELP = "个案全程与封存导出 / the story of one case. 例 Example: sanwang fund case SB-2026-000001"
HELP = """个案全程：资格凭据、遴选证书、公示、立项、付款、成效，逐步核对摘要与链；可导出封存文件与核验脚本。
The story of one application: receipt, certificate, announcement, award, payments, effects, each held against its hash and the
chain; exported, a sealed file and the script with which an auditor verifies it without this platform.

完好时退出码 0，有改动 1，未能查看 2。
Exit status 0 when intact, 1 when something was changed, 2 when it could not be looked at.

例 Example:

  sanwang fund case SB-2026-000001 --export ./audit

  python ./audit/check_case.py ./audit/SB-2026-000001.json --key heads.pub
"""


def show_case(
    number: Annotated[str, typer.Argument(help="个案编号 the number of the case", metavar="NUMBER")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    export: Annotated[
        Path | None, typer.Option(help="导出到该目录 / the folder to export to", metavar="FOLDER")
    ] = None,
) -> None:
    """See HELP."""
    from sanwang.operations import refusals_as_sentences

    with refusals_as_sentences(NOT_SHOWN):
        view = _looked_at(number, export)
    if as_json:
        typer.echo(json.dumps(_as_json(view), ensure_ascii=False))
    else:
        _show(view, export)
    raise typer.Exit(0 if all(step["is_whole"] for step in view["steps"]) else 1)


def _looked_at(number: str, export: Path | None) -> dict[str, Any]:
    from sqlalchemy import select

    from backbone.db import Database
    from backbone.settings import load_settings
    from finance_net.cases.models import FundCase
    from finance_net.cases.reading import case_view
    from sanwang import models  # noqa: F401  # cases refer to funds, and these to accounts
    from sanwang.operations import database_url, refuse

    settings = load_settings()
    url = database_url(settings, NOT_SHOWN)
    with closing(Database(url)) as database, database.transaction() as session:
        case = session.scalar(select(FundCase).where(FundCase.number == number))
        if case is None:
            refuse(f"没有编号为 {number} 的个案 / There is no case with the number {number}", NOT_SHOWN)
        if export is not None:
            _export(session, case, export, settings.audit_heads_dir)
        return case_view(session, case)


def _export(session: "Session", case: Any, folder: Path, heads: Path | None) -> None:
    from finance_net.cases import check_case, exporting

    said = exporting.sealed(session, case, heads)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{case.number}.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")
    shutil.copyfile(check_case.__file__, folder / "check_case.py")


def _as_json(view: dict[str, Any]) -> dict[str, Any]:
    case = view["case"]
    steps = [
        {name: step[name] for name in ("ordinal", "kind", "amount_fen", "sha256", "position", "is_whole")}
        | {"happened_on": step["happened_on"].isoformat(), "content": json.loads(step["content"])}
        for step in view["steps"]
    ]
    return {
        "number": case.number,
        "title": case.title,
        "category": case.category,
        "year": case.year,
        "steps": steps,
    }


def _show(view: dict[str, Any], export: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from backbone.money import yuan

    console, case = Console(highlight=False, emoji=False), view["case"]
    table = Table(title=Text(f"{case.number} {case.title}"))
    for heading in (
        "步 #",
        "日期 on",
        "事项 what",
        "金额（元）yuan",
        "链位 position",
        "摘要 digest",
        "核对 check",
    ):
        table.add_column(heading, justify="right" if heading.startswith(("步", "金额", "链位")) else "left")
    for step in view["steps"]:
        is_whole, amount = step["is_whole"], step["amount_fen"]
        table.add_row(
            str(step["ordinal"]), step["happened_on"].isoformat(), f"{step['title'].zh} {step['title']}",
            "" if amount is None else yuan(amount), str(step["position"] or "待封 waiting"), step["sha256"][:16],
            "完好 whole" if is_whole else "被改动 changed", style=None if is_whole else "bold red",
        )  # fmt: skip
    console.print(table)
    if export is not None:
        console.print(f"已导出 / exported: {export / case.number}.json, {export / 'check_case.py'}")
