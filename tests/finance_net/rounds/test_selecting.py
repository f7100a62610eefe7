"""The solver's answer beside every answer there is, counted out by hand for small rounds."""

import random
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from finance_net.rounds.programme import Programme
from finance_net.rounds.round import limits_of
from finance_net.rounds.round_file import round_of
from finance_net.rounds.selecting import select
from finance_net.rounds.verifying import broken_by
from tests.factories.rounds import a_round, an_application, category

names = st.sampled_from(["a", "b", "B", "c", "d10", "d9"])


@st.composite
def rounds(draw):
    """Up to five applications, few steps each, in a file's shape; half of them with a minimum that may not be met."""
    ids = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    step = draw(st.sampled_from([1, 10]))
    applications = []
    for name in ids:
        least = draw(st.integers(0, 2 * step))
        applications.append(
            an_application(
                name,
                enterprise=draw(st.sampled_from("xy")),
                category=draw(st.sampled_from("AB")),
                groups=draw(st.lists(st.just("g"), max_size=1)),
                score=draw(st.integers(0, 3)),
                min_fen=least,
                max_fen=least + draw(st.integers(0, 2 * step)),
            )
        )
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).map(list)
    return a_round(
        applications,
        budget_fen=draw(st.integers(0, 8 * step)),
        step_fen=step,
        enterprise_cap_fen=draw(st.none() | st.integers(0, 5 * step)),
        categories=[
            category("A", draw(st.sampled_from([0, 0, step, 3 * step])), draw(st.integers(0, 6 * step))),
            category("B", 0, draw(st.integers(0, 6 * step))),
        ],
        groups=[{"id": "g", "max_selected": draw(st.integers(0, 2))}],
        requires=draw(st.lists(pairs, max_size=2)),
    )


def every_selection(asked):
    """Every set of applications with every amount that keeps all limits."""
    ids = [each.id for each in asked.applications]
    steps = {each.id: range(asked.steps(each)[0], asked.steps(each)[1] + 1) for each in asked.applications}
    for size in range(len(ids) + 1):
        for chosen in combinations(ids, size):
            for paid in product(*(steps[name] for name in chosen)):
                amounts = {name: each * asked.step_fen for name, each in zip(chosen, paid, strict=True)}
                if not broken_by(asked, amounts):
                    yield amounts


def best_by_hand(asked):
    """The best of all, by the order that the contract states."""
    scores = {each.id: each.score for each in asked.applications}

    def worth(amounts):
        return sum(scores[name] for name in amounts), len(amounts), sum(amounts.values())

    found = list(every_selection(asked))
    if not found:
        return None
    top = max(worth(amounts) for amounts in found)
    level = [amounts for amounts in found if worth(amounts) == top]
    smallest = min(sorted(amounts) for amounts in level)
    return max(
        (amounts for amounts in level if sorted(amounts) == smallest),
        key=lambda amounts: [amounts[name] for name in smallest],
    )


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_it_is_the_best_of_all_selections(document):
    asked = round_of(document)
    selection, best = select(asked), best_by_hand(asked)
    if best is None:
        assert selection.status == "infeasible"
    else:
        assert (selection.status, selection.amounts) == ("optimal", best)
        assert list(selection.amounts) == sorted(best)


@settings(max_examples=40, deadline=None)
@given(rounds())
def test_of_a_conflict_no_limit_can_be_spared(document):
    asked = round_of(document)
    conflict = select(asked).conflict
    every = {limit.name for limit in limits_of(asked)} | {f"requires:{a}:{b}" for a, b in asked.requires}
    if conflict:
        assert not Programme(asked, without=every - set(conflict)).is_feasible()
    for spared in conflict:
        assert Programme(asked, without=every - set(conflict) | {spared}).is_feasible()


@settings(max_examples=15, deadline=None)
@given(rounds(), st.randoms())
def test_the_order_of_the_file_changes_nothing(document, shuffled):
    turned = {key: shuffled.sample(each, len(each)) if isinstance(each, list) else each
              for key, each in document.items()}  # fmt: skip
    assert select(round_of(turned)) == select(round_of(document))


@settings(max_examples=15, deadline=None)
@given(rounds(), st.integers(1, 20))
def test_more_budget_never_lowers_the_score(document, more):
    poorer = select(round_of(document))
    richer = select(round_of({**document, "budget_fen": document["budget_fen"] + more}))
    assert poorer.conflict or richer.score >= poorer.score


@settings(max_examples=15, deadline=None)
@given(rounds())
def test_an_application_that_nothing_can_pay_changes_nothing(document):
    beyond = an_application("0", min_fen=document["budget_fen"] + 10, max_fen=document["budget_fen"] + 20)
    with_it = {**document, "applications": [beyond, *document["applications"]]}
    assert select(round_of(with_it)).amounts == select(round_of(document)).amounts


def a_large_round(count, seed):
    chance = random.Random(seed)  # a test's data
    applications = [
        an_application(
            f"a{at}",
            enterprise=f"e{chance.randrange(count // 2)}",
            category=chance.choice("AB"),
            score=chance.randint(40, 100),
            min_fen=(least := chance.randint(10, 100)),
            max_fen=least + chance.randint(0, 200),
        )
        for at in range(count)
    ]
    return a_round(
        applications,
        budget_fen=count * 60,
        enterprise_cap_fen=300,
        categories=[category("A", count * 10, count * 35), category("B", 0, count * 35)],
    )


def test_another_solver_finds_the_same_sum_of_scores():
    asked = round_of(a_large_round(40, 7))
    count = len(asked.applications)
    least, most = np.array([asked.steps(each) for each in asked.applications]).T
    eye, nothing = np.eye(count), np.zeros((count, count))
    rows = [
        LinearConstraint(np.hstack([np.diag(least), -eye]), ub=0),
        LinearConstraint(np.hstack([np.diag(-most), eye]), ub=0),
    ]
    for limit in limits_of(asked):
        row = np.zeros(2 * count)
        row[[at + (0 if limit.counts else count) for at in limit.over]] = 1
        rows.append(LinearConstraint(row, limit.least or 0, np.inf if limit.most is None else limit.most))
    scores = np.array([each.score for each in asked.applications])
    bounds = Bounds(0, np.concatenate([np.ones(count), most]))
    second = milp(
        np.concatenate([-scores, nothing[0]]), constraints=rows, bounds=bounds, integrality=np.ones(2 * count)
    )
    assert select(asked).score == round(-second.fun)


def test_scores_beyond_the_exactness_of_floats_are_told_apart():
    applications = [an_application("a", score=2**60), an_application("b", score=2**60 + 1)]
    only_one = [{**each, "groups": ["g"]} for each in applications]
    selection = select(round_of(a_round(only_one)))
    assert (selection.score, list(selection.amounts)) == (2**60 + 1, ["b"])


def test_a_minimum_is_rounded_up_and_a_maximum_down():
    asked = round_of(
        a_round(
            [an_application("a", min_fen=101, max_fen=299), an_application("b", min_fen=101, max_fen=199)],
            step_fen=100,
            budget_fen=599,
        )
    )
    assert select(asked).amounts == {"a": 200}


def test_a_minimum_holds_when_nothing_can_be_selected():
    empty = round_of(a_round([], categories=[category("A", 1, 100)]))
    assert select(empty).conflict == ("category:A:min",)
    assert (select(empty).score, select(empty).amounts) == (0, {})


def test_a_conflict_names_the_minimum_and_the_budget_that_it_outgrows():
    asked = round_of(
        a_round([an_application("a", max_fen=500)], budget_fen=300, categories=[category("A", 400, 500)])
    )
    assert select(asked).conflict == ("budget", "category:A:min")


def test_a_round_without_applications_or_minima_is_filled_with_nothing():
    assert select(round_of(a_round([]))).status == "optimal"


@pytest.mark.slow
def test_five_hundred_applications_come_to_a_proven_optimum():
    asked = round_of(a_large_round(500, 1))
    selection = select(asked)
    assert selection.status == "optimal"
    assert broken_by(asked, selection.amounts) == ()


def test_sums_just_below_the_border_are_solved_and_none_is_lost_in_it():
    most = 2**62 - 1
    several = [an_application("a", score=most, min_fen=1, max_fen=most)]
    found = select(
        round_of(
            a_round(several, budget_fen=most, enterprise_cap_fen=most, categories=[category("A", most, most)])
        )
    )
    assert (found.score, found.amounts) == (most, {"a": most})
