"""Lists by page: keyset cursors that stay right while rows come and go, bound to the query that made them."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar, overload
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from backbone.errors import Bilingual, Invalid
from backbone.fields import LARGEST, Choice, Day, Field, Identifier, Instant, Schema, Text, Whole

Row = TypeVar("Row")
Sortable = ColumnElement[Any] | InstrumentedAttribute[Any]
FOREIGN = Bilingual(
    "游标不属于这个查询，请从第一页开始", "The cursor is not of this query: start from the first page"
)
LIMIT = "每页条数 / entries per page"
CURSOR = "上一页的 next_cursor；不带则为第一页，其他查询条件不可改 / next_cursor of the page before; without it the first page, with it the same query"
SORT = "排序字段，前加 - 为降序 / sorted by this, descending with - before it"
NEXT_CURSOR = "取下一页的游标，最后一页为 null / cursor of the next page, null on the last"

# What a cursor carries is checked like everything else that comes from outside: anybody can make one up.
_SPELLED: Mapping[type, Field[Any]] = {
    str: Text(10_000, shortest=0),
    int: Whole(-LARGEST - 1),
    datetime: Instant(),
    date: Day(),
    UUID: Identifier(),
}


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows; `next_cursor` is None on the last one."""

    items: Sequence[Row]
    next_cursor: str | None


class PageQuery(Schema):
    """The query parameters that every list takes; subclasses add their filters and `sort`."""

    limit = Whole(1, 100, spelled=True, load_default=20, metadata={"description": LIMIT})
    cursor = Text(2000, metadata={"description": CURSOR})


def sort_field(names: Sequence[str], default: str) -> Choice:
    """The `sort` parameter: a name, or -name for descending."""
    signed = [sign + name for name in names for sign in ("", "-")]
    return Choice(signed, load_default=default, metadata={"description": SORT})


@overload
def read_page(
    session: Session,
    query: Select[Row],
    asked: Mapping[str, Any],
    sorts: Mapping[str, Sortable],
    key: Sortable,
) -> Page[Row]: ...


@overload
def read_page(
    session: Session,
    query: Select[Any, Any],
    asked: Mapping[str, Any],
    sorts: Mapping[str, Sortable],
    key: Sortable,
    each: Callable[..., Row],
) -> Page[Row]: ...


def read_page(
    session: Session,
    query: Any,
    asked: Mapping[str, Any],
    sorts: Mapping[str, Sortable],
    key: Sortable,
    each: Callable[..., Any] | None = None,
) -> Page[Any]:
    """Run `query` sorted by the asked column, then by `key`; both must be non-null and selected by the row.

    `each` makes an entry of a row's columns where the query selects more than the row itself. Raises Invalid when
    the cursor is damaged or was made by another query.
    """
    order = asked["sort"]
    column, descending = sorts[order.removeprefix("-")], order.startswith("-")
    mark = _fingerprint(asked)
    if asked.get("cursor"):
        value, last = _open(asked["cursor"], mark)
        value = _typed(value, column)
        beyond = column < value if descending else column > value
        last = _typed(last, key)
        tie = key < last if descending else key > last
        query = query.where(or_(beyond, and_(column == value, tie)))
    direction = (column.desc(), key.desc()) if descending else (column.asc(), key.asc())
    rows = session.execute(
        query.add_columns(column, key).order_by(*direction).limit(asked["limit"] + 1)
    ).all()
    page = rows[: asked["limit"]]
    more = len(rows) > len(page)
    items = [each(*row[:-2]) if each else row[0] for row in page]
    return Page(items, _seal(mark, page[-1][-2], page[-1][-1]) if more else None)


def _fingerprint(asked: Mapping[str, Any]) -> str:
    rest = {name: str(value) for name, value in asked.items() if name not in {"cursor", "limit"}}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16]


def _seal(mark: str, value: Any, key: Any) -> str:
    plain = value.isoformat() if isinstance(value, datetime | date) else value
    return base64.urlsafe_b64encode(json.dumps([mark, plain, str(key)], ensure_ascii=False).encode()).decode()


def _open(cursor: str, mark: str) -> tuple[Any, str]:
    try:
        made_by, value, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise Invalid.field("cursor", FOREIGN) from None
    if made_by != mark or not isinstance(key, str):
        raise Invalid.field("cursor", FOREIGN)
    return value, key


def _typed(value: Any, column: Sortable) -> Any:
    try:
        return _SPELLED[column.type.python_type].deserialize(value)
    except ValidationError:
        raise Invalid.field("cursor", FOREIGN) from None
