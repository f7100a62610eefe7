"""Needs and achievements from JSON lines: one object per line with id, title and description.

Accepted: UTF-8 with or without a byte order mark, LF or CRLF, blank lines (skipped, but counted in line numbers),
keys beyond the three (ignored), an id that is a whole number (read as its digits), a description that is absent
or null (read as empty). Everything else is a BadLine: nothing is guessed, repaired or left out silently.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from backbone.errors import Bilingual, Malformed

KEYS = ("id", "title", "description")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BadLine(Malformed):
    """A line that cannot be used: `file`, `line` (from 1) and `problem` (both languages)."""

    code = "bad_line"
    title = Bilingual("输入行有误", "A line of the input cannot be used")
    detail = Bilingual("{file} 第 {line} 行：{problem}", "{file} line {line}: {problem}")
    advice = Bilingual("修改该行后重新运行", "Correct the line and run again")

    def __init__(self, file: Path, line: int, problem: Bilingual) -> None:
        super().__init__(file=str(file), line=line, problem=problem)


@dataclass(frozen=True, slots=True)
class Entry:
    """A need or an achievement; `description` is empty when there is none."""

    id: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class OwnedEntry(Entry):
    """An achievement and the institute that it is of: an id, or a name that serves as one."""

    institute: str


AnEntry = TypeVar("AnEntry", bound=Entry)


class Unusable(Exception):
    """What is wrong with a line, before it is known which one it is."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.problem = Bilingual(zh, en)


def read_entries(path: Path, renames: Mapping[str, str] | None = None) -> list[Entry]:
    """All entries in file order; BadLine for the first line that is wrong, OSError when the file cannot be read.

    `renames` maps one of KEYS to the key that holds it in this file, {"description": "abstract"}; a line without
    that key is read under its own name, so that one mapping serves two files of different make.
    """
    return _read(path, lambda record: _entry(record, renames or {}))


def read_owned_entries(path: Path, owner: str, renames: Mapping[str, str] | None = None) -> list[OwnedEntry]:
    """As `read_entries`, with the institute that the key `owner` holds: text, or a whole number read as its digits."""

    def owned(record: dict[str, Any]) -> OwnedEntry:
        entry = _entry(record, renames or {})
        return OwnedEntry(entry.id, entry.title, entry.description, _name(owner, record.get(owner)))

    return _read(path, owned)


def _read(path: Path, made_of: Callable[[dict[str, Any]], AnEntry]) -> list[AnEntry]:
    entries: list[AnEntry] = []
    seen: dict[str, int] = {}
    for number, line in lines_of(path):
        try:
            entry = made_of(record_of(line))
            if entry.id in seen:
                refuse_line(
                    f"编号 {entry.id!r} 与第 {seen[entry.id]} 行重复",
                    f"id {entry.id!r} repeats line {seen[entry.id]}",
                )
        except Unusable as error:
            raise BadLine(path, number, error.problem) from error
        seen[entry.id] = number
        entries.append(entry)
    return entries


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            content = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
            if content.strip():
                yield number, content


def _entry(record: Mapping[str, Any], renames: Mapping[str, str]) -> Entry:
    values = {key: record[renames[key]] if renames.get(key) in record else record.get(key) for key in KEYS}
    description = "" if values["description"] is None else values["description"]
    return Entry(
        _name("id", values["id"]), _text("title", values["title"]), _text("description", description)
    )


def record_of(line: bytes) -> dict[str, Any]:
    """The JSON object of a line; raises Unusable."""
    try:
        record = json.loads(line.decode("utf-8"), parse_constant=_not_json)
    except UnicodeDecodeError as error:
        refuse_line(f"不是 UTF-8（第 {error.start + 1} 字节）", f"it is not UTF-8 (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        refuse_line(
            f"不是合法 JSON（第 {error.colno} 列）", f"it is not JSON ({error.msg}, column {error.colno})"
        )
    except (ValueError, RecursionError):  # a number of thousands of digits, a thousand brackets
        refuse_line("JSON 中的数字过长或嵌套过深", "its JSON has too long a number or is nested too deeply")
    if not isinstance(record, dict):
        refuse_line("不是 JSON 对象", "it is not a JSON object")
    return record


def _name(key: str, value: object) -> str:
    """What tells one thing from another: text that is not blank, or a whole number as its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    name = _text(key, value)
    if not name.strip():
        refuse_line(f"{key} 为空", f"{key} is empty")
    return name


def _text(key: str, value: object) -> str:
    if value is None:
        refuse_line(f"缺少 {key}", f"{key} is missing")
    if not isinstance(value, str):
        refuse_line(f"{key} 不是文字", f"{key} is not a string")
    if "\0" in value:
        refuse_line(f"{key} 含有 NUL 字符", f"{key} contains a NUL character")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        refuse_line(f"{key} 含有不成对的代理字符", f"{key} contains a lone surrogate")
    return value


def _not_json(name: str) -> NoReturn:
    refuse_line(f"{name} 不是 JSON 值", f"{name} is not a JSON value")


def refuse_line(zh: str, en: str) -> NoReturn:
    """Raise Unusable with this problem."""
    raise Unusable(zh, en)
