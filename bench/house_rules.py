"""What the house rules cost a write and a reading: the audit event, the idempotency key, the job, the note of who read.

Real parts: the embedded PostgreSQL with fsync; gunicorn with two workers where it says HTTP, else this process.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import numpy as np
import psycopg
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # declares every table
from backbone import idempotency
from backbone.actor import PROVINCE, Actor, Held, Role, Scope, ScopeKind
from backbone.db import Database, new_id
from backbone.directory.models import Enterprise
from backbone.identity.models import Account
from backbone.jobs import defer, jobs
from backbone.settings import Settings
from bench.main_job import NOBODY_LOGS_IN, bare_inserts, make_room_for_bare_inserts, posting_platform
from bench.offers import Mixer
from bench.scratch import scratch
from sky_net.needs.models import Need
from sky_net.needs.reading import named, read_need, show_need
from sky_net.needs.service import draft_need

DATABASE = "sanwang_bench_rules"
WRITES, WARMING = 300, 40
READ = 550


@jobs.task(name="bench.do_nothing")
def do_nothing(need_id: str) -> None:
    """Queued, and never run."""


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


def a_write_with_a_job() -> dict[str, object]:
    """p50 of one transaction that claims a key, drafts a need with its event, queues a job and keeps the answer."""
    with scratch(DATABASE) as database:
        make_room_for_bare_inserts(database.url)
        now, account = datetime.now(UTC), new_id()
        with database.transaction() as session:
            poster = _enterprise(session, now)
            session.add(
                Account(
                    id=account,
                    login="bench",
                    name="基准",
                    password_hash=NOBODY_LOGS_IN,
                    created_at=now,
                    updated_at=now,
                )
            )
        actor = Actor(account, "基准", frozenset({Held(Role.ENTERPRISE_MEMBER, poster)}))
        bodies = [_without_contact(body) for body in Mixer().needs(WARMING + WRITES)]
        ours = [_write(database, actor, account, body, now) for body in bodies][WARMING:]
        bare = bare_inserts(Settings(database_url=database.url), bodies[WARMING:])
    p50, anchor = float(np.median(ours)), float(np.median(bare))
    return {
        "name": "带审计、幂等与任务的一次写入 / a write with its audit event, idempotency key and job, one transaction, p50",
        "ours": round(p50, 2),
        "anchor": round(anchor, 2),
        "anchor_version": f"psycopg {psycopg.__version__}: one bare INSERT of the same text and its commit, p50",
        "unit": "ms",
        "ratio": round(p50 / anchor, 1),
        "goal": None,
        "met": None,
        "settings": f"{WRITES} needs, in the process, PostgreSQL fsync on; p99 {np.percentile(ours, 99):.1f} ms",
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


def _reading_costs() -> tuple[float, float, float]:
    """p50 in ms of showing a need without noting anybody, of noting a reader again, and of noting one the first time."""
    with scratch(DATABASE) as database:
        now, ids = datetime.now(UTC), [new_id() for _ in range(READ)]
        with database.transaction() as session:
            enterprise = UUID(_enterprise(session, now).id or "")
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


def _write(database: Database, actor: Actor, account: UUID, body: dict[str, Any], now: datetime) -> float:
    begun, key = time.perf_counter(), str(new_id())
    with database.transaction() as session:
        idempotency.claim(session, account, key, "0" * 64, now, authority="bench")
        need = draft_need(session, actor, body, now=now)
        defer(session, do_nothing, need_id=str(need.id))
        idempotency.keep(session, account, key, idempotency.Kept(201, {}, b"{}"))
    return (time.perf_counter() - begun) * 1000


def _without_contact(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "contact"}


def _enterprise(session: Session, now: datetime) -> Scope:
    """An enterprise, as the scope of its members."""
    row = Enterprise(
        name="基准企业",
        credit_code="91420100MA4K00001X",
        region_code="420100",
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return Scope(ScopeKind.ORGANISATION, str(row.id))


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


ROWS: list[Callable[[], dict[str, object]]] = [a_write_with_its_company, a_write_with_a_job, a_noted_reading]
