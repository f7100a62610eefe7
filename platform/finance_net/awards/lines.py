"""A bank's table line by line: columns by their headings, every cell read strictly, every problem with its line and column."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backbone.errors import Bilingual
from backbone.fields import EARLIEST, LARGEST, LATEST, UNSTORABLE
from backbone.money import yuan as said_yuan
from backbone.table_files.reading import read_table
from backbone.table_files.rows import WHOLE_ROW, Row, TableRefused
from finance_net.awards.errors import LinesRefused

MOST_LINES = 20_000
MOST_BYTES = 8 * 1024 * 1024
NO_LINES = Bilingual("文件只有标题行，没有数据行", "There are no lines below the headings")
TOO_MANY = Bilingual(
    "共 {count} 行，最多 {most} 行：请分成几份", "{count} lines, at most {most}: split the file"
)
UNKNOWN = Bilingual(
    "第 1 行有不认识的列标题：{unknown}；应为：{known}",
    "The first line has unknown headings: {unknown}; they are: {known}",
)
LACKING = Bilingual("第 1 行缺少列：{columns}", "The first line lacks the columns: {columns}")
TWICE = Bilingual("列“{column}”出现两次", "The column “{column}” comes twice")
EXTRA = Bilingual("有单元格不在任何列标题之下", "A cell stands below no heading")
BLANK = Bilingual("不能为空", "May not be blank")
NOT_YUAN = Bilingual(
    "“{text}”不是金额：以元为单位，半角数字，最多两位小数，无千分位与负号，如 1234.50",
    "“{text}” is no amount: yuan in ASCII digits with at most two decimals, no separators and no sign, as 1234.50",
)
TOO_MUCH = Bilingual(
    "“{text}”超出可记录的金额（0.01 元至 {most} 元）",
    "“{text}” is beyond what can be booked (0.01 to {most} yuan)",
)
NOT_DAY = Bilingual("“{text}”不是日期：写作 2026-03-09", "“{text}” is no date: write it 2026-03-09")
NOT_TEXT = Bilingual("最多 {most} 个可见字符", "At most {most} printable characters")
LOST = Bilingual(
    "“{text}”是电子表格缩写的数字，末尾各位已丢失：请将该列设为“文本”格式后重新填写",
    "“{text}” is a number that a spreadsheet shortened, its last digits are gone: format the column as text and enter it again",
)
_SHORTENED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]+")
_YUAN = re.compile(r"([0-9]{1,20})(?:\.([0-9]{1,2}))?")
Reader = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """One column: how its heading may be spelled, how a cell is read (a Bilingual is what is wrong), whether it may be blank."""

    key: str
    headings: tuple[str, ...]
    read: Reader
    may_be_blank: bool = False


@dataclass
class Line:
    """One line: its number as a spreadsheet shows it, and its values by column."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)

    def problem(self, column: str, problem: Bilingual) -> dict[str, Any]:
        """What is wrong with this line, as `errors` of a refusal says it."""
        return {"field": f"line {self.number}: {column}", "problem": problem}


def read_lines(
    content: bytes, columns: Sequence[Column], *, most: int = MOST_LINES, least: int = 1
) -> list[Line]:
    """All lines of the file, at most and at least so many; raises TableRefused for what is no such table, LinesRefused for cells that cannot be read."""
    rows = list(read_table(content))
    if not rows:
        raise TableRefused(NO_LINES)
    keys = _keys(rows[0], columns)
    if len(rows) - 1 < least:
        raise TableRefused(NO_LINES)
    if len(rows) - 1 > most:
        raise TableRefused(TOO_MANY.format(count=len(rows) - 1, most=most))
    by_key, problems, lines = {each.key: each for each in columns}, [], []
    for row in rows[1:]:
        line = Line(row.number)
        problems += _fill(line, row, keys, by_key)
        lines.append(line)
    if problems:
        raise LinesRefused(problems)
    return lines


def twice_among(lines: Iterable[Line], column: str, problem: Bilingual) -> list[dict[str, Any]]:
    """A problem for each line that repeats a value of an earlier one."""
    seen: dict[Any, int] = {}
    found = []
    for line in lines:
        value = line.values.get(column)
        if value is not None and value in seen:
            found.append(line.problem(column, problem.format(value=value, line=seen[value])))
        seen.setdefault(value, line.number)
    return found


def yuan(text: str) -> int | Bilingual:
    """Fen, of an amount written in yuan."""
    found = _YUAN.fullmatch(text)
    if found is None:
        return NOT_YUAN.format(text=text[:40])
    fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return fen if 1 <= fen <= LARGEST else TOO_MUCH.format(text=text[:40], most=said_yuan(LARGEST))


def day(text: str) -> date | Bilingual:
    """A calendar date."""
    wrong = NOT_DAY.format(text=text[:40])
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return wrong
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return wrong
    return found if EARLIEST <= found <= LATEST else wrong


def words(most: int) -> Reader:
    """A text of at most so many characters, and no number whose last digits a spreadsheet has dropped."""

    def read(text: str) -> str | Bilingual:
        if _SHORTENED.fullmatch(text):
            return LOST.format(text=text[:40])
        return text if len(text) <= most and not UNSTORABLE.search(text) else NOT_TEXT.format(most=most)

    return read


def one_of(spellings: Mapping[str, str]) -> Reader:
    """A word of a closed list, however it is spelled there."""
    known = ", ".join(spellings)
    wrong = Bilingual("“{text}”应为其中之一：{known}", "“{text}” is none of: {known}")
    return lambda text: spellings.get(text.lower()) or wrong.format(text=text[:40], known=known)


def _keys(heading: Row, columns: Sequence[Column]) -> list[str | None]:
    spelled = {name: each.key for each in columns for name in each.headings}
    titles = [(cell or "").strip() for cell in heading.cells]
    keys = [spelled.get(title.lower()) for title in titles]
    unknown = [title for title, key in zip(titles, keys, strict=True) if title and key is None]
    if unknown or heading.faults:
        known = "、".join("/".join(each.headings) for each in columns)
        raise TableRefused(UNKNOWN.format(unknown="、".join(unknown[:10])[:200], known=known))
    for each in columns:
        if keys.count(each.key) > 1:
            raise TableRefused(TWICE.format(column=each.headings[0]))
    lacking = ["/".join(each.headings) for each in columns if each.key not in keys]
    if lacking:
        raise TableRefused(LACKING.format(columns="、".join(lacking)))
    return keys


def _fill(
    line: Line, row: Row, keys: Sequence[str | None], columns: Mapping[str, Column]
) -> list[dict[str, Any]]:
    problems = [
        line.problem("(row)" if place == WHOLE_ROW or place >= len(keys) else str(keys[place]), fault)
        for place, fault in row.faults.items()
    ]
    if problems:
        return problems
    cells = dict(zip(keys, row.cells, strict=False))
    headed = [*keys, *[None] * (len(row.cells) - len(keys))]
    if any(cell for key, cell in zip(headed, row.cells, strict=False) if key is None):
        problems.append(line.problem("(row)", EXTRA))
    for key, column in columns.items():
        text = cells.get(key)
        if text is None:
            if not column.may_be_blank:
                problems.append(line.problem(key, BLANK))
            line.values[key] = None
            continue
        value = column.read(text)
        if isinstance(value, Bilingual):
            problems.append(line.problem(key, value))
        line.values[key] = value
    return problems
