"""XLSX row by row: the first sheet that is shown and no sheet of notes, values only.

A file is opened by nobody who cares whether it opens: macros, document types (entities that multiply) and parts that
unpack to more than any table holds are refused before anything of it is parsed. A formula is no value: whatever
Excel showed for it came from elsewhere, so its cell is named instead.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import openpyxl

from backbone.errors import Bilingual
from backbone.files.errors import FileRefused
from backbone.files.kinds import DAMAGED, MACROS, XLSX, kind_of
from backbone.table_files.rows import LONGEST_CELL, MOST_COLUMNS, TOO_LONG, Row, TableRefused, plain

MOST_UNPACKED = 512 * 1024 * 1024
AT_ONCE = 1000
NOTES = "说明"
TOO_BIG = Bilingual("解压后过大，疑似恶意文件", "It unpacks to far more than a table holds")
ENTITIES = Bilingual("文件含 XML 实体声明，不予读取", "It declares XML entities, which is not read")
NO_SHEET = Bilingual("没有可见的工作表", "There is no visible sheet")
FORMULA = Bilingual(
    "是公式：请“选择性粘贴—数值”后再导入", "This is a formula: paste it as a value and import again"
)
BROKEN_VALUE = Bilingual(
    "是错误值（如 #REF!）或无法识别的日期", "An error value such as #REF!, or no date at all"
)
MOST_EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number; whatever was typed after them is gone."""
DIGITS_LOST = Bilingual(
    "按数字保存的单元格只保留 15 位，其后的数字已丢失：请设为“文本”格式后重新填写",
    "A number of more than fifteen digits has lost the others: format the cell as text and enter it again",
)
_CHUNK = 1 << 20
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")


def xlsx_rows(content: bytes) -> Iterator[Row]:
    """Every row of the sheet, the heading first; raises TableRefused, also in the middle where the file is damaged."""
    _require_harmless(content)
    rows = _given(content)
    while True:
        with (
            warnings.catch_warnings()
        ):  # styles and validations that openpyxl does not know are nothing to us
            warnings.simplefilter("ignore")
            try:
                part = [_row(number, cells) for number, cells in islice(rows, AT_ONCE)]
            except (ValueError, KeyError, TypeError, IndexError, SyntaxError, OSError, zipfile.BadZipFile):
                raise TableRefused(DAMAGED) from None
        yield from part
        if len(part) < AT_ONCE:
            return


def _given(content: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible" and sheet.title != NOTES]
    if not shown:
        raise TableRefused(NO_SHEET)
    shown[0].reset_dimensions()  # what a file says of its own size may be a million columns
    yield from enumerate(shown[0].iter_rows(max_col=MOST_COLUMNS), 1)


def _require_harmless(content: bytes) -> None:
    try:
        kind = kind_of(content, "table.xlsx")
    except FileRefused as refusal:
        raise TableRefused(refusal.data["errors"][0]["problem"]) from None
    if kind is not XLSX:
        raise AssertionError("unreachable: the name ends as the kind does")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise TableRefused(TOO_BIG)
            for part in archive.namelist():
                _require_plain(archive, part)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError):
        raise TableRefused(DAMAGED) from None


def _require_plain(archive: zipfile.ZipFile, part: str) -> None:
    """No macros by name or by declared content, and no document type in any XML."""
    name = part.lower()
    if name.endswith(_MACRO_PARTS) or "/macrosheets/" in name:
        raise TableRefused(MACROS)
    if not name.endswith((".xml", ".rels")):
        return
    carried = b""
    with archive.open(part) as opened:
        while chunk := opened.read(_CHUNK):
            window = carried + chunk.replace(b"\0", b"")  # UTF-16 hides the words between its zeros
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise TableRefused(ENTITIES)
            if name == "[content_types].xml" and b"macroenabled" in window.lower():
                raise TableRefused(MACROS)
            carried = window[-16:]


def _row(number: int, cells: tuple[Any, ...]) -> Row:
    texts: list[str | None] = []
    faults: dict[int, Bilingual] = {}
    for column, cell in enumerate(cells):
        if cell.data_type in ("f", "e"):
            faults[column] = FORMULA if cell.data_type == "f" else BROKEN_VALUE
        elif isinstance(cell.value, int | float) and abs(cell.value) >= MOST_EXACT:
            faults[column] = DIGITS_LOST
        text = _text(cell.value)
        if text is not None and len(text) > LONGEST_CELL:
            faults[column] = TOO_LONG
        texts.append(text)
    while texts and texts[-1] is None and len(texts) - 1 not in faults:
        texts.pop()
    return Row(number, tuple(texts), faults)


def _text(value: Any) -> str | None:
    """A value as a person would type it: a whole number without .0, a day without midnight."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return plain(str(value))
