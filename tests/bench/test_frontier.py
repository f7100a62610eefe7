"""The bound on evenness: nothing that was ever assigned lies below it, and a linear programme finds the same."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from bench.frontier import frontier
from sky_net.assignments.balance import Assignment
from sky_net.assignments.exposure import discounts, worth
from sky_net.assignments.flow import flow
from sky_net.assignments.table import Table, best_first
from tests.factories.assignments import a_day, a_skewed_day, days


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("evenness", [0.0, 0.1, 0.5, 2.0])
def test_no_assignment_is_evener_at_its_ndcg(seed, evenness):
    day = a_skewed_day(seed, quota=300)
    made = Assignment(day, flow(day, evenness), evenness)
    assert frontier(day, made.ndcg_kept, 60).least <= made.gini + 1e-9


@settings(max_examples=40, deadline=None)
@given(days(needs=4))
def test_nor_on_any_small_day_that_is_filled(day):
    made = Assignment(day, flow(day, 0.3), 0.3)
    if made.offered and made.offered == made.wanted:
        assert frontier(day, made.ndcg_kept, 20).least <= made.gini + 1e-9


def test_the_bound_is_tight_up_to_what_a_mixture_reaches():
    day = a_skewed_day(needs=100, quota=100)
    found, plain = frontier(day, 0.995), Assignment(day, best_first(day), 0.0)
    assert found.mixed - 0.02 * plain.gini <= found.least <= found.mixed
    assert 0 < found.least < plain.gini


def test_less_ndcg_buys_more_evenness_and_all_of_it_buys_none():
    day = a_skewed_day(needs=100, quota=100)
    plain = Assignment(day, best_first(day), 0.0).gini
    bounds = [frontier(day, each, 60).least for each in (0.98, 0.99, 1.0)]
    assert bounds == sorted(bounds)
    assert 0.8 * plain < bounds[2] <= plain + 1e-9


def test_where_nothing_can_be_chosen_the_bound_is_what_is():
    day = a_day({"n1": {"a": 0.9}, "n2": {"a": 0.8}, "n3": {"b": 0.7}}, quotas=3)
    found = frontier(day, 0.97)
    assert (found.least, found.mixed) == pytest.approx((1 / 6, 1 / 6))


@pytest.mark.parametrize("ndcg", [0.9, 0.97])
def test_a_linear_programme_finds_the_same(ndcg):
    day = a_skewed_day(4, needs=12, institutes=6, quota=12)
    found, least = frontier(day, ndcg, 800), optimum(day, ndcg)
    assert found.least <= least + 1e-7 <= found.mixed + 2e-7
    assert found.least == pytest.approx(least, rel=0.03)


def optimum(day: Table, ndcg: float) -> float:
    """By HiGHS: the part of each candidate at each place, and above each pair of institutes how far apart they are."""
    places = np.minimum(day.places, day.candidates_of_needs)
    cells = [(at, place) for at, need in enumerate(day.need) for place in range(places[need])]
    pairs = list(itertools.combinations(np.flatnonzero(day.candidates_of_institutes), 2))
    ideal, weights, count = worth(day, best_first(day)), discounts(np.arange(3)), len(cells)
    exposed = np.zeros((len(day.institutes), count))
    gain = np.zeros(count)
    for column, (at, place) in enumerate(cells):
        exposed[day.institute[at], column] = weights[place]
        gain[column] = weights[place] * day.score[at] / ideal[day.need[at]] / len(day.needs)
    above = [
        np.r_[sign * (exposed[one] - exposed[other]), -np.eye(len(pairs))[row]]
        for row, (one, other) in enumerate(pairs)
        for sign in (1, -1)
    ]
    once = [
        np.r_[[float(each == at) for each, _ in cells], np.zeros(len(pairs))] for at in range(len(day.need))
    ]
    filled = [
        np.r_[[float((day.need[at], each) == (need, place)) for at, each in cells], np.zeros(len(pairs))]
        for need in range(len(day.needs))
        for place in range(places[need])
    ]
    solved = linprog(
        np.r_[np.zeros(count), np.ones(len(pairs))],
        A_ub=[*above, *once, np.r_[-gain, np.zeros(len(pairs))]],
        b_ub=np.r_[np.zeros(len(above)), np.ones(len(once)), -ndcg],
        A_eq=filled, b_eq=np.ones(len(filled)),
    )  # fmt: skip
    assert solved.status == 0
    total = sum(weights[place] for need in range(len(day.needs)) for place in range(places[need]))
    institutes = np.count_nonzero(day.candidates_of_institutes)
    return float(solved.fun) / (institutes * total)
