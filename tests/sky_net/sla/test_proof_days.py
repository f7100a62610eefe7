"""The dates of a period, folded into stretches."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sky_net.sla.calendar import SHANGHAI, CalendarDay, Origin, published_calendar
from sky_net.sla.proof_days import day_lines

CALENDAR = published_calendar()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def listed(opening, edge, calendar=CALENDAR, first=None):
    return list(day_lines(calendar, first or at(opening).date(), at(opening), at(edge)))


def test_an_ordinary_week_is_one_line():
    [week] = listed("2026-03-02T09:00", "2026-03-06T17:30")
    assert week.zh == "第 1 至 5 个工作日：2026-03-02（周一）至 03-06（周五），计 2100 分钟"
    assert week.en == "Working days 1 to 5: Mon 2026-03-02 to Fri 03-06: 2100 minutes count"
    assert (week.starts, week.ends, week.minutes) == (at("2026-03-02T09:00"), at("2026-03-06T17:30"), 2100)


def test_a_day_that_counts_in_part_stands_alone_with_its_part():
    lines = listed("2026-03-02T14:00", "2026-03-06T10:30")
    assert [line.zh for line in lines] == [
        "第 1 个工作日：2026-03-02（周一） 自 14:00，计 210 分钟",
        "第 2 至 4 个工作日：2026-03-03（周二）至 03-05（周四），计 1260 分钟",
        "第 5 个工作日：2026-03-06（周五） 至 10:30，计 90 分钟",
    ]


def test_a_day_that_begins_and_ends_within_says_both():
    [line] = listed("2026-03-02T10:00", "2026-03-02T11:00")
    assert line.zh == "第 1 个工作日：2026-03-02（周一） 自 10:00 至 11:00，计 60 分钟"
    assert line.en == "Working day 1: Mon 2026-03-02 from 10:00 until 11:00: 60 minutes count"


def test_days_off_before_the_opening_are_listed_from_the_first_date():
    lines = listed("2026-02-24T09:00", "2026-02-24T17:30", first=date(2026, 2, 15))
    assert [line.zh for line in lines] == [
        "2026-02-15（周日）至 02-23（周一）春节放假 9 天，不计",
        "第 1 个工作日：2026-02-24（周二），计 420 分钟",
    ]
    assert lines[0].ends == at("2026-02-24T00:00")
    assert lines[0].worked is None


def test_two_holidays_in_a_row_are_two_lines_with_their_own_names_and_sources():
    rows = [
        CalendarDay.rest(date(2026, 3, 3), Origin.STATUTORY, "元旦", "甲通知"),
        CalendarDay.rest(date(2026, 3, 4), Origin.STATUTORY, "元旦", "乙通知"),
        CalendarDay.rest(date(2026, 3, 5), Origin.LOCAL_OVERRIDE, "台风停工", "市通告"),
    ]
    lines = listed("2026-03-02T09:00", "2026-03-06T17:30", CALENDAR.with_rows(rows, "v"))
    assert [(line.zh, line.source) for line in lines[1:4]] == [
        ("2026-03-03（周二）元旦放假 1 天，不计", "甲通知"),
        ("2026-03-04（周三）元旦放假 1 天，不计", "乙通知"),
        ("2026-03-05（周四）台风停工 1 天，不计", "市通告"),
    ]


def test_other_hours_break_a_stretch_and_are_written_out():
    rows = [
        CalendarDay.work(date(2026, 3, day), Origin.SEASONAL_HOURS, ((540, 720), (840, 1080)), "夏令作息")
        for day in (4, 5)
    ]
    lines = listed("2026-03-02T09:00", "2026-03-06T17:30", CALENDAR.with_rows(rows, "v"))
    assert [line.zh for line in lines] == [
        "第 1 至 2 个工作日：2026-03-02（周一）至 03-03（周二），计 840 分钟",
        "第 3 至 4 个工作日：2026-03-04（周三）至 03-05（周四）夏令作息（作息 09:00–12:00、14:00–18:00），计 840 分钟",
        "第 5 个工作日：2026-03-06（周五），计 420 分钟",
    ]
    assert lines[1].en.endswith(
        "seasonal hours (夏令作息) (hours 09:00–12:00, 14:00–18:00): 840 minutes count"
    )


def test_the_turn_of_an_unpublished_year_is_said():
    lines = listed("2026-12-31T09:00", "2027-01-04T17:30")
    assert [line.zh for line in lines] == [
        "第 1 个工作日：2026-12-31（周四），计 420 分钟",
        "第 2 个工作日：2027-01-01（周五）放假安排未公布，暂按工作日，计 420 分钟",
        "2027-01-02（周六）至 01-03（周日）周末（放假安排未公布，暂按周末） 2 天，不计",
        "第 3 个工作日：2027-01-04（周一）放假安排未公布，暂按工作日，计 420 分钟",
    ]


@pytest.mark.parametrize("edge", ["2026-03-02T09:00", "2026-02-28T09:00"])
def test_before_anything_counts_there_is_no_line(edge):
    assert listed("2026-03-02T09:00", edge) == []


def test_an_edge_before_the_hours_of_its_day_leaves_that_day_out():
    assert len(listed("2026-03-02T09:00", "2026-03-03T08:00")) == 1
    assert len(listed("2026-03-02T09:00", "2026-03-03T00:00")) == 1


@given(some.integers(0, 8000), some.integers(1, 90 * 86_400))
def test_the_minutes_of_the_lines_are_the_working_time_between(day, seconds):
    opening = datetime(2004, 1, 1, tzinfo=SHANGHAI) + timedelta(days=day, hours=9)
    edge = opening + timedelta(seconds=seconds)
    lines = list(day_lines(CALENDAR, opening.date(), opening, edge))
    sums = CALENDAR.worked
    expected = sums.before(CALENDAR.wall_within(edge)) - sums.before(CALENDAR.wall_within(opening))
    assert sum((line.worked or timedelta() for line in lines), timedelta()) == timedelta(
        microseconds=expected
    )
    for earlier, later in pairwise(lines):
        assert earlier.ends <= later.starts
