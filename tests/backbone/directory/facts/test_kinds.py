from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.directory.facts.kinds import FACT_KINDS, UNITS, problem_with_day, problem_with_value

DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))


def test_every_kind_has_both_names_a_unit_and_a_limit():
    for code, kind in FACT_KINDS.items():
        assert kind.label.zh and str(kind.label)  # noqa: PT018 - one statement: both names are there
        assert kind.unit in UNITS
        assert 0 < kind.most < 2**53, code


def test_every_unit_is_used():
    assert {kind.unit for kind in FACT_KINDS.values()} == set(UNITS)


def test_money_is_in_fen_and_shares_in_hundredths_of_a_percent():
    assert {code for code, kind in FACT_KINDS.items() if kind.unit == "fen"} == {
        "revenue", "rd_expense", "equity_raised", "total_assets",
    }  # fmt: skip
    assert FACT_KINDS["rd_domestic_share"].most == 10_000


@given(st.sampled_from(list(FACT_KINDS)), DAYS)
def test_a_figure_of_a_year_is_as_of_its_last_day_and_any_other_as_of_any_day(kind, day):
    refused = problem_with_day(kind, day) is not None
    assert refused == (FACT_KINDS[kind].of_a_year and (day.month, day.day) != (12, 31))


@given(st.sampled_from(list(FACT_KINDS)), st.integers())
def test_a_value_lies_between_nothing_and_the_most(kind, value):
    assert (problem_with_value(kind, value) is None) == (0 <= value <= FACT_KINDS[kind].most)


@pytest.mark.parametrize("kind", FACT_KINDS)
def test_a_refused_value_is_told_the_most_and_its_unit(kind):
    problem = problem_with_value(kind, FACT_KINDS[kind].most + 1)
    assert str(FACT_KINDS[kind].most) in problem.zh
    assert UNITS[FACT_KINDS[kind].unit].zh in problem.zh
