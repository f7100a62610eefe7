"""Opening, pausing, resuming and cancelling the promise clocks of a subject."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from backbone.actor import SYSTEM, Role
from backbone.audit import AuditEvent
from backbone.clock import SHANGHAI
from backbone.db import Database, transaction
from backbone.http_problems import status_of
from sky_net.sla import service, stops
from sky_net.sla.clocks import ClockState
from sky_net.sla.models import SlaClock, SlaEvent
from sky_net.sla.policy import STAGES
from sky_net.sla.refusals import CalendarMissing, ClockRefused, ClocksNotOpen, PolicyMissing
from tests.factories.identity import an_actor, zone
from tests.factories.sla import a_confirmation, a_subject, opened

pytestmark = pytest.mark.postgres


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def states(session, subject, now):
    return [reading.state for reading in service.readings(session, [subject.id], now=now)[subject.id]]


def dues(session, subject, now):
    return [reading.due_at for reading in service.readings(session, [subject.id], now=now)[subject.id]]


def log_of(session, subject):
    query = select(SlaEvent).where(SlaEvent.subject_id == subject.id).order_by(SlaEvent.seq)
    return session.scalars(query).all()


def test_one_submission_opens_three_clocks_by_one_event(session, clock):
    subject = opened(session, now=clock.now())
    assert [(event.seq, event.kind, event.stage) for event in log_of(session, subject)] == [
        (1, "start", None)
    ]
    rows = session.scalars(select(SlaClock).where(SlaClock.subject_id == subject.id)).all()
    assert {row.stage for row in rows} == set(STAGES)
    assert {(row.subject_number, row.zone_code, row.party) for row in rows} == {
        (subject.number, "420100", "platform")
    }


def test_the_deadlines_are_the_close_of_the_1st_5th_and_15th_working_day(session):
    subject = opened(session, now=at("02-14T09:05"))  # a make-up Saturday before the Spring Festival
    assert dues(session, subject, at("02-14T09:05")) == [
        at("02-24T17:30"),
        at("02-28T17:30"),
        at("03-13T17:30"),
    ]


def test_a_due_date_past_the_published_holidays_is_provisional(session):
    subject = opened(session, now=at("12-24T10:00"))
    provisional = [
        reading.provisional
        for reading in service.readings(session, [subject.id], now=at("12-24T10:00"))[subject.id]
    ]
    assert provisional == [False, False, True]
    rows = {row.stage: row.provisional for row in session.scalars(select(SlaClock))}
    assert rows == {"confirm": False, "communicate": False, "propose": True}


def test_opening_again_changes_nothing_because_a_clock_is_never_reset(session, clock):
    subject = opened(session, now=clock.now())
    before = dues(session, subject, clock.now())
    clock.advance(days=3)
    service.open_promise_clocks(session, SYSTEM, subject, now=clock.now())
    assert dues(session, subject, clock.now()) == before
    assert len(log_of(session, subject)) == 1


def test_a_subject_never_submitted_has_no_clocks(session, clock):
    subject = a_subject()
    assert service.readings(session, [subject.id], now=clock.now()) == {subject.id: []}
    with pytest.raises(ClocksNotOpen) as refusal:
        service.pause(session, SYSTEM, subject.id, "return", now=clock.now())
    assert status_of(refusal.value) == 409


def test_a_return_pauses_all_clocks_and_the_resubmission_lets_them_run_at_the_remaining_budget(session):
    subject = opened(session, now=at("02-13T16:50"))
    service.pause(session, SYSTEM, subject.id, "return", now=at("02-14T10:00"))
    assert states(session, subject, at("02-24T10:00")) == [ClockState.PAUSED] * 3
    assert dues(session, subject, at("02-24T10:00")) == [None] * 3
    service.resume(session, SYSTEM, subject.id, now=at("02-24T10:30"))
    assert dues(session, subject, at("02-24T10:30")) == [
        at("02-25T09:30"),
        at("03-02T09:30"),
        at("03-16T09:30"),
    ]


def test_two_pauses_of_different_names_are_ended_together(session, clock):
    subject = opened(session, now=clock.now())
    for reason in ("return", "park"):
        service.pause(session, SYSTEM, subject.id, reason, now=clock.now())
    clock.advance(hours=1)
    service.resume(session, SYSTEM, subject.id, now=clock.now())
    assert states(session, subject, clock.now()) == [ClockState.RUNNING] * 3
    assert [event.reason for event in log_of(session, subject)] == [None, "return", "park", "return", "park"]


def test_one_of_two_pauses_can_be_ended_alone(session, clock):
    subject = opened(session, now=clock.now())
    for reason in ("return", "park"):
        service.pause(session, SYSTEM, subject.id, reason, now=clock.now())
    service.resume(session, SYSTEM, subject.id, "return", now=clock.now())
    assert states(session, subject, clock.now()) == [ClockState.PAUSED] * 3


def test_a_second_pause_of_one_name_is_refused_and_nothing_is_written(session, clock):
    subject = opened(session, now=clock.now())
    service.pause(session, SYSTEM, subject.id, "return", now=clock.now())
    with pytest.raises(ClockRefused) as refusal:
        service.pause(session, SYSTEM, subject.id, "return", now=clock.now())
    assert refusal.value.data["refusal"] == "paused_twice"
    assert "暂停" in refusal.value.sentence().zh
    assert len(log_of(session, subject)) == 2


def test_a_resume_without_a_pause_is_refused(session, clock):
    subject = opened(session, now=clock.now())
    with pytest.raises(ClockRefused) as refusal:
        service.resume(session, SYSTEM, subject.id, now=clock.now())
    assert refusal.value.data["refusal"] == "resume_without_pause"
    assert len(log_of(session, subject)) == 1


def test_a_cancelled_clock_keeps_what_was_met_before(session, clock):
    subject = opened(session, now=clock.now())
    stops.stop(session, SYSTEM, subject.id, a_confirmation(clock.now()), now=clock.now())
    clock.advance(hours=1)
    service.cancel(session, SYSTEM, subject.id, "withdraw", now=clock.now())
    expected = [ClockState.MET, ClockState.CANCELLED, ClockState.CANCELLED]
    assert states(session, subject, clock.now() + timedelta(days=200)) == expected


def test_a_rejection_stops_the_first_clock_and_cancels_the_others_at_one_instant(session, clock):
    subject = opened(session, now=clock.now())
    evidence = a_confirmation(clock.now(), complexity=None, rejected_with="out_of_scope")
    stops.stop(session, SYSTEM, subject.id, evidence, now=clock.now())
    service.cancel(session, SYSTEM, subject.id, "reject", now=clock.now())
    expected = [ClockState.MET, ClockState.CANCELLED, ClockState.CANCELLED]
    assert states(session, subject, clock.now()) == expected


def test_what_was_breached_before_a_withdrawal_stays_breached(session, clock):
    subject = opened(session, now=clock.now())
    clock.advance(days=3)
    service.cancel(session, SYSTEM, subject.id, "withdraw", now=clock.now())
    assert states(session, subject, clock.now())[0] is ClockState.BREACHED


def test_a_submission_past_all_published_calendars_is_refused_and_nothing_is_written(session):
    now = datetime(2100, 3, 2, 2, 0, tzinfo=UTC)
    subject = a_subject()
    with pytest.raises(CalendarMissing) as refusal:
        service.open_promise_clocks(session, SYSTEM, subject, now=now)
    assert refusal.value.code == "calendar_not_published"
    assert (status_of(refusal.value), log_of(session, subject)) == (409, [])


def test_a_reading_past_all_published_calendars_is_a_domain_error(session, clock):
    subject = opened(session, now=clock.now())
    with pytest.raises(CalendarMissing):
        service.readings(session, [subject.id], now=datetime(2100, 3, 2, tzinfo=UTC))


def test_a_submission_before_the_first_policy_is_refused(session):
    with pytest.raises(PolicyMissing):
        opened(session, now=datetime(1999, 3, 2, 2, 0, tzinfo=UTC))


def test_another_machines_clock_a_moment_behind_does_not_break_the_order(session, clock):
    subject = opened(session, now=clock.now())
    behind = clock.now() - timedelta(seconds=2)
    service.pause(session, SYSTEM, subject.id, "return", now=behind)
    assert log_of(session, subject)[1].occurred_at == clock.now()


def test_a_clock_set_back_by_hours_is_refused_where_it_contradicts_the_log(session, clock):
    subject = opened(session, now=clock.now())
    with pytest.raises(ClockRefused) as refusal:
        service.pause(session, SYSTEM, subject.id, "return", now=clock.now() - timedelta(hours=3))
    assert refusal.value.data["refusal"] == "event_before_start"


def test_every_event_names_its_actor_and_leaves_an_audit_event(session, clock):
    actor = an_actor(session, (Role.OPERATOR, zone()))
    subject = opened(session, now=clock.now(), actor=actor)
    service.pause(session, actor, subject.id, "return", now=clock.now())
    session.flush()
    assert {event.actor_id for event in log_of(session, subject)} == {actor.account_id}
    written = session.scalars(select(AuditEvent).where(AuditEvent.subject_kind == "sla_events")).all()
    assert [(row.action, row.actor_id) for row in written] == [
        ("start_clock", actor.account_id), ("pause_clock", actor.account_id),
    ]  # fmt: skip
    assert {row.subject_id for row in written} == {event.id for event in log_of(session, subject)}


def test_opening_is_cheap(session, clock, database):
    """One insert each for the event, its clocks and the audit; submitting a need is benchmarked."""
    opened(session, now=clock.now())
    session.flush()
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement.split()[2])

    event.listen(database.engine, "before_cursor_execute", note)
    opened(session, now=clock.now())
    session.flush()
    event.remove(database.engine, "before_cursor_execute", note)
    assert seen == ["sla_events", "sla_clocks", "audit_events"]


def together(*works: Any) -> list[Any]:
    """Run each in its own thread and transaction, started at one moment; what each returned or raised."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(index: int, work: Any) -> None:
        barrier.wait(10)
        try:
            with transaction() as session:
                results[index] = work(session)
        except ClockRefused as refusal:
            results[index] = refusal.data["refusal"]

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_of_two_pauses_at_once_one_is_refused(committed_database: Database, clock):
    with transaction() as session:
        subject = opened(session, now=clock.now())

    def work(session):
        service.pause(session, SYSTEM, subject.id, "return", now=clock.now())

    assert sorted(map(str, together(work, work))) == ["None", "paused_twice"]


def test_two_openings_at_once_make_one_set_of_clocks(committed_database: Database, clock):
    subject = a_subject(id=uuid4())

    def work(session):
        service.open_promise_clocks(session, SYSTEM, subject, now=clock.now())

    assert together(work, work, work) == [None] * 3
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(SlaClock)) == 3
        assert session.scalar(select(func.count()).select_from(SlaEvent)) == 1


def test_writers_to_one_log_follow_each_other_without_a_gap(committed_database: Database, clock):
    with transaction() as session:
        subject = opened(session, now=clock.now())

    def pausing(reason):
        return lambda session: service.pause(session, SYSTEM, subject.id, reason, now=clock.now())

    assert together(*map(pausing, ("a", "b", "c", "d"))) == [None] * 4
    with transaction() as session:
        assert [event.seq for event in log_of(session, subject)] == [1, 2, 3, 4, 5]
