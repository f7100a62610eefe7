"""What leaves and trees say: thresholds to the last digit, absence, days, and Kleene's three values."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Between,
    Not,
    Sign,
    Within,
    WithinYearsAfter,
    YearsBefore,
    keys_of,
)
from policy_pack.engine.truth import OPPOSITE, anniversary, truth_of
from tests.factories.policies import (
    DAY,
    at,
    completions,
    conditions,
    facts_for,
    has,
    holds,
    known,
    mean,
    no,
    one_of,
    share,
    total,
    yes,
)

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def truth(condition, as_of=DAY, **stated):
    return truth_of(condition, known(**stated), as_of)


@pytest.mark.parametrize(
    ("sign", "below", "on", "above"),
    [
        ("at_least", FALSE, TRUE, TRUE), ("above", FALSE, FALSE, TRUE), ("at_most", TRUE, TRUE, FALSE),
        ("below", TRUE, FALSE, FALSE), ("equals", FALSE, TRUE, FALSE), ("differs", TRUE, FALSE, TRUE),
    ],
)  # fmt: skip
def test_a_threshold_is_read_to_the_last_digit(sign, below, on, above):
    leaf = at("revenue", sign, "5000")
    assert [truth(leaf, revenue=value) for value in (4999.999999, 5000, 5000.000001)] == [below, on, above]


@pytest.mark.parametrize("sign", Sign)
@pytest.mark.parametrize("term", ["a", total("a", "b"), mean("a", "b"), share("a", "c"), share("c", "a")])
def test_no_comparison_holds_of_what_is_known_to_be_absent(sign, term):
    leaf = at(term, sign, 0)
    assert truth(leaf, a=None, b=None, c=1) is FALSE
    assert truth(Not(leaf), a=None, b=None, c=1) is TRUE


def test_a_flag_a_choice_and_a_set_that_are_absent():
    assert truth(yes("f"), f=None) is FALSE
    assert truth(no("f"), f=None) is TRUE
    assert truth(one_of("k", "x"), k=None) is FALSE
    assert truth(has("s", "x"), s=None) is FALSE
    assert truth(Not(has("s", "x")), s=None) is TRUE


def test_absent_members_count_for_nothing_in_a_sum_and_leave_a_mean():
    assert truth(at(total("a", "b"), "equals", 4), a=4, b=None) is TRUE
    assert truth(at(mean("a", "b"), "equals", 4), a=4, b=None) is TRUE
    assert truth(at(mean("a", "b"), "equals", 4), a=4, b=0) is FALSE


@pytest.mark.parametrize("under", [0, -1, None])
@pytest.mark.parametrize("sign", Sign)
def test_over_nothing_no_ratio_compares(under, sign):
    assert truth(at(share("a", "b"), sign, "0.1"), a=1, b=under) is FALSE


def test_ratios_and_means_of_exactly_the_threshold_are_on_it():
    third = at(mean("a", "b", "c"), "equals", "0.1")
    assert truth(third, a=0.1, b=0.1, c=0.1) is TRUE
    assert truth(at(share("a", "b"), "at_least", "0.03"), a=0.09, b=3) is TRUE
    assert truth(at(share(total("a", "b"), total("c", "d")), "above", "0.05"), a=1, b=2, c=30, d=30) is FALSE


def test_numbers_of_any_size_are_compared_exactly():
    huge = at(total("a", "b"), "above", "1e300")
    assert truth_of(huge, known(a=float("1e300"), b=1e-9), DAY) is TRUE
    assert truth_of(huge, known(a=float("1e300"), b=0), DAY) is FALSE


@pytest.mark.parametrize(
    ("day", "at_least", "below", "at_most"),
    [
        (date(2025, 3, 1), TRUE, FALSE, FALSE), (date(2025, 3, 2), TRUE, FALSE, TRUE), (date(2025, 3, 3), FALSE, TRUE, TRUE),
        (DAY, FALSE, TRUE, TRUE), (date(2026, 3, 3), FALSE, FALSE, FALSE), (date.min, TRUE, FALSE, FALSE),
        (date.max, FALSE, FALSE, FALSE),
    ],
)  # fmt: skip
def test_an_age_turns_on_the_day_of_the_year_and_a_day_to_come_has_none(day, at_least, below, at_most):
    asked = [YearsBefore("day", sign, 1) for sign in (Sign.AT_LEAST, Sign.BELOW, Sign.AT_MOST)]
    assert [truth(leaf, day=day) for leaf in asked] == [at_least, below, at_most]
    assert [truth(leaf, day=None) for leaf in asked] == [FALSE] * 3


def test_who_was_founded_on_the_29th_of_february_is_a_year_old_on_the_28th():
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert anniversary(date(2024, 2, 29), 4) == date(2028, 2, 29)
    leaf = YearsBefore("day", Sign.AT_LEAST, 1)
    assert truth(leaf, date(2025, 2, 28), day=date(2024, 2, 29)) is TRUE
    assert truth(leaf, date(2025, 2, 27), day=date(2024, 2, 29)) is FALSE


def test_the_end_of_the_second_year_after_is_the_last_day():
    leaf = WithinYearsAfter("day", 2)
    assert truth(leaf, date(2026, 12, 31), day=date(2024, 1, 1)) is TRUE
    assert truth(leaf, date(2027, 1, 1), day=date(2024, 12, 31)) is FALSE


def test_both_days_of_a_span_belong_to_it():
    leaf = Between("day", date(2025, 1, 1), date(2025, 12, 31))
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1))
    assert [truth(leaf, day=day) for day in days] == [FALSE, TRUE, TRUE, FALSE]
    assert truth(Between("day", None, None), day=date.max) is TRUE


def test_a_place_is_read_as_people_write_it():
    assert truth(Within("region", "武汉市"), region="湖北省武汉市东湖高新区") is TRUE
    assert truth(Within("region", "武汉市"), region="宜昌市") is FALSE


def test_what_is_unknown_or_disputed_leaves_a_leaf_unknown():
    assert truth(yes("f")) is UNKNOWN
    assert truth_of(yes("f"), Facts({"f": Gap.DISPUTED}), DAY) is UNKNOWN
    assert truth(at(total("a", "b"), "above", 1), a=5) is UNKNOWN


def test_one_part_that_decides_is_enough_and_no_part_is_the_rule_itself():
    assert truth(All((yes("f"), no("g"))), g=True) is FALSE
    assert truth(AnyOf((yes("f"), yes("g"))), g=True) is TRUE
    assert truth(All((yes("f"), yes("g"))), g=True) is UNKNOWN
    assert truth(All(())) is TRUE
    assert truth(AnyOf(())) is FALSE


@given(some.data(), conditions())
@settings(max_examples=60, deadline=None)
def test_with_everything_known_it_is_what_it_means(data, condition):
    facts = data.draw(facts_for(keys_of(condition), open_at_most=0))
    assert truth_of(condition, facts, DAY) is (TRUE if holds(condition, facts) else FALSE)


@given(some.data(), conditions())
@settings(max_examples=80, deadline=None)
def test_what_it_decides_with_open_facts_every_completion_says(data, condition):
    facts = data.draw(facts_for(keys_of(condition), open_at_most=2))
    found = truth_of(condition, facts, DAY)
    if found is not UNKNOWN:
        said = {truth_of(condition, completed, DAY) for completed in completions(facts, keys_of(condition))}
        assert said == {found}


@given(some.data(), some.lists(conditions(), max_size=3))
@settings(deadline=None)
def test_de_morgan_double_negation_and_order(data, parts):
    facts = data.draw(facts_for([key for part in parts for key in keys_of(part)], open_at_most=4))
    denied = tuple(map(Not, parts))
    assert truth_of(Not(All(tuple(parts))), facts, DAY) is truth_of(AnyOf(denied), facts, DAY)
    assert truth_of(Not(AnyOf(tuple(parts))), facts, DAY) is truth_of(All(denied), facts, DAY)
    assert truth_of(All(tuple(parts)), facts, DAY) is truth_of(All(tuple(reversed(parts))), facts, DAY)
    for part in parts:
        assert (
            truth_of(Not(Not(part)), facts, DAY)
            is truth_of(part, facts, DAY)
            is OPPOSITE[truth_of(Not(part), facts, DAY)]
        )
