from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.errors import Bilingual
from policy_pack.engine.evaluation import Evaluation, Money, Outcome
from policy_pack.engine.policy import Amount, Benefit, Cap, Category, Policy, Source, Validity
from policy_pack.impacts import tally
from policy_pack.impacts.tally import (
    NOTHING,
    Cost,
    Tally,
    cost_of,
    decides_alike,
    minus,
    plus,
)

SOMEBODY = UUID(int=1)
POLICY = Policy(
    "P1", Bilingual("一", "one"), Category.RESEARCH, "湖北", "live", Source("x", "A", date(2026, 1, 1)), "x",
    Validity(None, None, ""), (), Amount(Benefit.GRANT, Bilingual("一", "one"), caps=(Cap(Decimal(5)),)),
)  # fmt: skip


def an_evaluation(outcome: Outcome, low: int | None = None, high: int | None = None) -> Evaluation:
    money = None if low is None else Money(low, high, "x")
    return Evaluation("P1", outcome, (), amount=money)


ELIGIBLE, INELIGIBLE = an_evaluation(Outcome.ELIGIBLE, 50, 50), an_evaluation(Outcome.INELIGIBLE)


@pytest.mark.parametrize(
    ("evaluation", "cost"),
    [
        (None, NOTHING),
        (INELIGIBLE, NOTHING),
        (an_evaluation(Outcome.NOT_IN_FORCE), NOTHING),
        (an_evaluation(Outcome.ELIGIBLE), NOTHING),
        (ELIGIBLE, Cost(50, 50)),
        (an_evaluation(Outcome.ELIGIBLE, 10, None), Cost(10, None)),
        (an_evaluation(Outcome.MISSING_FACTS, 30, 50), Cost(0, 50)),
        (an_evaluation(Outcome.NEEDS_REVIEW, 30, 50), Cost(0, 50)),
    ],
)
def test_what_one_enterprise_costs(evaluation, cost):
    assert cost_of(evaluation) == cost


def test_who_becomes_eligible_and_who_no_longer_is():
    counted = Tally()
    for n, (before, after) in enumerate(
        [
            (INELIGIBLE, ELIGIBLE),
            (ELIGIBLE, INELIGIBLE),
            (ELIGIBLE, ELIGIBLE),
            (None, ELIGIBLE),
            (None, INELIGIBLE),
        ]
    ):
        counted.add(UUID(int=n), [(before, after)])
    said = counted.result()
    assert said["newly"] == [str(UUID(int=0)), str(UUID(int=3))]
    assert said["no_longer"] == [str(UUID(int=1))]
    assert (said["newly_count"], said["no_longer_count"]) == (2, 1)
    assert said["before"] == {
        "eligible": 2, "ineligible": 1, "missing_facts": 0, "needs_review": 0, "not_in_force": 2,
    }  # fmt: skip
    assert said["after"]["eligible"] == 3


@pytest.mark.parametrize(
    ("outcomes", "best"),
    [
        ("ineligible eligible missing_facts", "eligible"),
        ("missing_facts needs_review ineligible", "needs_review"),
        ("not_in_force ineligible missing_facts", "missing_facts"),
        ("not_in_force ineligible", "ineligible"),
    ],
)
def test_an_enterprise_with_several_projects_counts_once_by_the_best_and_costs_as_much_as_all(outcomes, best):
    counted = Tally()
    pairs = [(None, an_evaluation(Outcome(each), 50, 50)) for each in outcomes.split()]
    counted.add(SOMEBODY, [*pairs, (None, INELIGIBLE)])
    said = counted.result()
    assert {name: count for name, count in said["after"].items() if count} == {best: 1}
    assert said["before"]["not_in_force"] == 1
    assert counted.after == sum_of_costs(pairs)


def test_what_is_capped_per_applicant_is_capped_over_all_its_projects():
    counted = Tally(most_before=60, most_after=120)
    counted.add(SOMEBODY, [(ELIGIBLE, ELIGIBLE)] * 3)
    assert (counted.before, counted.after, counted.change) == (Cost(60, 60), Cost(120, 120), Cost(60, 60))
    counted.add(SOMEBODY, [(an_evaluation(Outcome.ELIGIBLE, 10, None), INELIGIBLE)])
    assert counted.before == Cost(70, 120)


def sum_of_costs(pairs):
    costs = [cost_of(after) for _, after in pairs]
    return Cost(sum(each.low for each in costs), sum(each.high for each in costs))


def test_the_change_is_exact_where_both_amounts_are():
    counted = Tally()
    counted.add(SOMEBODY, [(ELIGIBLE, an_evaluation(Outcome.ELIGIBLE, 80, 80))])
    counted.add(SOMEBODY, [(ELIGIBLE, INELIGIBLE)])
    assert (counted.before, counted.after, counted.change) == (Cost(100, 100), Cost(80, 80), Cost(-20, -20))


def test_open_facts_make_the_change_a_range():
    counted = Tally()
    counted.add(SOMEBODY, [(ELIGIBLE, an_evaluation(Outcome.MISSING_FACTS, 80, 90))])
    assert counted.change == Cost(-50, 40)


def test_what_nothing_bounds_leaves_the_change_open():
    counted = Tally()
    counted.add(SOMEBODY, [(an_evaluation(Outcome.ELIGIBLE, 10, None),) * 2])
    assert (counted.before, counted.change) == (Cost(10, None), Cost(None, None))


def test_a_text_that_decides_alike_changes_no_fen_whatever_is_open():
    counted = Tally(is_alike=True)
    open_ = an_evaluation(Outcome.MISSING_FACTS, 10, None)
    counted.add(SOMEBODY, [(open_, open_)])
    assert counted.change == NOTHING
    counted.add(SOMEBODY, [(an_evaluation(Outcome.NOT_IN_FORCE), ELIGIBLE)])
    assert counted.change == Cost(50, 50)


def test_texts_decide_alike_when_clauses_and_amount_are_the_same():
    later = Validity(date(2026, 1, 1), None, "")
    assert decides_alike(POLICY, replace(POLICY, status="old", validity=later))
    assert not decides_alike(POLICY, replace(POLICY, amount=None))
    assert not decides_alike(None, POLICY)


def test_only_so_many_are_named_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(tally, "NAMED_AT_MOST", 2)
    counted = Tally()
    for n in range(5):
        counted.add(UUID(int=n), [(None, ELIGIBLE)])
    said = counted.result()
    assert (len(said["newly"]), said["newly_count"]) == (2, 5)


FEN = st.integers(0, 1000)
MONIES = st.tuples(FEN, FEN).map(sorted)
EVALUATIONS = st.builds(
    lambda outcome, money: an_evaluation(outcome, *money), st.sampled_from(list(Outcome)), MONIES
)


def inside(cost: Cost, fen: int) -> bool:
    return (cost.low is None or cost.low <= fen) and (cost.high is None or fen <= cost.high)


PER_CENT = st.integers(0, 100)


def paid(evaluation: Evaluation, per_cent: int) -> int:
    """What it turns out to cost, so far along its range."""
    low, high = cost_of(evaluation)
    return low + (high - low) * per_cent // 100


@given(st.lists(st.tuples(EVALUATIONS, EVALUATIONS, PER_CENT, PER_CENT), max_size=6))
def test_the_change_contains_every_way_in_which_open_facts_may_come_out(pairs):
    counted, difference = Tally(), 0
    for before, after, first, second in pairs:
        counted.add(SOMEBODY, [(before, after)])
        difference += paid(after, second) - paid(before, first)
    assert inside(counted.change, difference)


@given(MONIES, MONIES)
def test_what_is_added_and_taken_away_again_contains_what_there_was(one, other):
    left = minus(plus(Cost(*one), Cost(*other)), Cost(*other))
    assert left.low <= one[0] <= one[1] <= left.high
