"""Many clocks at once, against one clock after the other."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bench.many_clocks import HIDDEN, OPEN, Courses, Pauses, dates, walls
from sky_net.sla.calendar import SHANGHAI, CalendarDay, Origin, WorkCalendar, published_calendar
from sky_net.sla.errors import (
    BudgetInvalid,
    CalendarNotPublished,
    CalendarWithoutWorkdays,
    ClockRefusal,
    NaiveInstant,
    PauseEndsBeforeItStarts,
)
from sky_net.sla.prefix import instant, wall
from sky_net.sla.working_time import Course, DayEnds, Pause

CALENDAR = published_calendar()
FIRST = date(2026, 2, 9)
SPAN = 40
SHAPES = (
    (),
    (),
    ((540, 720), (810, 1050)),
    ((540, 720),),
    ((0, 300), (300, 600), (1200, 1440)),
    ((601, 617),),
)
MICROSECOND = timedelta(microseconds=1)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def calendar_of(shapes):
    days = [FIRST + timedelta(days=offset) for offset in range(SPAN)]
    rows = {
        on: CalendarDay(on, bool(shape), shape, Origin.WEEKLY) for on, shape in zip(days, shapes, strict=True)
    }
    return WorkCalendar("random", FIRST, days[-1], rows)


CALENDARS = some.lists(some.sampled_from(SHAPES), min_size=SPAN, max_size=SPAN).map(calendar_of)
ORIGIN = datetime.combine(FIRST, datetime.min.time(), SHANGHAI)
INSTANTS = some.integers(0, (SPAN - 1) * 86_400).map(lambda seconds: ORIGIN + timedelta(seconds=seconds))
CLOSED = some.tuples(INSTANTS, some.integers(0, 500_000)).map(
    lambda pair: Pause(pair[0], pair[0] + timedelta(seconds=pair[1]))
)
ROWS = some.lists(
    some.tuples(INSTANTS, some.lists(CLOSED | INSTANTS.map(Pause), max_size=4)), min_size=1, max_size=6
)


def one_by_one(compute, rows):
    """What each clock alone says, or the kind of its refusal."""
    found = []
    for row in rows:
        try:
            found.append(compute(*row))
        except ClockRefusal as refusal:
            return type(refusal)
    return found


def all_at_once(compute):
    try:
        return compute()
    except ClockRefusal as refusal:
        return type(refusal)


@settings(deadline=None)
@given(CALENDARS, ROWS, some.integers(1, 12), some.sampled_from(DayEnds), some.booleans())
def test_the_deadlines_are_those_of_each_clock_alone(calendar, rows, days, day_ends, counts):
    def alone(start, pauses):
        course = Course(calendar, start, pauses, counts)
        return course.due(course.budget(days), day_ends)

    def together():
        starts = walls(start for start, _ in rows)
        pauses = Pauses.of([pauses for _, pauses in rows], starts)
        found = Courses(calendar, starts, pauses, counts).due(days, day_ends)
        return [None if due == HIDDEN else instant(int(due)) for due in found]

    assert all_at_once(together) == one_by_one(alone, rows)


@settings(deadline=None)
@given(CALENDARS, ROWS, some.integers(0, 500_000), some.booleans())
def test_the_elapsed_times_are_those_of_each_clock_alone(calendar, rows, seconds, counts):
    def alone(start, pauses):
        return Course(calendar, start, pauses, counts).elapsed(start + timedelta(seconds=seconds))

    def together():
        starts = walls(start for start, _ in rows)
        courses = Courses(calendar, starts, Pauses.of([pauses for _, pauses in rows], starts), counts)
        return [int(used) * MICROSECOND for used in courses.elapsed(starts + seconds * 1_000_000)]

    assert all_at_once(together) == one_by_one(alone, rows)


@given(some.lists(some.integers(0, 22 * 365 * 86_400_000_000), min_size=1, max_size=20), some.integers(1, 20))
def test_on_the_real_calendar_without_pauses_too(micros, days):
    starts = [datetime(2004, 1, 1, tzinfo=SHANGHAI) + each * MICROSECOND for each in micros]
    courses = [Course(CALENDAR, start) for start in starts]
    expected = [course.due(course.budget(days)) for course in courses]
    found = Courses(CALENDAR, walls(starts)).due(days)
    assert [instant(int(due)) for due in found] == expected
    assert dates(found) == [due.date() for due in expected]


def test_the_golden_deadlines_come_out_at_once():
    starts = walls([at("2026-02-13T16:50"), at("2026-02-14T09:05")])
    spring = Pause(at("2026-02-14T10:00"), at("2026-02-24T10:30"))
    courses = Courses(CALENDAR, starts, Pauses.of([[spring], []], starts))
    assert [instant(int(due)) for due in courses.due(5)] == [at("2026-03-02T09:30"), at("2026-02-28T17:30")]


def test_an_open_pause_hides_its_own_deadline_and_no_other():
    starts = walls([at("2026-03-02T11:00")] * 3)
    pauses = [[Pause(at("2026-03-03T10:00"))], [], [Pause(at("2026-03-03T18:00"))]]
    found = Courses(CALENDAR, starts, Pauses.of(pauses, starts)).due(1)
    assert list(found) == [HIDDEN, wall(at("2026-03-03T17:30")), wall(at("2026-03-03T17:30"))]


def test_pauses_are_padded_where_they_move_nothing():
    starts = walls([at("2026-03-02T11:00")] * 2)
    padded = Pauses.of([[Pause(at("2026-03-03T10:00"))], []], starts)
    assert padded.ends.tolist() == [[OPEN], [int(starts[1])]]
    assert Pauses.of([[], []], starts).starts.shape == (2, 0)
    assert list(Courses(CALENDAR, starts, Pauses.of([[], []], starts)).due(1)) == list(
        Courses(CALENDAR, starts).due(1)
    )


def test_no_clocks_have_no_deadlines():
    nothing = walls([])
    assert len(Courses(CALENDAR, nothing).due(1)) == 0


def test_the_instants_of_any_zone_are_one_wall_time():
    assert list(walls([datetime(2026, 3, 2, 3, tzinfo=UTC)])) == list(walls([at("2026-03-02T11:00")]))
    with pytest.raises(NaiveInstant):
        walls([datetime(2026, 3, 2, 3)])  # noqa: DTZ001 - the mistake that is refused


def test_one_instant_out_of_reach_refuses_them_all():
    for text in ("1900-01-01T00:00", "2200-01-01T00:00"):
        with pytest.raises(CalendarNotPublished):
            Courses(CALENDAR, walls([at("2026-03-02T11:00"), at(text)]))
    late = walls([at("2026-03-02T11:00"), at("2027-12-20T11:00")])
    assert len(Courses(CALENDAR, late).due(1)) == 2
    with pytest.raises(CalendarNotPublished):
        Courses(CALENDAR, late).due(15)


def test_a_calendar_without_workdays_is_an_error():
    idle = CALENDAR.with_rows(
        [CalendarDay.rest(row.on, Origin.LOCAL_OVERRIDE) for row in CALENDAR.days(date(2026, 3, 1), CALENDAR.last)], "idle"
    )  # fmt: skip
    for counts in (True, False):
        with pytest.raises(CalendarWithoutWorkdays):
            Courses(idle, walls([at("2026-03-02T11:00")]), None, counts).due(1)


def test_a_budget_below_one_day_and_a_pause_that_ends_before_it_starts_are_refused():
    starts = walls([at("2026-03-02T11:00")])
    with pytest.raises(BudgetInvalid):
        Courses(CALENDAR, starts).due(0)
    turned = Pauses(starts[:, None] + 5, starts[:, None])
    with pytest.raises(PauseEndsBeforeItStarts):
        Courses(CALENDAR, starts, turned)


def test_what_was_given_is_left_as_it_was():
    starts = walls([at("2026-03-02T11:00")])
    pauses = Pauses.of(
        [[Pause(at("2026-03-03T10:00")), Pause(at("2026-03-02T10:00"), at("2026-03-05T10:00"))]], starts
    )
    before = (starts.copy(), pauses.starts.copy(), pauses.ends.copy())
    Courses(CALENDAR, starts, pauses).due(3)
    assert all(
        np.array_equal(a, b) for a, b in zip(before, (starts, pauses.starts, pauses.ends), strict=True)
    )
