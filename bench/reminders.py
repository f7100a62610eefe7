"""A sweep over 100,000 open clocks: what a look costs when nobody is to be called, and how fast the calls are made.

Beside it, in the same run, the least that a database does for the same: the index look-up alone, and the insertion of
as many calls and notices alone.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from psycopg.types.json import Jsonb
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # rows refer to tables that their own packages do not import
from backbone.actor import Role, ScopeKind
from backbone.chain.content import content_hash
from backbone.db import Database, new_id
from backbone.identity.models import Account, Membership
from backbone.notices.models import Notice
from bench.scratch import scratch
from sky_net.reminders.service import call_about_clocks
from sky_net.sla.event_log import EventKind
from sky_net.sla.models import ClockCall, SlaClock, SlaEvent
from sky_net.sla.projection import project

DATABASE = "sanwang_bench_reminders"
SUBJECTS, DUE = 33_334, 2_000
EARLY = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
QUIET, BUSY = EARLY + timedelta(days=1), EARLY + timedelta(days=1, hours=4, minutes=30)
"""Before anybody is to be called, and after half of the confirm budget of those that opened early: 14:30 on Tuesday."""
LATER = QUIET - timedelta(hours=1)
"""Tuesday morning: open at both instants, and counting from Wednesday on, so that nobody is called about them yet."""
STILL_OPEN = text(
    "SELECT count(*) FROM sla_clocks WHERE started_at <= :at AND look_at IS NOT NULL"
    " AND stopped_at IS NULL AND cancelled_at IS NULL"
)
PLAIN_LOOK = text("SELECT id FROM sla_clocks WHERE look_at <= :now ORDER BY look_at LIMIT 200")
Row = dict[str, object]


@cache
def _measured() -> dict[str, Any]:
    with _platform() as database:
        quiet, plain = _quiet_look(database), _plain_look(database)
        seconds, looked_at = _sweep(database)
        with database.transaction() as session:
            made = [session.scalar(select(func.count()).select_from(table)) for table in (ClockCall, Notice)]
            if [looked_at, *made] != [DUE, DUE, DUE]:
                raise AssertionError(f"{looked_at} looked at, calls and notices {made}, and {DUE} were due")
        return {"quiet": quiet, "plain": plain, "sweep": seconds, "insert": _inserts(database)}


def look_with_nothing_due() -> Row:
    """Milliseconds of a worker's look at 100,000 open clocks of which none is due."""
    found = _measured()
    return _row("reminders: a look at 100,000 open clocks, none due", found["quiet"] * 1000, found["plain"] * 1000,
                "the index look-up alone", "ms", found["quiet"] / found["plain"])  # fmt: skip


def calls_made() -> Row:
    """Calls per second of a sweep that finds 2,000 of 100,000 open clocks due, notices included."""
    found = _measured()
    ours, anchor = DUE / found["sweep"], DUE / found["insert"]
    return _row("reminders: calls made, 2,000 of 100,000 open clocks due", ours, anchor,
                "the insertion of as many calls and notices alone", "calls/s", anchor / ours)  # fmt: skip


def _row(name: str, ours: float, anchor: float, version: str, unit: str, ratio: float) -> Row:
    return {"name": name, "ours": round(ours, 2), "anchor": round(anchor, 2), "anchor_version": version, "unit": unit,
            "ratio": round(ratio, 2), "goal": None, "met": None}  # fmt: skip


def _quiet_look(database: Database) -> float:
    def look() -> None:
        with database.transaction() as session:
            if call_about_clocks(session, now=QUIET):
                raise AssertionError("nobody was to be called yet")

    return _best(look)


def _plain_look(database: Database) -> float:
    def look() -> None:
        with database.transaction() as session:
            session.execute(PLAIN_LOOK, {"now": QUIET}).all()

    return _best(look)


def _sweep(database: Database) -> tuple[float, int]:
    begun, looked_at = time.perf_counter(), 0
    while True:
        with database.transaction() as session:
            found = call_about_clocks(session, now=BUSY)
        if not found:
            return time.perf_counter() - begun, looked_at
        looked_at += found


def _inserts(database: Database) -> float:
    call = {"clock_id": new_id(), "subject_id": new_id(), "kind": "breach", "level": 0, "stood_from": EARLY,
            "called_at": BUSY}  # fmt: skip
    told = {"kind": "clock_breached", "subject_id": new_id(), "subject_number": "XQ-2026-000000",
            "zone_code": "420100", "payload": {}, "created_at": BUSY}  # fmt: skip
    begun = time.perf_counter()
    with database.transaction() as session:
        session.execute(insert(ClockCall), [{"id": new_id(), "cycle": n} | call for n in range(DUE)])
        session.execute(
            insert(Notice), [{"id": new_id(), "dedupe_key": f"alone:{n}"} | told for n in range(DUE)]
        )
    return time.perf_counter() - begun


def _best(work: Callable[[], object], repeats: int = 20) -> float:
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


@contextmanager
def _platform() -> Iterator[Database]:
    with scratch(DATABASE) as database:
        with database.transaction() as session:
            _operator(session)
            _fill(session, EARLY, DUE)
            _fill(session, LATER, SUBJECTS - DUE)
            still_open = session.scalar(STILL_OPEN, {"at": QUIET})
            if still_open != 3 * SUBJECTS:
                raise AssertionError(f"{still_open} clocks are open at both instants, not {3 * SUBJECTS}")
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        yield database


def _operator(session: Session) -> None:
    account = Account(login="bench", name="基准", password_hash="!", created_at=EARLY, updated_at=EARLY)  # noqa: S106  # nobody logs in by it
    session.add(account)
    session.flush()
    session.add(
        Membership(account_id=account.id, role=Role.OPERATOR, scope_kind=ScopeKind.PROVINCE, granted_at=EARLY)
    )


def _fill(session: Session, opened_at: datetime, count: int) -> None:
    """`count` subjects whose three promise clocks opened then and were never touched again."""
    said = {"number": "XQ-2026-000000", "zone_code": "420100"}
    start = SlaEvent(subject_id=new_id(), seq=1, kind=EventKind.START, party="platform", occurred_at=opened_at,
                     recorded_at=opened_at, evidence=said)  # fmt: skip
    rows, subjects = project([start]), [new_id() for _ in range(count)]
    names = ("id", "subject_id", "seq", "kind", "party", "occurred_at", "recorded_at", "evidence")
    _copy(
        session,
        "sla_events",
        (*names, "content_hash"),
        (_event(names, subject, opened_at, said) for subject in subjects),
    )
    columns = tuple(column.key for column in SlaClock.__table__.columns)
    _copy(session, "sla_clocks", columns, (
        tuple((row | {"id": uuid5(subject, f"platform/{row['stage']}"), "subject_id": subject})[name] for name in columns)
        for subject in subjects for row in rows
    ))  # fmt: skip


def _event(names: tuple[str, ...], subject: UUID, at: datetime, said: dict[str, str]) -> tuple[Any, ...]:
    values = (new_id(), subject, 1, "start", "platform", at, at, said)
    return (*values[:-1], Jsonb(said), content_hash("sla_events", dict(zip(names, values, strict=True))))


def _copy(session: Session, table: str, names: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    with (
        session.connection()
        .connection.cursor()
        .copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copying
    ):
        for row in rows:
            copying.write_row(row)


ROWS: list[Callable[[], Row]] = [look_with_nothing_due, calls_made]
