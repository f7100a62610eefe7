"""Sealing: link the rows that were written since, a batch at a time, in the order of their transactions.

Writers never wait for it. A row is due once every transaction that is as old as its own has ended, so that none can
still commit in front of it. What was sealed is found by a cursor and not by looking through the table; without a cursor,
or with one from another cluster (its transaction numbers lie in the future), the whole table is looked through once.
"""

import logging
import zlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone.chain.links import Link, Tip, beginning, extended
from backbone.chain.models import Chain, ChainCursor, ChainLink

log = logging.getLogger(__name__)

AT_ONCE = 5_000
LOOKED_THROUGH_AT_ONCE = 50_000  # every batch looks through the whole table: few of them
LAST_ID = UUID(int=2**128 - 1)
SNAPSHOT = func.pg_current_snapshot()
OLDEST_RUNNING: ColumnElement[int] = cast(cast(func.pg_snapshot_xmin(SNAPSHOT), String), BigInteger)
YET_TO_BEGIN: ColumnElement[int] = cast(cast(func.pg_snapshot_xmax(SNAPSHOT), String), BigInteger)
# One statement with five values, however many links: half the time of a row each.
ADD_LINKS = text(
    "INSERT INTO chain_links (chain, position, row_id, content_hash, link_hash, sealed_at)"
    " SELECT CAST(:chain AS text), link.*, CAST(:now AS timestamptz) FROM unnest(CAST(:positions AS bigint[]),"
    " CAST(:rows AS uuid[]), CAST(:contents AS bytea[]), CAST(:hashes AS bytea[])) AS link"
)


def seal(session: Session, chain: Chain, *, now: datetime, at_once: int = AT_ONCE) -> int:
    """Link the next rows, at most `at_once`, and return how many; 0 also while somebody else is at it.

    Called again until it returns 0, each time in a transaction of its own.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(_lock_number(chain)))):
        return 0
    cursor = _cursor(session, chain)
    if cursor is None:
        return _look_through(session, chain, now)
    rows = session.execute(_since(chain, cursor).limit(at_once)).all()
    if rows:
        add_links(session, chain, [(row.id, row.content_hash) for row in rows], now=now)
        _move_cursor(session, chain, rows[-1].written_xid, rows[-1].id)
    return len(rows)


def tip_of(session: Session, chain: Chain) -> Tip:
    """Where the chain ends now."""
    newest = select(ChainLink.position, ChainLink.link_hash).where(ChainLink.chain == chain.name)
    last = session.execute(newest.order_by(ChainLink.position.desc()).limit(1)).first()
    return Tip(last.position, last.link_hash) if last else beginning(chain.name)


def add_links(
    session: Session, chain: Chain, rows: Sequence[tuple[UUID, bytes]], *, now: datetime
) -> Sequence[Link]:
    """Append these rows (id, content hash) to the chain; the caller holds its lock."""
    links = extended(tip_of(session, chain), rows)
    columns = {
        "positions": [link.position for link in links], "rows": [link.row_id for link in links],
        "contents": [link.content_hash for link in links], "hashes": [link.link_hash for link in links],
    }  # fmt: skip
    session.execute(ADD_LINKS, {"chain": chain.name, "now": now, **columns})
    return links


def unlinked(chain: Chain) -> ColumnElement[bool]:
    """The condition that a row of the chain's table has no link."""
    return ~exists().where(ChainLink.chain == chain.name, ChainLink.row_id == chain.rows.id)


def forget_cursors(session: Session) -> None:
    """Have the next sealing look through the whole tables: after a restore into another cluster."""
    session.execute(delete(ChainCursor))


def cursor_of(session: Session, chain: Chain) -> tuple[int, UUID] | None:
    """(transaction, row) up to which every row is linked; None when that is not known in this cluster."""
    found = session.execute(
        select(ChainCursor.xid, ChainCursor.row_id, OLDEST_RUNNING.label("oldest")).where(
            ChainCursor.chain == chain.name
        )
    ).first()
    return (found.xid, found.row_id) if found and found.xid < found.oldest else None


def _cursor(session: Session, chain: Chain) -> tuple[int, UUID] | None:
    found = cursor_of(session, chain)
    if found is None:
        log.warning("%s: looking through the whole table for rows to seal", chain.name)
    return found


def _since(chain: Chain, cursor: tuple[int, UUID]) -> Select[UUID, bytes, int]:
    row = chain.rows
    return (
        select(row.id, row.content_hash, row.written_xid)
        .where(
            tuple_(row.written_xid, row.id) > tuple_(*cursor),
            row.written_xid < OLDEST_RUNNING,
            unlinked(chain),
        )
        .order_by(row.written_xid, row.id)
    )


def _look_through(session: Session, chain: Chain, now: datetime) -> int:
    """Link whatever has no link. A number that is yet to come is from another cluster, and its row long committed."""
    row = chain.rows
    is_over = or_(row.written_xid < OLDEST_RUNNING, row.written_xid >= YET_TO_BEGIN)
    oldest = session.scalars(select(OLDEST_RUNNING)).one()
    due = select(row.id, row.content_hash).where(is_over, unlinked(chain)).order_by(row.written_xid, row.id)
    rows = session.execute(due.limit(LOOKED_THROUGH_AT_ONCE)).all()
    if rows:
        add_links(session, chain, [(row.id, row.content_hash) for row in rows], now=now)
    if len(rows) < LOOKED_THROUGH_AT_ONCE:
        _move_cursor(session, chain, oldest - 1, LAST_ID)
    return len(rows)


def _move_cursor(session: Session, chain: Chain, xid: int, row_id: UUID) -> None:
    here = {"xid": xid, "row_id": row_id}
    statement = insert(ChainCursor).values(chain=chain.name, **here)
    session.execute(statement.on_conflict_do_update(index_elements=[ChainCursor.chain], set_=here))


def _lock_number(chain: Chain) -> int:
    return zlib.crc32(f"{ChainLink.__tablename__}:{chain.name}".encode())
