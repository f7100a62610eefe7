"""`sanwang lead`: an empty form for leads, and a filled one imported or only checked, with every broken row named.

Everything heavy is imported inside the commands, so that `--help` stays quick.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanwang.operations import database_url, refusals_as_sentences, refuse

if TYPE_CHECKING:
    from backbone.actor import Actor
    from backbone.db import Database
    from ground_net.leads.imports.models import LeadImport

SHORT_HELP = "线索：模板、导入 / leads: the form, imports. 例 Example: sanwang lead import 线索.xlsx --node K"
UNUSABLE_INPUT, SOME_REFUSED = 2, 1
MOST_SHOWN = 200

app = typer.Typer(no_args_is_help=True, help="线索 / leads mined offline", rich_markup_mode=None)


@app.command()
def template(
    out: Annotated[Path, typer.Argument(help="写入的 .xlsx 或 .csv / the file to write", metavar="OUT.xlsx")],
) -> None:
    """写出空白线索表，填写说明在第二张工作表 / Write an empty form; how to fill it in stands on its second sheet.

    Example: sanwang lead template 线索.xlsx
    """
    from backbone.clock import SystemClock
    from backbone.spreadsheets import WRITERS
    from ground_net.leads.imports.refused import template_table

    ending = out.suffix.lower().removeprefix(".")
    if ending not in WRITERS:
        refuse(f"{out} 应以 .xlsx 或 .csv 结尾 / {out} should end in .xlsx or .csv", UNUSABLE_INPUT)
    if out.exists():
        refuse(f"{out} 已存在，不会覆盖 / {out} exists and is not overwritten", UNUSABLE_INPUT)
    out.write_bytes(WRITERS[ending][1](template_table(now=SystemClock().now())))
    typer.echo(f"已写出 / written: {out}")


@app.command(name="import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX / the filled form", metavar="FILE")],
    node: Annotated[str, typer.Option(help="节点编码 / the node's key")],
    check: Annotated[
        bool, typer.Option("--check", help="只检查，不登记 / say what is wrong and take nothing")
    ] = False,
    refused: Annotated[
        Path | None,
        typer.Option(help="把待修改的行写入此文件 / write the rows to be corrected here", metavar="OUT.xlsx"),
    ] = None,
) -> None:
    """导入线索；有行待修改时退出码 1，文件或节点不可用时 2 / Import leads; exit status 1 where rows were refused, 2 for an unusable file.

    Good rows are taken at once; a file that is sent again doubles nothing.

    Example: DATABASE_URL=postgresql://sanwang_app@db/sanwang sanwang lead import 线索.xlsx --node HB-1-3 --check
    """
    try:
        content = file.read_bytes()
    except OSError as trouble:
        refuse(f"无法读取 {file} / cannot read {file}: {trouble}", UNUSABLE_INPUT)
    with refusals_as_sentences(UNUSABLE_INPUT), _database() as database:
        started = _imported(database, content, file.name, node, only_check=check)
        _show(database, started)
        if refused is not None and (started.refused or started.failure):
            _write_refused(database, started, refused)
    if started.failure is not None:
        refuse(f"{started.failure['zh']} / {started.failure['en']}", UNUSABLE_INPUT)
    if started.refused:
        raise typer.Exit(SOME_REFUSED)


@contextmanager
def _database() -> Iterator["Database"]:
    from backbone.db import Database
    from backbone.settings import load_settings
    from sanwang import features  # noqa: F401  # what leads tell the rest of the platform
    from sanwang.app import configure_keys

    settings = load_settings()
    url = database_url(settings, UNUSABLE_INPUT)
    configure_keys(settings)
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def _operations() -> "Actor":
    from backbone.actor import PROVINCE, Role, actor_with

    return actor_with((Role.OPERATOR, PROVINCE), name="operations")


def _imported(
    database: "Database", content: bytes, name: str, node: str, *, only_check: bool
) -> "LeadImport":
    """As the job does it, a part per transaction, with a progress bar while somebody looks."""
    from backbone.clock import SystemClock
    from ground_net.leads.imports import service
    from sanwang.entry_files import shown

    clock, actor = SystemClock(), _operations()
    table = service.read_file(content, name)
    told: dict[str, Any] = {"node_key": node, "name": name, "only_check": only_check}
    with database.transaction() as session:
        started = service.start_import(session, actor, content, **told, now=clock.now())
    parts = list(service.parts_of(table)) or [()]
    with shown("线索 leads", parts, len(parts)) as following:
        for rows in following:
            with database.transaction() as session:
                started = service.take_part(session, actor, started.id, table, rows, now=clock.now())
            if started.ended_at is not None:
                break
    return started


def _show(database: "Database", started: "LeadImport") -> None:
    from rich.console import Console
    from rich.table import Table
    from sqlalchemy import select

    from ground_net.leads.imports.models import LeadImportFault

    with database.transaction() as session:
        query = select(LeadImportFault).where(LeadImportFault.import_id == started.id)
        faults = session.scalars(query.order_by(LeadImportFault.id).limit(MOST_SHOWN)).all()
    if faults:
        table = Table("行 row", "列 column", "问题 problem", title="待修改 / to be corrected")
        for fault in faults:
            table.add_row(
                str(fault.row_number), fault.column or "", f"{fault.problem_zh}\n{fault.problem_en}"
            )
        Console().print(table)
    taken = "可登记 could be taken" if started.only_check else "已登记 taken"
    typer.echo(
        f"{taken} {started.taken} · 此前已登记 known {started.known} · 待修改 refused {started.refused}"
    )


def _write_refused(database: "Database", started: "LeadImport", out: Path) -> None:
    from backbone.clock import SystemClock
    from backbone.spreadsheets import WRITERS
    from ground_net.leads.imports.refused import refused_table

    ending = out.suffix.lower().removeprefix(".")
    if ending not in WRITERS:
        refuse(f"{out} 应以 .xlsx 或 .csv 结尾 / {out} should end in .xlsx or .csv", UNUSABLE_INPUT)
    with database.transaction() as session:
        table = refused_table(session, _operations(), started.id, now=SystemClock().now())
    out.write_bytes(WRITERS[ending][1](table))
    typer.echo(f"待修改的行 / rows to be corrected: {out}")
