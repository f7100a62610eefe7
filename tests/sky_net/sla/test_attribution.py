"""Every minute over belongs to one party: shares are whole, add up, and equal counting minute by minute."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sky_net.sla.attribution import MINUTE, OURS, Holding, OverRun, Party, attribute, over_run
from sky_net.sla.calendar import published_calendar
from sky_net.sla.clocks import ClockState, course_of, read_clock
from sky_net.sla.errors import EventBeforeStart
from sky_net.sla.parties import ENTERPRISE, INSTITUTE
from sky_net.sla.policy import policy_on
from tests.factories.sla import a_log, an_instant_after

START = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
CALENDAR, POLICY = published_calendar(), policy_on(date(2026, 3, 10))


def party(number: int) -> Party:
    return Party(INSTITUTE if number % 2 else ENTERPRISE, UUID(int=number))


def wall_clock(at: datetime) -> timedelta:
    """Every minute is worked."""
    return at - START


def over(minutes: int) -> OverRun:
    return OverRun(START, START + minutes * MINUTE, wall_clock)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_without_other_clocks_the_platform_held_all_of_it():
    assert attribute(over(90), []) == {OURS: 90}
    assert attribute(over(0), []) == {}


def test_what_another_party_held_is_its_own():
    held = Holding(UUID(int=1), party(1), after(-30), after(20))
    later = Holding(UUID(int=2), party(2), after(60), None)
    assert attribute(over(90), [held, later]) == {party(1): 20, party(2): 30, OURS: 40}


def test_of_several_open_at_once_the_one_opened_first_held_it():
    first = Holding(UUID(int=2), party(1), after(-2), after(30))
    second = Holding(UUID(int=1), party(2), after(-1), after(50))
    assert attribute(over(60), [second, first]) == {party(1): 30, party(2): 20, OURS: 10}


def test_a_tie_goes_to_the_lower_id():
    one, other = (Holding(UUID(int=n), party(n), after(0), after(10)) for n in (4, 3))
    assert attribute(over(10), [one, other]) == {party(3): 10}


def test_a_begun_minute_is_whose_clock_was_open_when_it_began():
    held = Holding(UUID(int=1), party(1), after(0.5), after(2.5))
    assert attribute(over(5), [held]) == {party(1): 2, OURS: 3}


holdings = st.lists(
    st.tuples(st.integers(0, 5), st.floats(-50, 120), st.one_of(st.none(), st.floats(-50, 200))), max_size=8
).map(
    lambda drawn: [
        Holding(
            UUID(int=place),
            party(number),
            after(opened),
            None if closed is None else after(opened + abs(closed)),
        )
        for place, (number, opened, closed) in enumerate(drawn)
    ]
)


@given(st.integers(0, 100), holdings)
def test_shares_are_those_of_counting_minute_by_minute_and_add_up(minutes, held):
    by_hand: dict[Party, int] = {}
    for minute in range(minutes):
        begins_at = after(minute)
        open_then = [
            each
            for each in held
            if each.opened_at <= begins_at and (each.closed_at is None or each.closed_at > begins_at)
        ]
        holder = min(open_then, key=lambda each: (each.opened_at, each.id)).party if open_then else OURS
        by_hand[holder] = by_hand.get(holder, 0) + 1
    found = attribute(over(minutes), held)
    assert found == by_hand
    assert sum(found.values()) == minutes


@given(st.integers(0, 100), holdings, st.randoms())
def test_the_order_in_which_clocks_are_told_changes_nothing(minutes, held, random):
    shuffled = list(held)
    random.shuffle(shuffled)
    assert attribute(over(minutes), shuffled) == attribute(over(minutes), held)


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=60)
def test_of_any_log_the_over_run_is_what_the_clock_shows_and_the_shares_add_up_to_it(seed):
    random = Random(seed)
    log = a_log(random)
    now = an_instant_after(random, log)
    held = [
        Holding(UUID(int=n), party(n), log[0].occurred_at + timedelta(hours=random.randint(-9, 900)), None)
        for n in range(3)
    ]
    for stage in POLICY.stages.values():
        reading = read_clock(log, stage, POLICY.pauses, CALENDAR, now)
        found = over_run(log, stage, POLICY.pauses, CALENDAR, now)
        assert (found is None) == (reading.state is not ClockState.BREACHED)
        if found is not None:
            assert found.minutes == reading.over // MINUTE
            assert sum(attribute(found, held).values()) == found.minutes


def test_pauses_and_nights_are_nobodys():
    """Overdue from 17:30 on Tuesday, answered at 10:00 on Wednesday: an hour of work, whoever held the night."""
    course = course_of(
        [event for event in a_log(Random(1), longest=0)], POLICY.stages["confirm"], POLICY.pauses, CALENDAR,
        datetime(2026, 9, 1, tzinfo=UTC),
    )  # fmt: skip
    due_at = course.due(course.budget(1))
    assert due_at is not None
    opens = next(
        at
        for hour in range(1, 200)
        if course.elapsed(at := due_at + timedelta(hours=hour)) > course.elapsed(due_at)
    )
    found = OverRun(due_at, opens, course.elapsed)
    night = Holding(UUID(int=1), party(1), due_at, due_at + timedelta(minutes=30))
    assert found.minutes > 0
    assert attribute(found, [night]) == {OURS: found.minutes}


def test_a_clock_that_never_started_has_no_course():
    with pytest.raises(EventBeforeStart):
        course_of([], POLICY.stages["confirm"], POLICY.pauses, CALENDAR, START)
