"""From a row of the table to the body of the form: whatever is wrong, with its column and what to do about it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from backbone.errors import Bilingual, Invalid
from backbone.http_requests import load
from backbone.table_files.rows import WHOLE_ROW, Row, TableRefused
from backbone.word_lists import enumerated
from ground_net.leads.imports.columns import BY_KEY, REQUIRED, FormColumn, column_of, is_passed_over, key_of
from ground_net.leads.schemas import VisitEntry

ROWS = UUID("6f1c6a3e-1f0d-4d53-9d2b-2c8a6b0b7b11")
"""Namespace of the client ids that rows without one are given by what they say."""
UNKNOWN = Bilingual(
    "第 1 行有不认识的列标题：{unknown}；请使用模板的列标题：{known}",
    "The first row has headings nobody knows: {unknown}; use those of the template: {known}",
)
TWICE = Bilingual("列标题“{heading}”出现两次", "The heading “{heading}” comes twice")
LACKING = Bilingual("缺少必填列：{columns}", "Columns are missing that must be there: {columns}")
BLANK = Bilingual("不能为空", "May not be blank")
UNREAD = Bilingual("无法识别。{how}", "It cannot be read. {how}")
NO_HEADING = Bilingual(
    "有 {count} 格没有列标题：CSV 中含逗号的内容须用英文双引号括起，多出的列须加列标题",
    "{count} cell(s) stand under no heading: in CSV put text with commas in double quotes, and give further columns a heading",
)
NO_EVENT = Bilingual("该节点没有这个编号的活动", "The node held no event of this number")


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which field of the form and under which heading; `place` orders those of one row."""

    field: str
    heading: str | None
    problem: Bilingual


@dataclass(frozen=True)
class Filled:
    """A row as the form takes it, or what is wrong with it."""

    number: int
    said: Mapping[str, Any] | None
    faults: Sequence[Fault] = field(default_factory=tuple)


@dataclass(frozen=True)
class Headings:
    """Which column stands where; None where ours is passed over."""

    keys: tuple[str | None, ...]
    titles: tuple[str, ...]

    @classmethod
    def of(cls, row: Row) -> "Headings":
        """The first row as headings; raises TableRefused for unknown, repeated or missing ones: no column is lost silently."""
        titles = tuple(cell or "" for cell in row.cells)
        keys = tuple(key_of(title) if title else None for title in titles)
        unknown = [
            title for title, key in zip(titles, keys, strict=True) if title and key is None and not is_passed_over(title)
        ]  # fmt: skip
        if unknown:
            known = Bilingual(*("、".join(said) for said in _known()))
            raise TableRefused(UNKNOWN.format(unknown="、".join(unknown[:10])[:200], known=known))
        for title, key in zip(titles, keys, strict=True):
            if key is not None and keys.count(key) > 1:
                raise TableRefused(TWICE.format(heading=title[:40]))
        lacking = [column for column in REQUIRED if column.key not in keys]
        if lacking:
            raise TableRefused(LACKING.format(columns=enumerated(each.heading for each in lacking)))
        return cls(keys, titles)

    def is_missing(self, place: int) -> bool:
        """Whether a cell at this place stands under no heading."""
        return place >= len(self.titles) or not self.titles[place]


def fill_in(row: Row, headings: Headings, node_key: str, events: Mapping[str, UUID]) -> Filled:
    """The row through the same form as over HTTP; `events` are the node's, by number."""
    faults = [*_unreadable(row, headings), *_without_heading(row, headings)]
    told = {fault.field for fault in faults}
    body, unread = _body(row, headings, events)
    faults += [fault for fault in unread if fault.field not in told]
    if not faults:
        try:
            said = load(VisitEntry, {"node_key": node_key, **body})
            return Filled(row.number, {"client_id": _client_id(node_key, body), **said})
        except Invalid as refusal:
            faults = [fault_of(headings, each) for each in refusal.data["errors"]]
    return Filled(row.number, None, faults)


def fault_of(headings: Headings, problem: Mapping[str, Any]) -> Fault:
    """A field's problem as one of the column that it was filled in from."""
    column = column_of(problem["field"])
    return Fault(problem["field"], _title_of(column, headings) if column else None, problem["problem"])


def _unreadable(row: Row, headings: Headings) -> Iterator[Fault]:
    for place, problem in row.faults.items():
        inside = 0 <= place < len(headings.keys) and place != WHOLE_ROW
        key = headings.keys[place] if inside else None
        yield Fault(
            BY_KEY[key].field if key else "(row)", headings.titles[place] if inside else None, problem
        )


def _without_heading(row: Row, headings: Headings) -> Iterator[Fault]:
    """What nobody would ever read again: most often the rest of a text after its first comma."""
    count = sum(cell is not None for place, cell in enumerate(row.cells) if headings.is_missing(place))
    if count:
        yield Fault("(row)", None, NO_HEADING.format(count=count))


def _body(row: Row, headings: Headings, events: Mapping[str, UUID]) -> tuple[dict[str, Any], list[Fault]]:
    given = {
        key: cell for key, cell in zip(headings.keys, row.cells, strict=False) if key is not None and cell is not None
    }  # fmt: skip
    body: dict[str, Any] = {}
    faults = [
        Fault(column.field, _title_of(column, headings), BLANK)
        for column in REQUIRED
        if column.key not in given
    ]
    for key, text in given.items():
        column = BY_KEY[key]
        value = column.read(text)
        if key == "event" and value is not None:
            value = str(events[value]) if value in events else None
        if value is None:
            problem = NO_EVENT if key == "event" else UNREAD.format(how=column.how)
            faults.append(Fault(column.field, _title_of(column, headings), problem))
        else:
            _put(body, column.field, value)
    return body, faults


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    *within, name = path.split(".")
    for step in within:
        body = body.setdefault(step, {})
    body[name] = value


def _client_id(node_key: str, body: Mapping[str, Any]) -> UUID:
    """The form's own id, or one made of all that the row says: the same row sent again is the same lead."""
    if "client_id" in body:
        return UUID(body["client_id"])
    said = hashlib.sha256(repr(sorted(_flat(body))).encode()).hexdigest()
    return uuid5(ROWS, f"{node_key} {said}")


def _flat(body: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", repr(value)


def _title_of(column: FormColumn, headings: Headings) -> str:
    """The heading as the file has it, else as the template does."""
    known = (title for title, key in zip(headings.titles, headings.keys, strict=True) if key == column.key)
    return next(known, column.heading.zh)


def _known() -> tuple[list[str], list[str]]:
    return [column.heading.zh for column in BY_KEY.values()], [
        str(column.heading) for column in BY_KEY.values()
    ]
