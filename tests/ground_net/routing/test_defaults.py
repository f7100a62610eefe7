from datetime import date

import pytest

from ground_net.routing import defaults
from ground_net.routing.complexity import WHY
from ground_net.routing.defaults import defaults_on, read_defaults, shipped_defaults

SHIPPED = defaults._FILE.read_text("utf-8")
DAY = date(2026, 3, 10)


def test_the_shipped_numbers_are_our_own_and_name_every_contribution():
    shipped = defaults_on(DAY)
    assert shipped.contributions.keys() == WHY.keys()
    assert shipped.source == "default of this platform"
    assert shipped.accept_within_days == 1


@pytest.mark.parametrize(
    ("said", "instead", "why"),
    [
        ("points: 12, full: 6", "points: 13, full: 6", "add up"),
        ("industry: 30", "industry: 31", "add up"),
        ("{points: 12, full: 6}", "{points: 12, full: 0}", "takes points away"),
        ("simple_below: 30", "simple_below: 60", "in order"),
        ("accept_within_days: 1", "accept_within_days: 0", "in order"),
        ("status: own", "status: published", "source"),
    ],
)
def test_numbers_that_do_not_hold_together_are_refused(said, instead, why):
    assert said in SHIPPED
    with pytest.raises(ValueError, match=why):
        read_defaults(SHIPPED.replace(said, instead, 1))


def test_two_rows_may_not_count_on_one_day_and_each_counts_on_its_own(monkeypatch):
    row = SHIPPED[SHIPPED.index("- from") :]
    earlier = row.replace("to: null", "to: 2026-03-09")
    later = row.replace("from: null", "from: 2026-03-10").replace("hard_from: 55", "hard_from: 70")
    with pytest.raises(ValueError, match="one day"):
        read_defaults(row + later)
    rows = read_defaults(earlier + later)
    monkeypatch.setattr("ground_net.routing.defaults.shipped_defaults", lambda: rows)
    assert [defaults_on(day).hard_from for day in (date(2026, 3, 9), DAY)] == [55, 70]
    monkeypatch.setattr("ground_net.routing.defaults.shipped_defaults", lambda: rows[1:])
    with pytest.raises(KeyError):
        defaults_on(date(2026, 3, 9))


def test_they_are_read_once():
    assert shipped_defaults() is shipped_defaults()
