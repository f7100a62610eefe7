"""Dates, hours and durations as a proof card writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sky_net.sla.calendar import SHANGHAI, CalendarDay, Origin, published_calendar
from sky_net.sla.proof_words import clock_time, hours_of, minutes_of, moment, on_date, stretch, why

CALENDAR = published_calendar()


def shanghai(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


def test_minutes_are_whole_where_they_can_be():
    assert repr(minutes_of(timedelta(hours=7))) == "420"
    assert repr(minutes_of(timedelta(seconds=90))) == "1.5"
    assert repr(minutes_of(timedelta(seconds=1))) == "0.017"


def test_a_date_says_its_day_of_the_week():
    said = on_date(date(2026, 2, 15))
    assert (said.zh, str(said)) == ("2026-02-15（周日）", "Sun 2026-02-15")


def test_a_stretch_repeats_the_year_only_where_it_changes():
    assert stretch(date(2026, 2, 15), date(2026, 2, 23)).zh == "2026-02-15（周日）至 02-23（周一）"
    assert str(stretch(date(2026, 2, 15), date(2026, 2, 23))) == "Sun 2026-02-15 to Mon 02-23"
    assert stretch(date(2026, 12, 31), date(2027, 1, 3)).zh == "2026-12-31（周四）至 2027-01-03（周日）"
    assert stretch(date(2026, 2, 15), date(2026, 2, 15)).zh == "2026-02-15（周日）"


def test_a_time_of_day_is_shanghais_and_shows_seconds_only_where_there_are_any():
    assert clock_time(datetime(2026, 2, 13, 1, 30, tzinfo=UTC)) == "09:30"
    assert clock_time(shanghai(2026, 2, 13, 9, 30, 7)) == "09:30:07"
    assert clock_time(shanghai(2026, 2, 13, 9, 30, 7, 5)) == "09:30:07"


def test_midnight_ends_the_day_before_where_something_ends():
    at = shanghai(2026, 3, 4)
    assert moment(at).zh == "2026-03-04（周三）00:00"
    assert moment(at, at_end=True).zh == "2026-03-03（周二）24:00"
    assert str(moment(shanghai(2026, 3, 4, 9), at_end=True)) == "Wed 2026-03-04 09:00"


def test_hours_are_listed_in_order():
    assert hours_of(((540, 720), (810, 1440))).zh == "09:00–12:00、13:30–24:00"


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (CALENDAR.day(date(2026, 2, 14)), "春节调休上班", "make-up workday (春节调休上班)"),
        (CalendarDay.work(date(2026, 2, 14), Origin.MAKE_UP, name="春节"), "春节调休上班", "make-up workday (春节调休上班)"),
        (CALENDAR.day(date(2026, 2, 15)), "春节放假", "public holiday (春节)"),
        (CalendarDay.rest(date(2026, 2, 16), Origin.STATUTORY), "放假", "public holiday"),
        (CALENDAR.day(date(2026, 3, 7)), "周末", "weekend"),
        (CALENDAR.day(date(2026, 3, 9)), "", ""),
        (CalendarDay.rest(date(2026, 9, 10), Origin.LOCAL_OVERRIDE, "台风停工"), "台风停工", "closed by a local order (台风停工)"),
        (CalendarDay.rest(date(2026, 9, 10), Origin.LOCAL_OVERRIDE), "按当地通知停工", "closed by a local order"),
        (CalendarDay.work(date(2026, 9, 12), Origin.LOCAL_OVERRIDE), "按当地通知上班", "worked by a local order"),
        (CalendarDay.work(date(2026, 7, 1), Origin.SEASONAL_HOURS, name="夏令作息"), "夏令作息", "seasonal hours (夏令作息)"),
        (CALENDAR.day(CALENDAR.horizon + timedelta(days=1)), "放假安排未公布，暂按工作日", "no notice published yet, taken as a workday"),
        (CALENDAR.day(CALENDAR.horizon + timedelta(days=2)), "周末（放假安排未公布，暂按周末）", "weekend (no notice published yet, taken as one)"),
    ],
)  # fmt: skip
def test_every_kind_of_date_says_why_it_is_what_it_is(day, zh, en):
    assert (why(day).zh, str(why(day))) == (zh, en)
