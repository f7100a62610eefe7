"""What the chain of the audit costs: sealing and verifying 100,000 events, and what a write costs with all its company.

Real parts: the embedded PostgreSQL with fsync, a scratch database. The events stand for amendments of a need.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import numpy as np
import psycopg
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # declares every table
from backbone.actor import PROVINCE, Actor, Held, Role
from backbone.audit import CHAIN, AuditEvent
from backbone.chain.links import beginning, extended
from backbone.chain.models import ChainLink, content_of
from backbone.chain.sealing import ADD_LINKS, seal, tip_of
from backbone.chain.verification import verify
from backbone.db import Database, new_id
from backbone.directory.models import Enterprise
from backbone.embedded import EmbeddedServer
from backbone.migrate import upgrade
from backbone.settings import load_settings
from bench.main_job import bare_inserts, posting_platform
from bench.offers import Mixer
from sky_net.needs.models import Need
from sky_net.needs.reading import named, read_need, show_need

EVENTS = 100_000
DATABASE = "sanwang_bench_audit"
AT_ONCE = 5_000
WRITES, WARMING = 300, 40
READ = 550


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


def a_write_with_its_company() -> dict[str, object]:
    """p50 of draftNeed over HTTP, with its audit event and idempotency key; no write queues a job of its own today."""
    with posting_platform() as (url, token, settings):
        bodies = list(Mixer().needs(WARMING + WRITES))
        connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
        for body in bodies[:WARMING]:
            _draft(connection, token, body)
        ours = [_draft(connection, token, body) for body in bodies[WARMING:]]
        bare = bare_inserts(settings, bodies[WARMING:])
    p50, anchor = float(np.median(ours)), float(np.median(bare))
    return {
        "name": "带审计与幂等的一次写入 / a write with its audit event and idempotency key, over HTTP, p50",
        "ours": round(p50, 2),
        "anchor": round(anchor, 2),
        "anchor_version": f"psycopg {psycopg.__version__}: one bare INSERT of the same text and its commit, p50",
        "unit": "ms",
        "ratio": round(p50 / anchor, 1),
        "goal": None,
        "met": None,
        "settings": (
            f"{WRITES} draftNeed, 1 client, gunicorn 2×gthread, PostgreSQL fsync on; p99 {np.percentile(ours, 99):.1f} ms,"
            f" anchor p99 {np.percentile(bare, 99):.2f} ms"
        ),
    }


def a_noted_reading() -> dict[str, object]:
    """Milliseconds that noting a reader adds to showNeed, in the process: repeated on the same day, and the first time."""
    plain, repeated, first = _reading_costs()
    return {
        "name": "读取涉密需求并留痕 / showing a confidential need with its reader noted, repeated on one day, p50",
        "ours": round(repeated, 3),
        "anchor": round(plain, 3),
        "anchor_version": "the same need shown without noting anybody, its transaction included",
        "unit": "ms",
        "ratio": round(repeated / plain, 2),
        "goal": None,
        "met": None,
        "settings": f"500 needs, in the process, PostgreSQL fsync on; the first time on a day {first:.2f} ms (a write)",
    }


@contextmanager
def _scratch() -> Iterator[Database]:
    """An empty database of the embedded server."""
    with EmbeddedServer(load_settings().var_dir / "pg") as server:
        server.drop_database(DATABASE)
        server.create_database(DATABASE)
        upgrade(server.url(DATABASE))
        database = Database(server.url(DATABASE))
        try:
            yield database
        finally:
            database.close()
            server.drop_database(DATABASE)


@contextmanager
def _filled() -> Iterator[Database]:
    """A scratch database with EVENTS unsealed events."""
    with _scratch() as database:
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


def _reading_costs() -> tuple[float, float, float]:
    """p50 in ms of showing a need without noting anybody, of noting a reader again, and of noting one the first time."""
    with _scratch() as database:
        enterprise, ids = new_id(), [new_id() for _ in range(READ)]
        now = datetime.now(UTC)
        with database.transaction() as session:
            poster = {
                "id": enterprise,
                "name": "基准企业",
                "credit_code": "91420100MA4K00001X",
                "region_code": "420100",
            }
            session.add(Enterprise(**poster, created_at=now, updated_at=now))
            session.flush()
            session.add_all(_need(number, enterprise, each, now) for number, each in enumerate(ids))
        operator = Actor(new_id(), "基准运营", frozenset({Held(Role.OPERATOR, PROVINCE)}))

        def plain(session: Session, need_id: UUID) -> object:
            return named(session, [read_need(session, operator, need_id)])

        def with_note(session: Session, need_id: UUID) -> object:
            return show_need(session, operator, need_id, now=now)

        for show in (plain, with_note):  # so that statements are compiled and pages read
            _timed_readings(database, show, ids[:50])
        first = _timed_readings(database, with_note, ids[50:])
        return (
            _timed_readings(database, plain, ids[50:]),
            _timed_readings(database, with_note, ids[50:]),
            first,
        )


def _timed_readings(database: Database, show: Callable[[Session, UUID], object], ids: list[UUID]) -> float:
    times = []
    for need_id in ids:
        begun = time.perf_counter()
        with database.transaction() as session:
            show(session, need_id)
        times.append((time.perf_counter() - begun) * 1000)
    return float(np.median(times))


def _need(number: int, enterprise: UUID, need_id: UUID, now: datetime) -> Need:
    return Need(
        id=need_id, number=f"XQ-1990-{number:06d}", enterprise_id=enterprise, zone_code="420100", title=f"基准需求{number}",
        problem="基准" * 100, visibility="masked", state="confirmed", submitted_at=now, confirmed_at=now, created_at=now,
        updated_at=now,
    )  # fmt: skip


def _draft(connection: HTTPConnection, token: str, body: dict[str, Any]) -> float:
    sent = json.dumps(body).encode()
    headers = {
        "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": str(new_id()),
    }  # fmt: skip
    begun = time.perf_counter()
    connection.request("POST", "/api/needs", sent, headers)
    response = connection.getresponse()
    response.read()
    if response.status != 201:
        raise AssertionError(f"draftNeed answered {response.status}")
    return (time.perf_counter() - begun) * 1000


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _row(name: str, ours: float, anchor: float, against: str) -> dict[str, object]:
    return {
        "name": name, "ours": round(ours), "anchor": round(anchor), "anchor_version": against, "unit": "rows/s",
        "ratio": round(anchor / ours, 2), "goal": None, "met": None,
    }  # fmt: skip


ROWS: list[Callable[[], dict[str, object]]] = [
    sealing_100k,
    verifying_100k,
    a_write_with_its_company,
    a_noted_reading,
]
