"""Tables as files: CSV (RFC 4180, UTF-8 with its mark, so that Excel reads Chinese) and XLSX.

A spreadsheet takes a text that begins with = + - @, a tab or a line break for a formula: names are written by
people, so such a text is told to be one by an apostrophe before it (OWASP, CSV injection). Numbers stay numbers.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping

import xlsxwriter

from backbone.errors import Bilingual
from backbone.http_binary import Download
from backbone.table_files.rows import FORMULAS
from backbone.tables import Cell, Table

CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "\ufeff"
NOTES = "说明"
_ITEM, _VALUE = Bilingual("项目", "item"), Bilingual("内容", "content")


def neutral(cell: Cell) -> Cell:
    """The cell as no spreadsheet takes it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def as_csv(table: Table) -> bytes:
    """The rows under their headings; what the file is about stands in its name and in the XLSX."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.headings)
    writer.writerows([neutral(cell) for cell in row] for row in table.rows)
    return (MARK + out.getvalue()).encode()


def as_xlsx(table: Table) -> bytes:
    """A sheet of rows and a sheet 说明, written row by row: memory does not grow with the table."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": table.at})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(table.title.zh)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(
            [table.headings, *([neutral(cell) for cell in row] for row in table.rows)]
        ):
            sheet.write_row(number, 0, row, None if number else bold)
        notes = book.add_worksheet(NOTES)
        notes.set_column(0, 0, 28)
        notes.set_column(1, 1, 100)
        notes.write_row(0, 0, [f"{_ITEM.zh} {_ITEM}", f"{_VALUE.zh} {_VALUE}"], bold)
        for number, (name, said) in enumerate(table.facts, 1):
            notes.write_row(number, 0, [f"{name.zh} {name}", str(neutral(said))])
    return out.getvalue()


WRITERS: Mapping[str, tuple[str, Callable[[Table], bytes]]] = {"csv": (CSV, as_csv), "xlsx": (XLSX, as_xlsx)}
MEDIA = ("application/json", CSV, XLSX)


def export(table: Table, ending: str) -> Download:
    """The table as a download."""
    media_type, write = WRITERS[ending]
    content = write(table)
    tag = hashlib.sha256(content).hexdigest()
    return Download(
        f"{table.name}.{ending}", media_type, tag, lambda: content, "Accept, Accept-Language, Authorization"
    )
