"""The working calendar against the notices, and every way of changing it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.sla.calendar import (
    DEFAULT_HOURS,
    SHANGHAI,
    CalendarDay,
    Origin,
    WorkCalendar,
    published_calendar,
    shanghai_date,
)
from sky_net.sla.errors import CalendarInvalid, CalendarNotPublished, NaiveInstant
from sky_net.sla.prefix import instant, wall

CALENDAR = published_calendar()


def test_a_make_up_saturday_is_worked_and_says_for_which_holiday():
    row = CALENDAR.day(date(2026, 2, 14))
    assert (row.is_workday, row.origin, row.segments) == (True, Origin.MAKE_UP, DEFAULT_HOURS)
    assert row.name == "春节调休上班"
    assert "2026" in row.source


def test_spring_festival_2026_is_off_from_the_15th_to_the_23rd():
    off = [row.on.day for row in CALENDAR.days(date(2026, 2, 14), date(2026, 2, 24)) if not row.is_workday]
    assert off == list(range(15, 24))
    assert {CALENDAR.day(date(2026, 2, day)).origin for day in off} == {Origin.STATUTORY}


def test_an_ordinary_weekend_is_weekly_and_names_the_regulation():
    row = CALENDAR.day(date(2026, 3, 7))
    assert (row.is_workday, row.origin) == (False, Origin.WEEKLY)
    assert "职工工作时间" in row.source


def test_the_last_days_of_december_belong_to_the_notice_of_the_next_year():
    assert "2019" in CALENDAR.day(date(2018, 12, 31)).source


def test_the_calendar_agrees_with_chinesecalendar_on_every_published_date():
    import chinese_calendar

    days = list(CALENDAR.days(CALENDAR.first, CALENDAR.horizon))
    assert [row.is_workday for row in days] == [chinese_calendar.is_workday(row.on) for row in days]
    assert CALENDAR.first == date(2004, 1, 1)
    assert CALENDAR.horizon == date(days[-1].on.year, 12, 31)


def test_past_the_horizon_monday_to_friday_count_and_no_holiday_is_assumed():
    past = list(CALENDAR.days(CALENDAR.horizon + timedelta(days=1), CALENDAR.last))
    assert len(past) == 366
    assert {row.origin for row in past} == {Origin.ASSUMED}
    assert all(row.is_workday == (row.on.weekday() < 5) for row in past)


@pytest.mark.parametrize("on", [date(1900, 1, 1), date(2003, 12, 31), date(2200, 1, 1)])
def test_years_without_a_notice_are_refused_by_name(on):
    with pytest.raises(CalendarNotPublished) as refusal:
        CALENDAR.day(on)
    assert refusal.value.code == "calendar_not_published"
    assert str(on) in refusal.value.zh
    assert str(on) in refusal.value.en


def test_the_day_after_the_reach_is_refused_and_the_last_one_is_not():
    assert CALENDAR.day(CALENDAR.last).origin is Origin.ASSUMED
    with pytest.raises(CalendarNotPublished):
        CALENDAR.day(CALENDAR.last + timedelta(days=1))


def test_provisional_begins_after_midnight_of_the_horizon():
    midnight = datetime.combine(CALENDAR.horizon + timedelta(days=1), datetime.min.time(), SHANGHAI)
    assert not CALENDAR.is_provisional(midnight)
    assert CALENDAR.is_provisional(midnight + timedelta(microseconds=1))


def test_a_typhoon_day_gives_a_new_calendar_and_leaves_the_old_one_alone():
    on = date(2026, 9, 10)
    row = CalendarDay.rest(on, Origin.LOCAL_OVERRIDE, "台风停工", "市防汛防旱指挥部通告(演示)")
    revised = CALENDAR.with_rows([row], "typhoon-demo")
    assert not revised.day(on).is_workday
    assert CALENDAR.day(on).is_workday
    assert revised.version != CALENDAR.version
    assert revised.worked.total == CALENDAR.worked.total - 420 * 60_000_000


def test_seasonal_hours_change_the_working_time_of_a_day():
    on = date(2026, 7, 1)
    row = CalendarDay.work(on, Origin.SEASONAL_HOURS, ((540, 720), (840, 1080)), "夏令作息")
    assert CALENDAR.with_rows([row], "summer").day(on).segments[1] == (840, 1080)


def test_an_override_outside_the_reach_is_refused():
    with pytest.raises(CalendarNotPublished):
        CALENDAR.with_rows([CalendarDay.rest(date(2003, 1, 1), Origin.LOCAL_OVERRIDE)], "v")


def test_the_next_years_notice_moves_the_horizon_and_keeps_earlier_orders():
    year = CALENDAR.horizon.year + 1
    typhoon = CalendarDay.rest(date(year, 8, 3), Origin.LOCAL_OVERRIDE, "台风停工")
    holiday = CalendarDay.rest(date(year, 1, 1), Origin.STATUTORY, "元旦", "演示通知")
    early = CalendarDay.work(date(year - 1, 12, 26), Origin.MAKE_UP, name="元旦调休上班")
    loaded = CALENDAR.with_rows([typhoon], "a").with_notice(year, [holiday, early], "演示通知", "b")
    assert loaded.horizon == date(year, 12, 31)
    assert loaded.day(date(year, 1, 1)) is holiday
    assert loaded.day(date(year - 1, 12, 26)) is early
    assert loaded.day(date(year, 8, 3)) is typhoon
    assert loaded.day(date(year, 3, 1)).origin is Origin.WEEKLY
    assert loaded.day(date(year + 1, 3, 1)).origin is Origin.ASSUMED


def test_a_notice_that_would_leave_a_gap_or_repeat_a_year_is_refused():
    for year in (CALENDAR.horizon.year, CALENDAR.horizon.year + 2):
        with pytest.raises(CalendarInvalid):
            CALENDAR.with_notice(year, [], "演示通知", "v")


def test_a_notice_may_not_speak_of_a_later_year():
    year = CALENDAR.horizon.year + 1
    stray = CalendarDay.rest(date(year + 1, 1, 1), Origin.STATUTORY)
    with pytest.raises(CalendarNotPublished):
        CALENDAR.with_notice(year, [stray], "演示通知", "v")


@pytest.mark.parametrize(
    "segments", [((720, 540),), ((540, 720), (700, 900)), ((540, 1441),), ((-1, 10),), ((9, 9),)]
)
def test_hours_that_contradict_themselves_are_refused(segments):
    with pytest.raises(CalendarInvalid):
        CalendarDay.work(date(2026, 1, 5), Origin.WEEKLY, segments)


def test_a_workday_without_hours_and_a_day_off_with_hours_are_refused():
    with pytest.raises(CalendarInvalid):
        CalendarDay(date(2026, 1, 5), True, (), Origin.WEEKLY)
    with pytest.raises(CalendarInvalid):
        CalendarDay(date(2026, 1, 5), False, DEFAULT_HOURS, Origin.WEEKLY)


def test_a_calendar_with_a_missing_date_is_refused():
    rows = {row.on: row for row in CALENDAR.days(date(2026, 1, 1), date(2026, 1, 31)) if row.on.day != 9}
    with pytest.raises(CalendarInvalid) as refusal:
        WorkCalendar("holes", date(2026, 1, 1), date(2026, 1, 31), rows)
    assert "2026-01-09" in refusal.value.en


def test_a_standard_day_is_the_sum_of_its_hours():
    assert CALENDAR.standard_day == timedelta(hours=7)


@given(st.integers(0, 24 * 365 * 86_400_000_000))
def test_the_constant_shift_is_shanghai_time_and_loses_nothing(micros):
    at = datetime(2004, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    local = at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert shanghai_date(at) == local.date()
    assert at.astimezone(SHANGHAI).replace(tzinfo=None) == local.replace(tzinfo=None)
    assert instant(wall(at)) == at


def test_an_instant_without_an_offset_is_refused():
    with pytest.raises(NaiveInstant):
        CALENDAR.is_provisional(datetime(2026, 1, 1))  # noqa: DTZ001 - the naive value is what is tested
