"""What is wrong with the rows of an import: by page, and as a file of those rows that is corrected and sent again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import SHANGHAI
from backbone.errors import Bilingual
from backbone.pages import Page, read_page
from backbone.table_files.rows import Row
from backbone.tables import Column, Table
from ground_net.leads.imports.columns import COLUMNS, PROBLEM, ROW_NUMBER
from ground_net.leads.imports.errors import KEPT_UNTIL, NOT_TAKEN, FileForgotten
from ground_net.leads.imports.filling_in import Headings
from ground_net.leads.imports.models import LeadImport, LeadImportFault
from ground_net.leads.imports.service import content_of, read_file, show_import

TITLE = Bilingual("待修改", "to be corrected")
TEMPLATE = Bilingual("线索", "leads")
OF_FILE, AS_OF, HOW = (
    Bilingual("原文件", "file"),
    Bilingual("导出时间（北京时间）", "made, Asia/Shanghai"),
    Bilingual("说明", "how"),
)
CORRECT = Bilingual(
    "按“问题”列修改后，整个文件可直接再次导入；已登记的行不会重复。",
    "Correct what the column “problem” names and import the whole file again: rows that were taken are not doubled.",
)
FILL_IN = Bilingual(
    "每行一条线索；标 * 的列必填；时间为北京时间；不要用公式；没有“保存联系方式”的同意时，联系人、电话、邮箱、决策人留空。",
    "One lead a row; columns marked * must be filled in; times are of Asia/Shanghai; no formulas; without consent to keeping "
    "the contact leave contact, telephone, e-mail and decision owner blank.",
)


def list_faults(
    session: Session, actor: Actor, import_id: UUID, asked: Mapping[str, Any]
) -> Page[LeadImportFault]:
    """A page of what is wrong, row by row; raises NotFound."""
    found = show_import(session, actor, import_id)
    query = select(LeadImportFault).where(LeadImportFault.import_id == found.id)
    return read_page(session, query, asked, {"row": LeadImportFault.row_number}, LeadImportFault.id)


def refused_table(session: Session, actor: Actor, import_id: UUID, *, now: datetime) -> Table:
    """The rows that were not taken as they stand in the file, each with what is wrong; raises NotFound, FileForgotten."""
    show_import(session, actor, import_id)
    started, content = content_of(session, import_id)
    if content is None:
        raise FileForgotten.field("import_id", KEPT_UNTIL.format(kept_until=_local(started.kept_until)))
    problems = _problems(session, started)
    table = read_file(content, started.name)
    rest = _not_looked_at(started)
    told = [
        row
        for row in table.rows
        if row.number in problems or (rest is not None and row.number > started.last_row)
    ]
    kept = _places(table.headings, told)
    columns = [Column("said", Bilingual(_title_at(table.headings, place), "")) for place in kept]
    rows = [
        [row.number, problems.get(row.number) or (rest.zh if rest else ""), *_cells(row, kept)]
        for row in told
    ]
    facts = [(OF_FILE, started.name), (AS_OF, _local(now)), (HOW, f"{CORRECT.zh} {CORRECT}")]
    own = [Column("row", ROW_NUMBER), Column("problem", PROBLEM)]
    return Table(f"leads-to-correct-{started.id}", now, TITLE, [*own, *columns], rows, facts)


def template_table(*, now: datetime) -> Table:
    """An empty form; how each column is filled in stands on its second sheet."""
    columns = [
        Column(each.key, _starred(each.heading) if each.required else each.heading) for each in COLUMNS
    ]
    facts = [(each.heading, f"{each.how.zh} {each.how}") for each in COLUMNS]
    return Table("leads-template", now, TEMPLATE, columns, [], [(HOW, f"{FILL_IN.zh} {FILL_IN}"), *facts])


def _problems(session: Session, started: LeadImport) -> dict[int, str]:
    query = (
        select(LeadImportFault).where(LeadImportFault.import_id == started.id).order_by(LeadImportFault.id)
    )
    found: dict[int, list[str]] = {}
    for fault in session.scalars(query):
        where = f"{fault.column}：" if fault.column else ""
        found.setdefault(fault.row_number, []).append(f"{where}{fault.problem_zh} / {fault.problem_en}")
    return {number: "\n".join(lines) for number, lines in found.items()}


def _not_looked_at(started: LeadImport) -> Bilingual | None:
    if started.failure is None:
        return None
    return NOT_TAKEN.format(why=Bilingual(started.failure["zh"], started.failure["en"]))


def _places(headings: Headings, rows: Sequence[Row]) -> list[int]:
    """The columns of the form, and those without a heading in which one of these rows says something."""
    widest = max([len(headings.keys), *(len(row.cells) for row in rows)])
    said = {place for row in rows for place, cell in enumerate(row.cells) if cell is not None}
    return [
        place
        for place in range(widest)
        if (place in said if headings.is_missing(place) else headings.keys[place] is not None)
    ]


def _title_at(headings: Headings, place: int) -> str:
    return "" if headings.is_missing(place) else headings.titles[place]


def _cells(row: Row, kept: Sequence[int]) -> list[str | None]:
    return [row.cells[place] if place < len(row.cells) else None for place in kept]


def _starred(heading: Bilingual) -> Bilingual:
    return Bilingual(f"{heading.zh}*", f"{heading}*")


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
