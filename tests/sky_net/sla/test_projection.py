"""The rows of the clocks are what their logs say, whether written step by step or made anew."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text

from backbone.actor import SYSTEM
from sky_net.sla import projection, service, stops
from sky_net.sla.calendar import CalendarDay, Origin, published_calendar
from sky_net.sla.clocks import read_clock
from sky_net.sla.models import SlaClock, SlaEvent
from sky_net.sla.refusals import ClockRefused
from tests.factories.sla import a_confirmation, a_contact, a_log, a_proposal, a_subject, opened, stored


def rows(session):
    """Every row with every column."""
    columns = list(SlaClock.__table__.columns)
    return [tuple(row) for row in session.execute(select(*columns).order_by(SlaClock.id))]


def a_random_life(session, random, now):
    """One subject driven through the verbs alone, by chance; what cannot follow is refused on the way."""
    subject = opened(session, now=now)
    contact_id = uuid4()
    for _ in range(random.randint(0, 7)):
        now += timedelta(minutes=random.choice((0, 20, 300, 1500, 8000)))
        try:
            a_random_step(session, random, subject.id, contact_id, now)
        except ClockRefused:
            continue


def a_random_step(session, random, subject_id, contact_id, now):
    match random.randint(1, 7):
        case 1:
            service.pause(session, SYSTEM, subject_id, "return", now=now)
        case 2:
            service.resume(session, SYSTEM, subject_id, now=now)
        case 3:
            service.cancel(session, SYSTEM, subject_id, "withdraw", now=now)
        case 4:
            stops.reopen(session, SYSTEM, subject_id, "communicate", contact_id, now=now)
        case 5:
            told = a_contact(now, contact_id=contact_id, agreed_at=random.choice((None, now)))
            stops.stop(session, SYSTEM, subject_id, told, now=now)
        case 6:
            stops.stop(session, SYSTEM, subject_id, a_confirmation(now), now=now)
        case 7:
            stops.stop(session, SYSTEM, subject_id, a_proposal(now), now=now)


@pytest.mark.parametrize("seed", range(6))
def test_a_rebuild_makes_the_very_rows_that_were_written_step_by_step(session, seed):
    random = Random(seed)
    for _ in range(6):
        start = datetime(2026, random.randint(1, 6), random.randint(1, 28), random.randint(0, 12), tzinfo=UTC)
        a_random_life(session, random, start)
    written = rows(session)
    assert projection.rebuild(session) == len(written) == 18
    assert rows(session) == written
    assert projection.rebuild(session) == 18
    assert rows(session) == written


def test_rows_that_were_lost_or_damaged_come_back(session, clock):
    for _ in range(3):
        opened(session, now=clock.now())
    written = rows(session)
    session.execute(delete(SlaClock).where(SlaClock.stage == "confirm"))
    session.execute(
        text("UPDATE sla_clocks SET phase_states = array_replace(phase_states, 'breached', 'met')")
    )
    projection.rebuild(session)
    assert rows(session) == written


def test_many_subjects_are_rebuilt_in_several_bites(session, clock, monkeypatch):
    monkeypatch.setattr(projection, "ROWS_AT_ONCE", 4)
    for _ in range(5):
        opened(session, now=clock.now())
    written = rows(session)
    assert projection.rebuild(session) == 15
    assert rows(session) == written


def test_a_rebuild_under_another_calendar_moves_the_deadlines_and_names_it(session):
    opened(session, now=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    typhoon = CalendarDay.rest(date(2026, 3, 3), Origin.LOCAL_OVERRIDE, "台风停工", "测试")
    projection.rebuild(session, published_calendar().with_rows([typhoon], "typhoon"))
    confirm = session.scalars(select(SlaClock).where(SlaClock.stage == "confirm")).one()
    assert confirm.due_at == datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    assert confirm.calendar_version == "typhoon"


def test_the_columns_say_why_a_clock_stands_where_it_does(session):
    subject = opened(session, now=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    recorded_at, paused_at = datetime(2026, 3, 5, 2, 0, tzinfo=UTC), datetime(2026, 3, 5, 3, 0, tzinfo=UTC)
    stops.stop(session, SYSTEM, subject.id, a_contact(recorded_at), now=recorded_at)
    service.pause(session, SYSTEM, subject.id, "park", now=paused_at)
    row = session.scalars(select(SlaClock).where(SlaClock.stage == "communicate")).one()
    assert (row.stopped_at, row.stop_holds_from) == (recorded_at, datetime(2026, 3, 9, 9, 30, tzinfo=UTC))
    assert (row.paused_at, row.cancelled_at, row.last_seq) == (paused_at, None, 3)
    assert row.policy_version == "response-1-5-15.v1"
    assert row.calendar_version == published_calendar().version


def test_a_stop_of_one_stage_leaves_the_rows_of_the_others_untouched(session, clock):
    subject = opened(session, now=clock.now())
    clock.advance(hours=1)
    stops.stop(session, SYSTEM, subject.id, a_confirmation(clock.now()), now=clock.now())
    numbers = {row.stage: row.last_seq for row in session.scalars(select(SlaClock))}
    assert numbers == {"confirm": 2, "communicate": 1, "propose": 1}


@pytest.mark.parametrize("seed", range(3))
def test_the_projected_deadline_is_the_one_that_reading_shows_in_the_end(session, seed):
    """For clocks that only time can still change: read them when the last phase has begun."""
    random = Random(seed)
    for _ in range(20):
        stored(session, a_log(random), a_subject())
    projection.rebuild(session)
    for row in session.scalars(select(SlaClock)):
        query = select(SlaEvent).where(SlaEvent.subject_id == row.subject_id).order_by(SlaEvent.seq)
        events = session.scalars(query).all()
        policy = projection.policy_of(events)
        log = [event.pure for event in events]
        reading = read_clock(
            log, policy.stages[row.stage], policy.pauses, published_calendar(), row.phase_starts[-1]
        )
        if row.stopped_at is None and row.cancelled_at is None:
            assert reading.due_at == row.due_at
            assert reading.provisional == row.provisional


def test_a_subject_without_a_start_has_no_rows():
    assert projection.project([]) == []
