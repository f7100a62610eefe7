"""Appending to the log of one subject: locked, in order, audited, projected at once."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import SYSTEM
from backbone.audit import AuditEvent
from backbone.db import Database, transaction
from sky_net.sla.event_log import EventKind
from sky_net.sla.log import SKEW, Entry, Subject, append, lock_log, open_log
from sky_net.sla.models import SlaClock, SlaEvent
from sky_net.sla.refusals import ClockRefused, ClocksNotOpen

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


def a_subject() -> Subject:
    return Subject(uuid4(), "XQ-2026-000001", "420100")


def kinds(session: Session, subject: Subject) -> list[str]:
    query = select(SlaEvent.kind).where(SlaEvent.subject_id == subject.id).order_by(SlaEvent.seq)
    return list(session.scalars(query))


def audits(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_opening_twice_is_opening_once(session: Session):
    subject, before = a_subject(), audits(session)
    open_log(session, SYSTEM, subject, now=NOW)
    open_log(session, SYSTEM, subject, now=NOW + timedelta(days=1))
    session.flush()
    assert kinds(session, subject) == ["start"]
    started = session.scalars(select(SlaClock.started_at).where(SlaClock.subject_id == subject.id)).all()
    assert started == [NOW] * 3
    assert audits(session) - before == 1


def test_a_subject_that_was_never_opened_has_no_log(session: Session):
    with pytest.raises(ClocksNotOpen):
        lock_log(session, uuid4())


def test_entries_follow_the_last_event_and_leave_an_audit_each(session: Session):
    subject = a_subject()
    open_log(session, SYSTEM, subject, now=NOW)
    log, before = lock_log(session, subject.id), audits(session)
    later = NOW + timedelta(hours=1)
    append(session, SYSTEM, log, [Entry(EventKind.PAUSE, reason="return")], now=later)
    append(session, SYSTEM, log, [Entry(EventKind.RESUME, reason="return")], now=later + timedelta(hours=1))
    session.flush()
    assert [event.seq for event in log.events] == [1, 2, 3]
    assert kinds(session, subject) == ["start", "pause", "resume"]
    assert audits(session) - before == 2


def test_what_cannot_follow_leaves_nothing(session: Session):
    subject = a_subject()
    open_log(session, SYSTEM, subject, now=NOW)
    log = lock_log(session, subject.id)
    with pytest.raises(ClockRefused):
        append(session, SYSTEM, log, [Entry(EventKind.RESUME, reason="return")], now=NOW)
    assert len(log.events) == 1
    assert kinds(session, subject) == ["start"]


def test_a_machine_whose_clock_is_moments_behind_writes_the_time_of_the_last_event(session: Session):
    subject = a_subject()
    open_log(session, SYSTEM, subject, now=NOW)
    log = lock_log(session, subject.id)
    assert log.time(NOW - timedelta(seconds=1)) == NOW
    assert log.time(NOW - SKEW) == NOW
    assert log.time(NOW - SKEW - timedelta(seconds=1)) == NOW - SKEW - timedelta(seconds=1)
    assert log.time(NOW + timedelta(seconds=1)) == NOW + timedelta(seconds=1)


def test_of_two_who_open_at_once_one_does(committed_database: Database):
    subject, ready = a_subject(), threading.Barrier(2)

    def open_it() -> None:
        with transaction() as session:
            ready.wait()
            open_log(session, SYSTEM, subject, now=NOW)

    threads = [threading.Thread(target=open_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction() as session:
        assert kinds(session, subject) == ["start"]
        assert session.scalar(select(func.count()).select_from(SlaClock)) == 3
