"""The sums against looking at every minute, on the real calendar with typhoon days, seasonal hours and notices over it."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sky_net.sla.calendar import SHANGHAI, CalendarDay, Origin, published_calendar
from sky_net.sla.clocks import read_clock
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.pause_limits import joined
from sky_net.sla.policy import policy_on
from sky_net.sla.working_time import Course, Pause

CALENDAR = published_calendar()
MINUTE = timedelta(minutes=1)
FIRST = date(2026, 1, 26)
DAYS = 60
ORIGIN = datetime.combine(FIRST, time(), SHANGHAI)
SUMMER = ((540, 720), (840, 1080))
SPLIT = ((0, 1), (480, 600), (601, 700), (1100, 1440))

CHANGES = some.dictionaries(
    some.integers(0, DAYS - 1),
    some.sampled_from(["typhoon", "half", "summer", "split", "make_up", "empty week"]),
    max_size=12,
)
MINUTES = some.integers(0, 35 * 1440)
PAUSES = some.lists(some.tuples(MINUTES, some.integers(0, 7000)), max_size=4)


@cache
def row(on, change):
    match change:
        case "typhoon" | "empty week":
            return CalendarDay.rest(on, Origin.LOCAL_OVERRIDE, "台风停工")
        case "half":
            return CalendarDay.work(on, Origin.LOCAL_OVERRIDE, ((810, 1050),))
        case "summer":
            return CalendarDay.work(on, Origin.SEASONAL_HOURS, SUMMER)
        case "split":
            return CalendarDay.work(on, Origin.LOCAL_OVERRIDE, SPLIT)
        case _:
            return CalendarDay.work(on, Origin.MAKE_UP)


def changed(changes):
    rows = {}
    for offset, change in changes.items():
        for more in range(7 if change == "empty week" else 1):
            on = FIRST + timedelta(days=offset + more)
            rows[on] = row(on, change)
    return CALENDAR.with_rows(rows.values(), "changed") if rows else CALENDAR


def counting(calendar, opened, pauses, counts_start_day):
    """For each minute from the opening on, whether it counts: nothing but looking at it."""
    paused = {minute for start, length in pauses for minute in range(start, start + length)}
    minute = opened if counts_start_day else (opened // 1440 + 1) * 1440
    worked = frozenset()
    on = None
    while True:
        day, of_day = divmod(minute, 1440)
        if day != on:
            on = day
            segments = calendar.day(FIRST + timedelta(days=day)).segments
            worked = frozenset(m for opening, close in segments for m in range(opening, close))
        yield minute, of_day in worked and minute not in paused
        minute += 1


def moment(minute):
    return ORIGIN + minute * MINUTE


def as_pauses(pauses):
    return [Pause(moment(start), moment(start + length)) for start, length in pauses]


@settings(max_examples=40, deadline=None)
@given(CHANGES, MINUTES, some.integers(1, 3000), PAUSES, some.booleans())
def test_due_is_where_the_count_of_minutes_reaches_the_budget(changes, opened, budget, pauses, counts):
    calendar = changed(changes)
    due = Course(calendar, moment(opened), as_pauses(pauses), counts).due(budget * MINUTE)
    left = budget
    for minute, is_counted in counting(calendar, opened, pauses, counts):
        left -= is_counted
        if not left:
            assert due == moment(minute + 1)
            return


@settings(max_examples=40, deadline=None)
@given(CHANGES, MINUTES, some.integers(0, 20_000), PAUSES, some.booleans())
def test_elapsed_is_the_count_of_minutes(changes, opened, length, pauses, counts):
    calendar, end = changed(changes), opened + length
    elapsed = Course(calendar, moment(opened), as_pauses(pauses), counts).elapsed(moment(end))
    minutes = 0
    for minute, is_counted in counting(calendar, opened, pauses, counts):
        if minute >= end:
            break
        minutes += is_counted
    assert elapsed == minutes * MINUTE


@settings(max_examples=40, deadline=None)
@given(CHANGES, MINUTES, some.integers(1, 15), some.booleans())
def test_a_budget_of_days_is_what_those_days_have_minute_by_minute(changes, opened, days, counts):
    calendar = changed(changes)
    course = Course(calendar, moment(opened), (), counts)
    minutes, seen, end = 0, set(), None
    for minute, is_counted in counting(calendar, opened, (), counts):
        if is_counted:
            seen.add(minute // 1440)
            if len(seen) > days:
                break
            minutes, end = minutes + 1, minute + 1
    assert course.budget(days) == minutes * MINUTE
    assert course.due(course.budget(days)) == moment(end)


# -- zones that change their clocks -----------------------------------------------------------------------

NEW_YORK = ZoneInfo("America/New_York")
REPEATED = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)  # 01:00 in New York, for the first time; 13:00 in Shanghai
AROUND = some.integers(-180, 240).map(lambda minutes: REPEATED + minutes * MINUTE)
SUNDAY_WORKED = CALENDAR.with_rows(
    [CalendarDay.work(date(2026, 11, 1), Origin.LOCAL_OVERRIDE, ((600, 1200),))], "sunday"
)


def local(at):
    return at.astimezone(NEW_YORK)


@given(some.lists(some.tuples(AROUND, AROUND).map(sorted), max_size=4), AROUND)
def test_pauses_told_by_a_clock_that_is_set_back_are_the_pauses_of_utc(pairs, until):
    told = [Pause(local(start), local(end)) for start, end in pairs]
    meant = [Pause(start, end) for start, end in pairs]
    assert joined(told) == joined(meant)
    start = datetime(2026, 10, 30, 2, tzinfo=UTC)
    courses = [Course(SUNDAY_WORKED, at, pauses) for at, pauses in ((local(start), told), (start, meant))]
    assert courses[0].due(timedelta(hours=4)) == courses[1].due(timedelta(hours=4))
    assert courses[0].elapsed(local(until)) == courses[1].elapsed(until)


@given(some.lists(AROUND, min_size=2, max_size=6, unique=True).map(sorted), AROUND)
def test_a_log_told_by_a_clock_that_is_set_back_is_the_log_of_utc(instants, now):
    kinds = [EventKind.START, *[EventKind.PAUSE, EventKind.RESUME] * 3]

    def log(tell):
        told = enumerate(zip(instants, kinds, strict=False), 1)
        return [Event(seq, None, kind, tell(at), tell(at), pause="return") for seq, (at, kind) in told]

    policy = policy_on(date(2026, 11, 1))
    stage = replace(policy.stages["confirm"], count_start_day=True)
    readings = [
        read_clock(log(tell), stage, policy.pauses, SUNDAY_WORKED, tell(now))
        for tell in (local, lambda at: at)
    ]
    assert readings[0] == readings[1]


# -- the host ----------------------------------------------------------------------------------------------

PROGRAM = """
import datetime as d, hashlib
from sky_net.sla.calendar import published_calendar
from sky_net.sla.clocks import read_clock
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.pause_limits import joined
from sky_net.sla.policy import policy_on
from sky_net.sla.working_time import Course, Pause
calendar, said = published_calendar(), []
for month, day in ((3, 8), (3, 29), (10, 25), (11, 1)):
    for hour in range(48):
        start = d.datetime(2026, month, day, tzinfo=d.UTC) + d.timedelta(hours=hour - 24, minutes=29, seconds=59)
        course = Course(calendar, start, [Pause(start, start + d.timedelta(hours=5 * hour))])
        said.append(f"{course.due(course.budget(5)).isoformat()} {course.elapsed(start + d.timedelta(days=9))}")
print(len(said), hashlib.sha256("".join(said).encode()).hexdigest())
"""


def said_in(zone):
    environment = {**os.environ, "TZ": zone, "PYTHONPATH": "platform"}
    answer = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True)
    return answer.stdout


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
def test_a_host_that_changes_its_clocks_gives_the_same_deadlines_around_that_hour(zone):
    assert said_in(zone) == said_in("Asia/Shanghai")
