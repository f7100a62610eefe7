"""Months later: never beyond the month that is meant."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from finance_net.awards.effects.months import months_after

DAYS = st.dates(date(1990, 1, 1), date(2150, 12, 31))


@given(DAYS, st.integers(1, 120))
def test_it_is_the_month_that_is_meant_and_its_day_as_far_as_there_is_one(day, months):
    later = months_after(day, months)
    assert later.year * 12 + later.month - day.year * 12 - day.month == months
    assert later.day == min(day.day, (months_after(later.replace(day=1), 1) - timedelta(days=1)).day)


def test_the_last_of_january_is_followed_by_the_last_of_february():
    assert months_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
