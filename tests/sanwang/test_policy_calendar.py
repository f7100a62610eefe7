"""Deadlines of policies count the working days of the response clocks' own calendar."""

from datetime import date

import pytest

from policy_pack import deadlines
from sanwang.policy_calendar import working_days


def test_holidays_and_make_up_days_are_those_of_the_state_council(session):
    # Spring Festival 2026: 02-15 to 02-23 off, 02-14 and 02-28 (Saturdays) worked.
    assert working_days(session, date(2026, 2, 14), date(2026, 2, 24)) == 2
    assert working_days(session, date(2026, 2, 28), date(2026, 2, 28)) == 1


def test_a_day_alone_is_counted_and_nothing_before_it(session):
    assert working_days(session, date(2026, 3, 10), date(2026, 3, 10)) == 1
    assert working_days(session, date(2026, 3, 11), date(2026, 3, 10)) == 0


def test_past_what_a_calendar_can_be_computed_for_nothing_is_invented(session):
    assert working_days(session, date(2026, 3, 10), date(2040, 1, 1)) is None


def test_the_assembly_has_put_it_in():
    import sanwang.features  # noqa: F401

    assert deadlines._installed == [working_days]


@pytest.mark.parametrize("last", [date(2026, 12, 31), date(2027, 6, 30)])
def test_it_counts_to_the_end_of_the_published_year_and_provisionally_beyond(session, last):
    assert working_days(session, date(2026, 3, 10), last) > 200 - (last.year == 2026) * 100
