"""CSV row by row, so that a damaged row harms no other: after one whose quotes do not close, reading goes on a line below."""

import csv
from collections.abc import Iterator

from backbone.errors import Bilingual
from backbone.table_files.encodings import DAMAGED, decoded
from backbone.table_files.rows import LONGEST_CELL, MOST_COLUMNS, TOO_LONG, WHOLE_ROW, Row, plain

MOST_LINES = 60
"""Lines that one row may take: an unclosed quote would else swallow the rows below until the next quote anywhere."""
SEPARATORS = (",", "\t", ";", "，", "；")
QUOTES = Bilingual(
    "引号没有成对：单元格含引号时应写成两个引号并整体加引号",
    "The quotes do not pair: a cell that holds one is quoted, and the quote in it doubled",
)
TOO_WIDE = Bilingual(f"超过 {MOST_COLUMNS} 列", f"More than {MOST_COLUMNS} columns")
UNREADABLE = Bilingual(
    "含有无法识别的字符：请检查这一行的编码，重新输入后再导入",
    "Characters in it cannot be read: look at its encoding, type it again and import it",
)


def csv_rows(content: bytes) -> Iterator[Row]:
    """Every row, the heading first, numbered by the line on which it begins; raises TableRefused for what is no text."""
    lines = decoded(content).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = _separator(lines[0])
    at = 0
    while at < len(lines):
        cells, taken = _record(lines, at, separator)
        yield _unreadable(at, lines[at]) if cells is None else _row(at, cells)
        at += taken


def _record(lines: list[str], at: int, separator: str) -> tuple[list[str] | None, int]:
    """The cells that begin on this line and how many lines they take; None, and one line, where its quotes do not pair."""
    if '"' not in lines[at]:
        return lines[at].split(separator), 1
    reader = csv.reader(
        (line + "\n" for line in lines[at : at + MOST_LINES]), delimiter=separator, strict=True
    )
    try:
        return next(reader), reader.line_num
    except csv.Error:
        return None, 1


def _separator(heading: str) -> str:
    """What parts the heading into most columns; the comma where it has only one."""
    return max(SEPARATORS, key=heading.count)


def _row(at: int, given: list[str]) -> Row:
    faults = {
        number: UNREADABLE if DAMAGED in cell else TOO_LONG
        for number, cell in enumerate(given)
        if DAMAGED in cell or len(cell) > LONGEST_CELL
    }
    if any(cell.strip() for cell in given[MOST_COLUMNS:]):
        faults[WHOLE_ROW] = TOO_WIDE
    return Row(at + 1, tuple(plain(cell) for cell in given[:MOST_COLUMNS]), faults)


def _unreadable(at: int, line: str) -> Row:
    return Row(at + 1, (plain(line[:LONGEST_CELL]),), {WHOLE_ROW: QUOTES})
