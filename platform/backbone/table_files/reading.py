"""A table file by its content, whatever it is called: a zip is taken for XLSX, text for CSV."""

from collections.abc import Iterator

from backbone.errors import Bilingual
from backbone.files.kinds import MACROS, OLD_OFFICE
from backbone.table_files.csv_rows import csv_rows
from backbone.table_files.rows import Row, TableRefused
from backbone.table_files.xlsx_rows import xlsx_rows

EMPTY = Bilingual("文件是空的", "The file is empty")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")  # the two letters alone may begin the heading of a CSV
_MACRO_ENDINGS = (".xlsm", ".xlsb", ".xltm", ".xlam")


def read_table(content: bytes, name: str = "") -> Iterator[Row]:
    """Its rows, the heading first and blank ones left out; raises TableRefused, also later where a file is damaged."""
    if not content:
        raise TableRefused(EMPTY)
    if name.lower().endswith(_MACRO_ENDINGS):
        raise TableRefused(MACROS)
    if content.startswith(_OLE):
        raise TableRefused(OLD_OFFICE)
    rows = xlsx_rows(content) if content.startswith(_ZIPS) else csv_rows(content)
    return (row for row in rows if not row.is_blank)
