"""Deadline and elapsed time, against the golden cases and against counting minute by minute."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sky_net.sla.calendar import SHANGHAI, CalendarDay, Origin, WorkCalendar, published_calendar
from sky_net.sla.errors import (
    BudgetInvalid,
    CalendarNotPublished,
    CalendarWithoutWorkdays,
    NaiveInstant,
    PauseEndsBeforeItStarts,
)
from sky_net.sla.working_time import Course, DayEnds, Pause, due, elapsed, union

CALENDAR = published_calendar()
MINUTE = timedelta(minutes=1)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


SPRING = Pause(at("2026-02-14T10:00"), at("2026-02-24T10:30"))


# -- golden cases ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "pauses", "days", "expected"),
    [
        ("2026-02-13T16:50", [SPRING], 1, "2026-02-25T09:30"),
        ("2026-02-13T16:50", [SPRING], 5, "2026-03-02T09:30"),
        ("2026-02-13T16:50", [SPRING], 15, "2026-03-16T09:30"),
        ("2026-02-14T09:05", [], 1, "2026-02-24T17:30"),
        ("2026-02-14T09:05", [], 5, "2026-02-28T17:30"),
        ("2026-02-14T09:05", [], 15, "2026-03-13T17:30"),
        ("2026-12-24T10:00", [], 1, "2026-12-25T17:30"),
        ("2026-12-24T10:00", [], 5, "2026-12-31T17:30"),
    ],
)
def test_the_golden_deadlines(opened, pauses, days, expected):
    found = due(CALENDAR, at(opened), days, pauses)
    assert found == at(expected)
    assert not CALENDAR.is_provisional(found)


def test_a_deadline_past_the_published_years_is_provisional():
    horizon = CALENDAR.horizon
    found = due(CALENDAR, datetime(horizon.year, 12, 24, 10, tzinfo=SHANGHAI), 15)
    assert CALENDAR.is_provisional(found)


def test_the_notice_finalises_a_provisional_deadline():
    opened, year = datetime(CALENDAR.horizon.year, 12, 24, 10, tzinfo=SHANGHAI), CALENDAR.horizon.year + 1
    days = [CalendarDay.rest(date(year, 1, day), Origin.STATUTORY, "元旦") for day in (1, 2, 3, 4, 5)]
    loaded = CALENDAR.with_notice(year, days, "演示通知", "next")
    before, after = due(CALENDAR, opened, 15), due(loaded, opened, 15)
    assert after > before
    assert not loaded.is_provisional(after)


# -- single rules ------------------------------------------------------------------------------------------


def test_the_start_day_does_not_count_whatever_its_hour():
    opened = [at(f"2026-03-02T{hour}") for hour in ("00:00", "09:00", "17:30", "23:59")]
    assert {due(CALENDAR, start, 1) for start in opened} == {at("2026-03-03T17:30")}


def test_when_the_start_day_counts_it_is_the_first_of_the_days():
    assert due(CALENDAR, at("2026-03-02T11:00"), 1, count_start_day=True) == at("2026-03-02T17:30")
    assert due(CALENDAR, at("2026-03-02T18:00"), 1, count_start_day=True) == at("2026-03-03T17:30")
    assert due(CALENDAR, at("2026-03-07T11:00"), 2, count_start_day=True) == at("2026-03-10T17:30")


def test_a_period_that_ends_at_midnight_runs_to_the_end_of_its_last_day():
    start = at("2026-03-02T11:00")
    assert due(CALENDAR, start, 1, day_ends=DayEnds.MIDNIGHT) == at("2026-03-04T00:00")
    pause = Pause(at("2026-03-03T09:00"), at("2026-03-03T09:01"))
    assert due(CALENDAR, start, 1, [pause], day_ends=DayEnds.MIDNIGHT) == at("2026-03-05T00:00")


def test_a_day_worked_until_midnight_ends_at_that_midnight():
    night = CalendarDay.work(date(2026, 3, 3), Origin.LOCAL_OVERRIDE, ((540, 1440),))
    calendar = CALENDAR.with_rows([night], "night")
    assert due(calendar, at("2026-03-02T11:00"), 1, day_ends=DayEnds.MIDNIGHT) == at("2026-03-04T00:00")


def test_an_open_pause_hides_the_deadline():
    assert due(CALENDAR, at("2026-03-02T11:00"), 1, [Pause(at("2026-03-03T10:00"))]) is None


def test_an_open_pause_that_began_after_the_budget_was_used_up_hides_nothing():
    opened, expected = at("2026-03-02T11:00"), at("2026-03-03T17:30")
    for begun in ("2026-03-03T17:30", "2026-03-03T20:00", "2026-03-09T10:00"):
        assert due(CALENDAR, opened, 1, [Pause(at(begun))]) == expected


def test_time_under_an_open_pause_is_not_used_up():
    course = Course(CALENDAR, at("2026-03-02T11:00"), [Pause(at("2026-03-03T10:00"))])
    assert course.elapsed(at("2026-03-20T10:00")) == timedelta(hours=1)
    assert course.paused(at("2026-03-03T11:30")) == timedelta(hours=1, minutes=30)


def test_a_shorter_day_in_the_period_shortens_the_budget_and_not_the_number_of_days():
    half = CalendarDay.work(date(2026, 3, 3), Origin.LOCAL_OVERRIDE, ((540, 720),))
    calendar = CALENDAR.with_rows([half], "half")
    assert due(calendar, at("2026-03-02T11:00"), 1) == at("2026-03-03T12:00")
    assert Course(calendar, at("2026-03-02T11:00")).budget(2) == timedelta(hours=10)


def test_seconds_and_microseconds_of_a_pause_are_kept():
    pause = Pause(at("2026-03-03T10:00:00.000001"), at("2026-03-03T10:00:07.5"))
    assert due(CALENDAR, at("2026-03-02T11:00"), 1, [pause]) == at("2026-03-04T09:00:07.499999")


def test_any_offset_of_the_same_instant_gives_the_same_deadline():
    start = at("2026-02-14T00:30")
    zones = [UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=5, minutes=45))]
    assert {due(CALENDAR, start.astimezone(zone), 5) for zone in zones} == {due(CALENDAR, start, 5)}


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_time_zone_of_the_host_is_irrelevant(zone):
    program = (
        "import datetime as d; from sky_net.sla.calendar import published_calendar as c;"
        "from sky_net.sla.working_time import due;"
        "print(due(c(), d.datetime(2026, 3, 8, 6, 59, 59, tzinfo=d.UTC), 5).isoformat())"
    )
    environment = {**os.environ, "TZ": zone, "PYTHONPATH": "platform"}
    answer = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert answer.stdout.decode().strip() == "2026-03-13T17:30:00+08:00"


# -- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [1, 1900, 2003, 2200, 9999])
def test_a_start_outside_the_calendar_is_refused(year):
    with pytest.raises(CalendarNotPublished):
        due(CALENDAR, datetime(year, 12, 31, 12, tzinfo=UTC), 1)


def test_a_deadline_beyond_the_reach_is_refused_although_its_start_is_not():
    start = datetime.combine(CALENDAR.last - timedelta(days=9), datetime.min.time(), SHANGHAI)
    assert due(CALENDAR, start, 1) is not None
    with pytest.raises(CalendarNotPublished):
        due(CALENDAR, start, 15)
    with pytest.raises(CalendarNotPublished):
        due(CALENDAR, start, timedelta(hours=7 * 15))


def test_a_start_on_the_last_reachable_day_is_beyond_the_published_data():
    start = datetime.combine(CALENDAR.last, datetime.min.time(), SHANGHAI)
    with pytest.raises(CalendarNotPublished):
        due(CALENDAR, start, 1)


@pytest.mark.parametrize("counts", [True, False])
def test_a_calendar_without_workdays_is_an_error_and_never_a_loop(counts):
    start = at("2026-03-02T11:00")
    rows = [
        CalendarDay.rest(row.on, Origin.LOCAL_OVERRIDE)
        for row in CALENDAR.days(date(2026, 3, 1), CALENDAR.last)
    ]
    for budget in (1, timedelta(hours=1)):
        with pytest.raises(CalendarWithoutWorkdays):
            due(CALENDAR.with_rows(rows, "idle"), start, budget, count_start_day=counts)


@pytest.mark.parametrize("budget", [0, -1, timedelta(minutes=-1)])
def test_a_budget_below_one_day_is_refused(budget):
    with pytest.raises(BudgetInvalid):
        due(CALENDAR, at("2026-03-02T11:00"), budget)


def test_a_pause_that_ends_before_it_starts_is_refused_in_both_languages():
    with pytest.raises(PauseEndsBeforeItStarts) as refusal:
        Pause(at("2026-03-02T11:00"), at("2026-03-02T10:59"))
    assert refusal.value.code == "pause_ends_before_it_starts"
    assert "早于" in refusal.value.zh
    assert "before" in refusal.value.en


def test_naive_instants_are_refused():
    with pytest.raises(NaiveInstant):
        due(CALENDAR, datetime(2026, 3, 2, 11), 1)  # noqa: DTZ001 - the naive value is what is tested


# -- properties on random calendars -----------------------------------------------------------------------

FIRST = date(2026, 2, 9)
SPAN = 28
SHAPES = (
    (),
    (),
    ((540, 720), (810, 1050)),
    ((540, 720),),
    ((0, 300), (300, 600), (1200, 1440)),
    ((601, 617),),
)


@st.composite
def calendars(draw):
    """Four weeks with make-up days, empty weeks, split shifts, all-night hours; a workday at least."""
    shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=SPAN, max_size=SPAN))
    assume(any(shapes[7:]))
    rows = {}
    for offset, segments in enumerate(shapes):
        on = FIRST + timedelta(days=offset)
        rows[on] = CalendarDay(on, bool(segments), segments, Origin.WEEKLY)
    return WorkCalendar("random", FIRST, FIRST + timedelta(days=SPAN - 1), rows)


MINUTES = st.integers(0, (SPAN - 1) * 24 * 60)
ORIGIN = datetime.combine(FIRST, datetime.min.time(), SHANGHAI)


def moment(minutes):
    return ORIGIN + minutes * MINUTE


PAUSES = st.lists(st.tuples(MINUTES, st.integers(0, 6000)), max_size=4).map(
    lambda pairs: [Pause(moment(start), moment(start + length)) for start, length in pairs]
)


def is_worked(calendar, when):
    row = calendar.day(when.date())
    minute = when.hour * 60 + when.minute
    return any(opening <= minute < close for opening, close in row.segments)


def counted_minutes(calendar, start, end, pauses, count_start_day):
    """The oracle: look at each minute on its own."""
    minutes = 0
    when = start
    while when < end:
        counts = count_start_day or when.date() > start.date()
        if counts and is_worked(calendar, when) and not any(p.start <= when < p.end for p in pauses):
            minutes += 1
        when += MINUTE
    return minutes


@settings(max_examples=40, deadline=None)
@given(calendars(), MINUTES, st.integers(0, 9000), PAUSES, st.booleans())
def test_elapsed_equals_counting_minute_by_minute(calendar, start, length, pauses, counts):
    begun, end = moment(start), moment(start + length)
    oracle = counted_minutes(calendar, begun, end, pauses, counts)
    assert elapsed(calendar, begun, end, pauses, count_start_day=counts) == oracle * MINUTE


@settings(max_examples=30, deadline=None)
@given(calendars(), MINUTES, st.integers(1, 1500), PAUSES, st.booleans())
def test_due_is_the_first_minute_at_which_the_count_is_reached(calendar, start, budget, pauses, counts):
    begun = moment(start)
    found = due(calendar, begun, budget * MINUTE, pauses, count_start_day=counts)
    when, minutes = begun, 0
    while minutes < budget:
        minutes += counted_minutes_of_one(calendar, when, begun, pauses, counts)
        when += MINUTE
    assert found == when


def counted_minutes_of_one(calendar, when, start, pauses, counts):
    paused = any(p.start <= when < p.end for p in pauses)
    return int((counts or when.date() > start.date()) and not paused and is_worked(calendar, when))


@given(calendars(), MINUTES, st.integers(1, 40_000_000_000), PAUSES, st.booleans())
def test_elapsed_at_the_deadline_is_the_budget_to_the_microsecond(calendar, start, micros, pauses, counts):
    budget = timedelta(microseconds=micros)
    found = due(calendar, moment(start), budget, pauses, count_start_day=counts)
    assert elapsed(calendar, moment(start), found, pauses, count_start_day=counts) == budget
    earlier = found - timedelta(microseconds=1)
    assert elapsed(calendar, moment(start), earlier, pauses, count_start_day=counts) < budget


@given(calendars(), st.tuples(MINUTES, MINUTES, MINUTES).map(sorted))
def test_elapsed_adds_up_when_the_start_day_counts(calendar, instants):
    a, b, c = map(moment, instants)

    def span(start, end):
        return elapsed(calendar, start, end, count_start_day=True)

    assert span(a, b) + span(b, c) == span(a, c)


@given(calendars(), MINUTES, MINUTES, st.integers(1, 3000), st.integers(1, 3000), PAUSES)
def test_due_grows_with_the_budget_and_never_shrinks_with_the_start(calendar, a, b, less, more, pauses):
    early, late = moment(min(a, b)), moment(max(a, b))
    assert due(calendar, early, less * MINUTE, pauses) <= due(calendar, late, less * MINUTE, pauses)
    assert due(calendar, early, less * MINUTE, pauses) < due(calendar, early, (less + more) * MINUTE, pauses)


@given(calendars(), MINUTES, st.integers(1, 3000), PAUSES, st.randoms(use_true_random=False))
def test_only_the_union_of_the_pauses_matters_and_not_their_order(calendar, start, budget, pauses, random):
    shuffled = pauses * 2
    random.shuffle(shuffled)
    halves = [half for p in shuffled for half in (Pause(p.start, middle(p)), Pause(middle(p), p.end))]
    expected = due(calendar, moment(start), budget * MINUTE, pauses)
    assert due(calendar, moment(start), budget * MINUTE, halves) == expected


def middle(pause):
    return pause.start + (pause.end - pause.start) / 2


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda t: (t[0], t[0] + t[1]))))
def test_the_union_holds_the_same_instants_and_no_two_of_its_spans_touch(spans):
    merged = union(spans)
    assert {i for a, b in merged for i in range(a, b)} == {i for a, b in spans for i in range(a, b)}
    assert all(left[1] < right[0] for left, right in pairwise(merged))


@given(calendars(), MINUTES, st.integers(1, 3000), MINUTES, st.integers(0, 6000))
def test_k_paused_working_minutes_move_the_deadline_by_exactly_k(calendar, start, budget, begin, length):
    opened, pause = moment(start), Pause(moment(begin), moment(begin + length))
    plain = due(calendar, opened, budget * MINUTE)
    paused = due(calendar, opened, budget * MINUTE, [pause])
    before = Course(calendar, opened, [pause]).paused(paused)
    assert elapsed(calendar, opened, paused) - elapsed(calendar, opened, plain) == before
    if pause.end <= plain:
        assert before == elapsed(calendar, opened, pause.end) - elapsed(calendar, opened, pause.start)


@given(calendars(), MINUTES, st.integers(1, 3000), st.lists(st.integers(0, SPAN - 1), min_size=1))
def test_pauses_outside_working_time_move_nothing(calendar, start, budget, nights):
    idle = [pause for night in nights for pause in idle_pauses(calendar, FIRST + timedelta(days=night))]
    opened = moment(start)
    assert due(calendar, opened, budget * MINUTE, idle) == due(calendar, opened, budget * MINUTE)


def idle_pauses(calendar, on):
    """The times of a date that are outside its hours."""
    midnight = datetime.combine(on, datetime.min.time(), SHANGHAI)
    edges = [0, *(edge for segment in calendar.day(on).segments for edge in segment), 1440]
    starts, ends = edges[::2], edges[1::2]
    return [Pause(midnight + a * MINUTE, midnight + b * MINUTE) for a, b in zip(starts, ends, strict=True)]


@given(st.integers(0, 22 * 365 * 24 * 60), st.integers(1, 20))
def test_on_the_real_calendar_the_deadline_is_the_close_of_the_nth_working_day(minutes, days):
    start = datetime(2004, 1, 1, tzinfo=SHANGHAI) + minutes * MINUTE
    found = due(CALENDAR, start, days)
    assert found.strftime("%H:%M:%S.%f") == "17:30:00.000000"
    between = [row.on for row in after(start.date()) if row.is_workday and row.on <= found.date()]
    assert len(between) == days
    assert between[-1] == found.date()


@lru_cache
def after(on):
    return tuple(CALENDAR.days(on + timedelta(days=1), on + timedelta(days=60)))
