"""YAML as it stands on the page: texts, lists and mappings, each with its line, and nothing that YAML would make of them.

A policy file is read by people who sign it, so what they see is what counts: no anchors and aliases (a bomb of nine
lines fills the memory with them), no tags, no key twice, no `no` that becomes false. What a text means is for whoever
reads the field: `written`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from policy_pack.engine.problems import Fault, Faults

MOST_BYTES = 256 * 1024
MOST_DEPTH = 24
MOST_VALUES = 20_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Written:
    """A value and the line on which it is named (that of its key, where it has one)."""

    line: int
    value: "str | tuple[Written, ...] | Mapping[str, Written]"
    is_quoted: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether nothing, or null, is written."""
        return not self.is_quoted and self.value in ("", "~", "null")


@dataclass
class _Open:
    """A list or mapping whose end has not come yet."""

    line: int
    is_mapping: bool
    items: list[Written] = field(default_factory=list)
    entries: dict[str, Written] = field(default_factory=dict)
    key: str | None = None
    key_line: int = 0

    def closed(self) -> Written:
        return Written(self.line, self.entries if self.is_mapping else tuple(self.items))


def text_of(path: Path) -> str:
    """What a file holds; Fault where it cannot be read, is too large (nothing of it is kept) or is no UTF-8. A BOM is dropped."""
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Fault(1, f"无法读取（{error.strerror}）", f"cannot be read ({error.strerror})") from error
    return decoded(content)


def decoded(content: bytes) -> str:
    """The text of a file's bytes, with the refusals of `text_of`."""
    if len(content) > MOST_BYTES:
        raise Fault(
            1,
            f"超过 {MOST_BYTES} 字节，不是一项政策的文件",
            f"is over {MOST_BYTES} bytes: no policy is that long",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Fault(line, "不是 UTF-8 编码，请另存为 UTF-8", "is not UTF-8; save it as UTF-8") from error


def compose(text: str, faults: Faults) -> Written:
    """The one document of the text; keys given twice go to `faults`, what leaves nothing to read is a Fault."""
    page = _Page(faults)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            page.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        raise Fault(
            1 if mark is None else mark.line + 1,
            f"不是合法的 YAML（{problem}）",
            f"is not valid YAML ({problem})",
        ) from error
    if page.whole is None:
        raise Fault(1, "文件是空的", "is empty")
    return page.whole


class _Page:
    """What the events of the parser add up to. The parser keeps no stack of ours, so depth costs no recursion."""

    def __init__(self, faults: Faults) -> None:
        self.whole: Written | None = None
        self._faults = faults
        self._open: list[_Open] = []
        self._values = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        match event:
            case yaml.AliasEvent():
                raise _not_allowed(line, "别名（*）", "aliases (*)")
            case yaml.ScalarEvent():
                self._count(event, line)
                self._scalar(Written(line, event.value, bool(event.style)), line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._count(event, line)
                self._begin(line, isinstance(event, yaml.MappingStartEvent))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._place(self._open.pop().closed())
            case yaml.DocumentStartEvent() if self.whole is not None:
                raise _not_allowed(line, "一个文件中的多个文档（---）", "several documents (---) in a file")

    def _count(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            raise _not_allowed(line, "锚点（&）", "anchors (&)")
        if event.tag is not None:
            raise _not_allowed(line, f"标签（{event.tag}）", f"tags ({event.tag})")
        self._values += 1
        if self._values > MOST_VALUES or len(self._open) >= MOST_DEPTH:
            raise Fault(
                line,
                f"超过 {MOST_VALUES} 个值或 {MOST_DEPTH} 层",
                f"has more than {MOST_VALUES} values or {MOST_DEPTH} levels",
            )

    def _begin(self, line: int, is_mapping: bool) -> None:
        around = self._open[-1] if self._open else None
        if around is not None and around.is_mapping:
            if around.key is None:
                raise _not_allowed(line, "不是文字的键", "keys that are no text")
            line = around.key_line
        self._open.append(_Open(line, is_mapping))

    def _scalar(self, written: Written, line: int) -> None:
        around = self._open[-1] if self._open else None
        if around is None or not around.is_mapping or around.key is not None:
            self._place(written)
            return
        around.key, around.key_line = str(written.value), line
        if around.key in around.entries:
            self._faults.note(line, f"{around.key} 写了两次", f"{around.key} is written twice")

    def _place(self, written: Written) -> None:
        if not self._open:
            self.whole = written
            return
        around = self._open[-1]
        if not around.is_mapping:
            around.items.append(written)
        elif around.key is not None:
            around.entries[around.key] = Written(around.key_line, written.value, written.is_quoted)
            around.key = None


def _not_allowed(line: int, zh: str, en: str) -> Fault:
    return Fault(line, f"文件中不允许{zh}", f"the file may have no {en}")
