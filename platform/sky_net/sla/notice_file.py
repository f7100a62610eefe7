"""YAML or JSON whose every value still knows its line, so that a fault in a notice can be found by whoever wrote it."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NoReturn

import yaml

from sky_net.sla.calendar import Segments
from sky_net.sla.errors import CalendarInvalid

_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = re.compile(r"(19|20|21)\d{2}")
_NULL = "tag:yaml.org,2002:null"
MOST_BYTES = 1_000_000
_MIDNIGHT = 24 * 60


class NoticeInvalid(CalendarInvalid):
    """A file that is no notice; ``line`` counts from 1, ``field`` is the path inside it, such as ``rows[2].date``."""

    code = "notice_invalid"

    def __init__(self, line: int, field: str, zh: str, en: str) -> None:
        super().__init__(f"第 {line} 行 {field}:{zh}。", f"Line {line}, {field}: {en}.")
        self.line, self.field = line, field


class Fields:
    """One mapping of the file: each value read as what it must be, or refused with its line and path."""

    def __init__(self, node: yaml.Node | None, path: str) -> None:
        self.path = path
        self.line = node.start_mark.line + 1 if node is not None else 1
        self._values: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            raise NoticeInvalid(self.line, path or "(top)", "须为键值表", "must be a mapping")
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in self._values:
                raise NoticeInvalid(line, self._named(name), "重复出现", "is given twice")
            self._values[name] = value

    def __contains__(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return name in self._values and self._values[name].tag != _NULL

    def fault(self, name: str, zh: str, en: str) -> NoReturn:
        """Refuse a field where it stands, or the mapping where it is missing."""
        node = self._values.get(name)
        line = self.line if node is None else node.start_mark.line + 1
        raise NoticeInvalid(line, self._named(name), zh, en)

    def expect(self, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
        """Exactly these names: a misspelt one would silently leave something out of the calendar."""
        for name in self._values:
            if name not in required + optional:
                known = ", ".join(required + optional)
                self.fault(name, f"没有这个字段,可用字段为 {known}", f"is no field; the fields are {known}")
        for name in required:
            if name not in self:
                self.fault(name, "缺少这个字段", "is missing")

    def text(self, name: str) -> str:
        """A text that is not empty."""
        value = self._scalar(name).strip()
        if not value:
            self.fault(name, "须为非空文字", "must be a text that is not empty")
        return value

    def choice(self, name: str, words: tuple[str, ...]) -> str:
        """One of these words."""
        value = self._scalar(name)
        if value not in words:
            self.fault(name, f"须为 {'、'.join(words)} 之一", f"must be one of {', '.join(words)}")
        return value

    def year(self, name: str) -> int:
        """A year from 1900 to 2199."""
        value = self._scalar(name)
        if not _YEAR.fullmatch(value):
            self.fault(name, "须为年份,如 2027", "must be a year such as 2027")
        return int(value)

    def on(self, name: str) -> date:
        """A date, 2027-01-01."""
        value = self._scalar(name)
        try:
            if _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fault(name, f"{value} 不是日期(应如 2027-01-01)", f"{value} is no date such as 2027-01-01")

    def hours(self, name: str) -> Segments:
        """Working hours as a list of spans, ``["09:00-12:00", "13:30-17:30"]``, in order and apart; 24:00 is an end."""
        spans: list[tuple[int, int]] = []
        for node in self._items(name):
            found = _SPAN.fullmatch(node.value) if isinstance(node, yaml.ScalarNode) else None
            hour, minute, to_hour, to_minute = map(int, found.groups()) if found else (0, 60, 0, 60)
            opening, close = hour * 60 + minute, to_hour * 60 + to_minute
            reached = spans[-1][1] if spans else 0
            if max(minute, to_minute) > 59 or not reached <= opening < close <= _MIDNIGHT:
                self.fault(
                    name,
                    "应如 [09:00-12:00, 13:30-17:30],按先后排列、互不重叠",
                    "must be spans such as [09:00-12:00, 13:30-17:30], in order and apart",
                )
            spans.append((opening, close))
        if not spans:
            self.fault(name, "不得为空", "must not be empty")
        return tuple(spans)

    def records(self, name: str) -> Iterator["Fields"]:
        """The mappings of a list."""
        items = self._items(name)
        return (Fields(node, f"{self._named(name)}[{index}]") for index, node in enumerate(items))

    def _items(self, name: str) -> list[yaml.Node]:
        node = self._values[name]
        if not isinstance(node, yaml.SequenceNode):
            self.fault(name, "须为列表", "must be a list")
        return list(node.value)

    def _scalar(self, name: str) -> str:
        node = self._values[name]
        if not isinstance(node, yaml.ScalarNode):
            self.fault(name, "须为单个值", "must be a single value")
        return str(node.value)

    def _named(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def text_of(file: Path) -> str:
    """What a notice's file holds; OSError when it cannot be read or is no such file, ValueError when it is no UTF-8.

    A notice is a page: a pipe without end, or a disk image, is not read until the memory is full.
    """
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(f"over {MOST_BYTES} bytes")
    return content.decode("utf-8-sig")


def read_fields(text: str) -> Fields:
    """The mapping at the top of a file; NoticeInvalid where it is neither YAML nor JSON."""
    # JSON may be indented with tabs, which YAML refuses; inside a JSON string no bare tab can stand.
    readable = text.replace("\t", "    ") if text.lstrip("\ufeff \t\r\n").startswith("{") else text
    try:
        return Fields(yaml.compose(readable, Loader=yaml.SafeLoader), "")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "unreadable"
        line = mark.line + 1 if mark is not None else 1
        zh, en = f"不是合法的 YAML 或 JSON({problem})", f"neither valid YAML nor JSON ({problem})"
        raise NoticeInvalid(line, "(file)", zh, en) from error
    except RecursionError as error:
        raise NoticeInvalid(1, "(file)", "嵌套过深", "is nested too deeply") from error
