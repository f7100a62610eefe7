"""What the chain of the audit costs: sealing and verifying 100,000 events.

Real parts: the embedded PostgreSQL with fsync, a scratch database. The events stand for amendments of a need.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import insert, select, text

import sanwang.models  # noqa: F401  # declares every table
from backbone.audit import CHAIN, AuditEvent
from backbone.chain.links import beginning, extended
from backbone.chain.models import ChainLink, content_of
from backbone.chain.sealing import ADD_LINKS, seal, tip_of
from backbone.chain.verification import verify
from backbone.db import Database, new_id
from bench.scratch import scratch

EVENTS, AT_ONCE = 100_000, 5_000
DATABASE = "sanwang_bench_audit"


def sealing_100k() -> dict[str, object]:
    """Rows per second from unsealed to sealed and committed, against the bare INSERT of the same links."""
    with _filled() as database:
        links = _links_by_hand(database)
        bare = EVENTS / _seconds(lambda: _insert(database, links))
        _forget_links(database)
        sealed = EVENTS / _seconds(lambda: _seal_all(database))
    return _row(
        f"审计封链 / sealing {EVENTS:,} audit events", sealed, bare,
        f"psycopg {psycopg.__version__}: the bare INSERT of the same links, 5,000 at once, with its commits",
    )  # fmt: skip


def verifying_100k() -> dict[str, object]:
    """Rows per second of verifying, every content hash computed anew, against reading and hashing the same texts alone."""
    with _filled() as database:
        _seal_all(database)
        with database.transaction() as session:
            begun = time.perf_counter()
            verdict = verify(session, CHAIN)
            ours = EVENTS / (time.perf_counter() - begun)
        if verdict.findings or verdict.sealed != EVENTS:
            raise AssertionError(f"the chain to be measured is not intact: {verdict}")
        bare = EVENTS / _seconds(lambda: _bare_read(database))
    return _row(
        f"审计验链 / verifying {EVENTS:,} audit events", ours, bare,
        f"psycopg {psycopg.__version__}: SELECT of the same rows as text, SHA-256 of each, no canonical form, no links",
    )  # fmt: skip


@contextmanager
def _filled() -> Iterator[Database]:
    """A scratch database with EVENTS unsealed events."""
    with scratch(DATABASE) as database:
        with database.transaction() as session:
            seal(session, CHAIN, now=datetime.now(UTC))  # from now on sealing knows where to look
        for start in range(0, EVENTS, AT_ONCE):
            with database.transaction() as session:
                session.execute(
                    insert(AuditEvent), [_event(number) for number in range(start, start + AT_ONCE)]
                )
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE audit_events")
        yield database


def _event(number: int) -> dict[str, Any]:
    row = AuditEvent(
        id=new_id(), occurred_at=datetime.now(UTC), actor_id=new_id(), token_id=new_id(), action="amend_need",
        subject_kind="needs", subject_id=new_id(), before={"title": f"激光焊接第{number}版", "budget_min_fen": number},
        after={"title": f"激光焊接第{number + 1}版", "budget_min_fen": number + 1, "indicators": [{"name": "良率", "target": "≥99.5"}]},
    )  # fmt: skip
    row.stamp()
    return content_of(row)[1] | {"content_hash": row.content_hash}


def _seal_all(database: Database) -> None:
    sealed = 1
    while sealed:
        with database.transaction() as session:
            sealed = seal(session, CHAIN, now=datetime.now(UTC), at_once=AT_ONCE)
    with database.transaction() as session:
        if tip_of(session, CHAIN).position != EVENTS:
            raise AssertionError("not everything was sealed")


def _links_by_hand(database: Database) -> list[dict[str, Any]]:
    """What sealing inserts, made before, so that the anchor is the INSERTs alone."""
    with database.transaction() as session:
        rows = session.execute(select(AuditEvent.id, AuditEvent.content_hash).order_by(AuditEvent.id)).all()
    links = extended(beginning(CHAIN.name), [(row.id, row.content_hash) for row in rows])
    batches = (links[start : start + AT_ONCE] for start in range(0, EVENTS, AT_ONCE))
    return [
        {
            "chain": CHAIN.name, "now": datetime.now(UTC), "positions": [link.position for link in batch],
            "rows": [link.row_id for link in batch], "contents": [link.content_hash for link in batch],
            "hashes": [link.link_hash for link in batch],
        }
        for batch in batches
    ]  # fmt: skip


def _insert(database: Database, batches: list[dict[str, Any]]) -> None:
    for batch in batches:
        with database.transaction() as session:
            session.execute(ADD_LINKS, batch)


def _forget_links(database: Database) -> None:
    with database.engine.begin() as connection:
        for statement in (
            "ALTER TABLE {} DISABLE TRIGGER USER",
            "TRUNCATE {}",
            "ALTER TABLE {} ENABLE TRIGGER USER",
        ):
            connection.execute(text(statement.format(ChainLink.__tablename__)))


def _bare_read(database: Database) -> None:
    with psycopg.connect(database.url) as connection, connection.cursor("bare") as cursor:
        for (said,) in cursor.execute("SELECT audit_events::text FROM audit_events ORDER BY id"):
            hashlib.sha256(said.encode()).digest()


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _row(name: str, ours: float, anchor: float, against: str) -> dict[str, object]:
    return {
        "name": name, "ours": round(ours), "anchor": round(anchor), "anchor_version": against, "unit": "rows/s",
        "ratio": round(anchor / ours, 2), "goal": None, "met": None,
    }  # fmt: skip


ROWS: list[Callable[[], dict[str, object]]] = [sealing_100k, verifying_100k]
