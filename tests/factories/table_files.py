"""Table files for tests: `a_csv(rows, encoding="gbk")`, `an_xlsx(rows)`, and XLSX with something in them that must not be."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter


def a_csv(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    """The rows as Excel would save them."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def an_xlsx(rows: Sequence[Sequence[Any]], **formulas: str) -> bytes:
    """The rows in one sheet; `B2="=1+1"` writes a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, day = book.add_worksheet("线索"), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, place, cell, day)
                elif cell is not None:
                    sheet.write(number, place, cell)
        for place, formula in formulas.items():
            sheet.write_formula(place, formula)
    return out.getvalue()


def with_part(xlsx: bytes, name: str, content: bytes) -> bytes:
    """The same file with a part more, or with another content of a part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()
