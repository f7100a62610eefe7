"""How long one may still apply: by the policy's own days, in working days of whoever keeps the calendar."""

from dataclasses import replace
from datetime import date

import pytest

from policy_pack import deadlines
from policy_pack.deadlines import CLOSING, deadline_of, install_working_days
from policy_pack.engine.packs import shipped_pack
from policy_pack.engine.policy import Validity

TODAY = date(2026, 3, 10)
LAST = date(2026, 3, 20)


@pytest.fixture
def counted(monkeypatch):
    """A calendar on which every day is worked, and what it was asked."""
    asked = []

    def count(session, first, last):
        asked.append((first, last))
        return (last - first).days + 1

    monkeypatch.setattr(deadlines, "_installed", [])
    install_working_days(count)
    return asked


def until(last):
    return replace(shipped_pack().policies["P8"], validity=Validity(None, last, "测试"))


def test_working_days_are_counted_from_today_to_the_last_day(counted):
    found = deadline_of(None, until(LAST), TODAY)
    assert (found.until_on, found.working_days_left, counted) == (LAST, 11, [(TODAY, LAST)])


def test_a_policy_without_an_end_has_no_days_left_to_count(counted):
    found = deadline_of(None, until(None), TODAY)
    assert (found.until_on, found.working_days_left, found.is_closing) == (None, None, False)
    assert counted == []


@pytest.mark.parametrize(("last", "left"), [(TODAY, 1), (date(2026, 3, 9), 0)])
def test_the_last_day_belongs_to_it_and_the_day_after_is_too_late(counted, last, left):
    assert deadline_of(None, until(last), TODAY).working_days_left == left


@pytest.mark.parametrize(("last", "is_closing"), [(date(2026, 3, 19), True), (date(2026, 3, 20), False)])
def test_it_closes_when_few_days_are_left(counted, last, is_closing):
    assert (date(2026, 3, 19) - TODAY).days + 1 == CLOSING
    assert deadline_of(None, until(last), TODAY).is_closing is is_closing


def test_without_a_calendar_nothing_is_counted(monkeypatch):
    monkeypatch.setattr(deadlines, "_installed", [])
    found = deadline_of(None, until(LAST), TODAY)
    assert (found.until_on, found.working_days_left) == (LAST, None)
