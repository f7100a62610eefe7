"""Verifying a chain in the database: every link and the row it names, in batches, against the signed heads.

Memory stays the same however long the chain is. The caller's transaction should be REPEATABLE READ, so that the links
and what has none yet are of one instant.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import String, cast, false, func, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from backbone.chain.checking import Checker, Finding, Seen, Wrong
from backbone.chain.content import content_hash
from backbone.chain.heads import Head
from backbone.chain.links import Link
from backbone.chain.models import NOT_CONTENT, Chain, ChainLink
from backbone.chain.sealing import cursor_of, unlinked

AT_ONCE = 5_000
EVERY_DIGIT = json.JSONDecoder(parse_float=Decimal)
BEFORE_ALL = -(2**63)  # also of positions that a hand has made up


@dataclass(frozen=True)
class Verdict:
    """What verifying a chain came to: `waiting` rows were written since the last sealing; no finding means intact."""

    chain: str
    sealed: int
    waiting: int
    heads: int
    newest: Head | None
    findings: list[Finding] = field(default_factory=list)


def verify(
    session: Session,
    chain: Chain,
    heads: Iterable[Head] = (),
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Check the whole chain; `progress` is told how many further links were checked."""
    signed = sorted((head for head in heads if head.chain == chain.name), key=lambda head: head.position)
    checker = Checker(chain.name, [head.tip for head in signed])
    sealed = 0
    for sealed, _ in enumerate(checker.check(_linked(session, chain)), 1):
        if sealed % AT_ONCE == 0:
            progress(AT_ONCE)
    progress(sealed % AT_ONCE)
    waiting, outside = _waiting(session, chain)
    newest = signed[-1] if signed else None
    return Verdict(chain.name, sealed, waiting, len(signed), newest, checker.finish() + outside)


def count_links(session: Session, chain: Chain) -> int:
    """How many links there are to check."""
    return session.scalar(select(func.count()).where(ChainLink.chain == chain.name)) or 0


def _linked(session: Session, chain: Chain) -> Iterator[Seen]:
    """Every link by position, with its row."""
    link = ChainLink
    query = (
        select(
            link.position, link.row_id, link.content_hash.label("linked"), link.link_hash, *_columns(chain)
        )
        .outerjoin(chain.rows, chain.rows.id == link.row_id)
        .order_by(link.position)
        .limit(AT_ONCE)
    )
    last = BEFORE_ALL
    while True:
        rows = session.execute(query.where(link.chain == chain.name, link.position > last)).all()
        for row in rows:
            stored = Link(row.position, row.row_id, bytes(row.linked), bytes(row.link_hash))
            yield Seen(stored, *_hashes(chain, row))
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].position


def _waiting(session: Session, chain: Chain) -> tuple[int, list[Finding]]:
    """How many rows wait to be sealed, and those without a link that are changed, or that sealing has passed by."""
    cursor, number, found = cursor_of(session, chain), 0, []
    passed = tuple_(chain.rows.written_xid, chain.rows.id) <= tuple_(*cursor) if cursor else false()
    query = select(*_columns(chain), passed.label("passed")).where(unlinked(chain))
    for row in session.execute(query, execution_options={"yield_per": AT_ONCE}):
        carried, computed = _hashes(chain, row)
        if row.passed:
            found.append(Finding(Wrong.INSERTED, row_id=row.id))
            continue
        number += 1
        if carried != computed:
            found.append(Finding(Wrong.CHANGED, row_id=row.id))
    return number, found


def _columns(chain: Chain) -> list[Any]:
    """The row's columns, jsonb as its text: read with every digit that it has."""
    return [
        cast(column, String).label(column.name) if isinstance(column.type, JSONB) else column
        for column in chain.table.columns
        if column.name != "written_xid"
    ]


def _hashes(chain: Chain, row: Any) -> tuple[bytes | None, bytes | None]:
    """(carried, computed) of the row; None where there is no row."""
    said = row._mapping
    if said["id"] is None:
        return None, None
    values = {
        column.name: _value(column, said[column.name])
        for column in chain.table.columns
        if column.name not in NOT_CONTENT
    }
    return bytes(said["content_hash"]), content_hash(chain.table.name, values)


def _value(column: Any, value: Any) -> Any:
    if value is not None and isinstance(column.type, JSONB):
        return EVERY_DIGIT.decode(value)
    return value
