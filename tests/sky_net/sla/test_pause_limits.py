"""Past its maximum a pause lets the clock run."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sky_net.sla.calendar import SHANGHAI, published_calendar
from sky_net.sla.pause_limits import joined, within_limits
from sky_net.sla.policy import PausePolicy
from sky_net.sla.working_time import Course, Pause

CALENDAR = published_calendar()
LIMITS = PausePolicy(max_days_each=10, max_days_total=20)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_pause_within_its_maximum_is_kept_as_it_is():
    pause = Pause(at("2026-03-02T10:00"), at("2026-03-05T11:00"))
    assert within_limits([pause], LIMITS, CALENDAR, at("2026-06-01T09:00")) == (pause,)


def test_a_pause_ends_by_itself_after_ten_working_days():
    pause = Pause(at("2026-03-02T10:00"), at("2026-04-20T11:00"))
    kept = within_limits([pause], LIMITS, CALENDAR, at("2026-06-01T09:00"))
    assert kept == (Pause(at("2026-03-02T10:00"), at("2026-03-16T10:00")),)


def test_an_open_pause_stays_open_until_its_maximum_and_then_is_closed():
    pause = Pause(at("2026-03-02T10:00"))
    assert within_limits([pause], LIMITS, CALENDAR, at("2026-03-16T09:59")) == (pause,)
    closed = within_limits([pause], LIMITS, CALENDAR, at("2026-03-16T10:00"))
    assert closed == (Pause(pause.start, at("2026-03-16T10:00")),)


def test_all_pauses_together_stop_the_clock_for_twenty_working_days_at_most():
    pauses = [
        Pause(at("2026-03-02T09:00"), at("2026-03-12T09:00")),
        Pause(at("2026-03-16T09:00"), at("2026-03-26T09:00")),
        Pause(at("2026-04-13T09:00"), at("2026-04-23T09:00")),
        Pause(at("2026-05-11T09:00"), at("2026-05-12T09:00")),
    ]
    kept = within_limits(pauses, LIMITS, CALENDAR, at("2026-06-01T09:00"))
    assert kept == (*pauses[:2], Pause(at("2026-04-13T09:00"), at("2026-04-16T17:30")))


def test_overlapping_pauses_are_charged_once():
    pauses = [
        Pause(at("2026-03-02T09:00"), at("2026-03-12T09:00")),
        Pause(at("2026-03-04T09:00"), at("2026-03-13T09:00")),
    ]
    kept = within_limits(pauses, LIMITS, CALENDAR, at("2026-06-01T09:00"))
    assert kept == (Pause(at("2026-03-02T09:00"), at("2026-03-13T09:00")),)


def test_an_open_pause_swallows_what_follows_it():
    open_pause = Pause(at("2026-03-02T09:00"))
    assert joined([Pause(at("2026-03-04T09:00"), at("2026-03-05T09:00")), open_pause]) == (open_pause,)


SPANS = st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 60_000)), max_size=5)


@given(SPANS)
def test_no_sequence_of_pauses_stops_a_clock_for_more_than_the_total(spans):
    first = at("2026-03-02T00:00")
    pauses = [
        Pause(first + timedelta(minutes=start), first + timedelta(minutes=start + length))
        for start, length in spans
    ]
    until = at("2026-10-30T00:00")
    kept = within_limits(pauses, LIMITS, CALENDAR, until)
    granted = Course(CALENDAR, first, kept, count_start_day=True).paused(until)
    asked = Course(CALENDAR, first, pauses, count_start_day=True).paused(until)
    assert granted <= min(asked, 20 * CALENDAR.standard_day)
    if all(
        Course(CALENDAR, p.start, count_start_day=True).elapsed(p.end) <= 10 * CALENDAR.standard_day
        for p in pauses
    ):
        assert granted == min(asked, 20 * CALENDAR.standard_day)
