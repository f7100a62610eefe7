"""Sums of working time and their inverse, against counting minute by minute."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sky_net.sla.errors import NaiveInstant
from sky_net.sla.prefix import DAY, MINUTE, SHANGHAI, WorkedTime, date_of, day_number, fixed, instant, wall

# (opening, close) pairs within a short day of 40 minutes, ascending and apart.
segments = some.lists(some.integers(0, 40), min_size=0, max_size=6, unique=True).map(
    lambda cuts: tuple(zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False))
)
weeks = some.lists(segments, min_size=1, max_size=5).map(lambda days: list(enumerate(days)))


def counted(days: list[tuple[int, tuple[tuple[int, int], ...]]], at: int) -> int:
    """Working microseconds before `at`, minute by minute: what the sums must agree with."""
    minutes = (
        number * DAY + minute * MINUTE
        for number, day in days
        for opening, close in day
        for minute in range(opening, close)
    )
    return sum(min(MINUTE, max(0, at - minute)) for minute in minutes)


@given(weeks, some.integers(-50, 6 * 1440), some.integers(0, MINUTE - 1))
def test_time_before_an_instant_is_what_counting_gives(days, minute, micros):
    at = minute * MINUTE + micros
    assert WorkedTime.over(days).before(at) == counted(days, at)


@given(weeks, some.data())
def test_the_first_instant_of_so_much_work_is_the_inverse(days, data):
    sums = WorkedTime.over(days)
    if not sums.total:
        return
    worked = data.draw(some.integers(0, sums.total))
    at = sums.first_at(worked)
    assert sums.before(at) == worked
    if worked:
        assert sums.before(at - 1) == worked - 1, "the very first one"


@given(weeks)
def test_the_total_is_the_sum_of_the_days_and_empty_days_are_left_out(days):
    sums = WorkedTime.over(days)
    assert sums.total == counted(days, 10 * DAY)
    assert sums.days == [number for number, day in days if day]
    assert sums.day_through == [counted(days, (number + 1) * DAY) for number in sums.days]


@given(weeks, some.integers(-2, 8))
def test_the_next_working_day_is_the_first_one_later(days, number):
    sums = WorkedTime.over(days)
    later = [day for day in sums.days if day > number]
    assert sums.days[sums.working_day_after(number) :] == later


@given(weeks, some.integers(0, 6 * 1440))
def test_a_working_day_is_left_until_its_last_close(days, minute):
    sums = WorkedTime.over(days)
    open_yet = [day for day, close in zip(sums.days, sums.day_closes, strict=True) if close > minute * MINUTE]
    assert sums.days[sums.working_day_left(minute * MINUTE) :] == open_yet


@given(
    some.integers(0, 6_500_000_000_000_000).map(
        lambda past: datetime(1992, 1, 1, tzinfo=UTC) + timedelta(microseconds=past)
    )
)
def test_an_instant_and_its_wall_time_are_one(at):
    assert instant(wall(at)) == at
    assert instant(wall(at)).utcoffset() == timedelta(hours=8)


@given(some.dates(date(1970, 1, 1), date(2200, 12, 31)))
def test_a_date_and_its_number_are_one(on):
    assert date_of(day_number(on)) == on


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(NaiveInstant):
        wall(datetime(2026, 3, 10, 9, 30))  # noqa: DTZ001 - the mistake that is refused


@given(
    some.integers(0, 40 * 365 * 86_400).map(
        lambda past: datetime(1992, 1, 1, tzinfo=UTC) + timedelta(seconds=past)
    ),
    some.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Shanghai", "UTC"]),
)
def test_a_fixed_instant_is_the_same_one_at_an_offset_that_never_changes(at, zone):
    found = fixed(at.astimezone(ZoneInfo(zone)))
    assert wall(found) == wall(at)
    assert isinstance(found.tzinfo, timezone)


def test_the_repeated_hour_of_autumn_has_its_order_once_fixed():
    zone = ZoneInfo("America/New_York")
    first, second = (
        datetime(2026, 11, 1, 1, 30, tzinfo=zone),
        datetime(2026, 11, 1, 1, 10, fold=1, tzinfo=zone),
    )
    assert second < first, "as Python has it"
    assert fixed(first) < fixed(second)
    assert fixed(first).tzinfo is SHANGHAI


def test_a_fixed_offset_stays_and_an_instant_without_one_is_refused():
    at = datetime(2026, 3, 10, 9, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert fixed(at) is at
    with pytest.raises(NaiveInstant):
        fixed(datetime(2026, 3, 10, 9, 30))  # noqa: DTZ001 - the mistake that is refused
