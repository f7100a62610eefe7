"""The flow against two other opinions: every choice there is, and the linear programme of another library."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from sky_net.assignments.exposure import load, worth
from sky_net.assignments.flow import BETTER, UNIT, flow
from sky_net.assignments.table import Table, best_first, table_of
from tests.factories.assignments import a_day, a_skewed_day, days

EVENNESS = st.sampled_from([0.0, 0.01, 0.3, 1.0])


def gains(day: Table) -> np.ndarray:
    ideal = worth(day, best_first(day))[day.need]
    share = day.score / np.where(ideal > 0, ideal, 1)
    return np.rint((share + BETTER * day.score / day.score.max(initial=1e-9)) * UNIT)


def burden(day: Table, taken: int, evenness: float) -> float:
    """What it costs that an institute is offered so many needs."""
    fillable = sum(
        min(places, candidates)
        for places, candidates in zip(day.places, day.candidates_of_needs, strict=True)
    )
    fair = max(fillable, 1) / max(np.count_nonzero(day.candidates_of_institutes), 1)
    steps = ((before + 0.5) / fair for before in range(taken))
    return sum(round(evenness * UNIT * x / (0.5 + x)) for x in steps)


def value(day: Table, chosen: np.ndarray, evenness: float) -> tuple[int, int, float]:
    """(needs served, offers, worth of the offers less what their unevenness costs)."""
    served = len({*day.need[chosen]})
    cost = sum(burden(day, int(taken), evenness) for taken in load(day, chosen))
    return served, int(chosen.sum()), float(gains(day)[chosen].sum() - cost)


def is_allowed(day: Table, chosen: np.ndarray) -> bool:
    needs = np.bincount(day.need[chosen], minlength=len(day.needs))
    return bool((needs <= day.places).all() and (load(day, chosen) <= day.quotas).all())


@settings(max_examples=150, deadline=None)
@given(days(), EVENNESS)
def test_no_choice_is_better(day, evenness):
    found = flow(day, evenness)
    assert is_allowed(day, found)
    choices = (np.array(each, bool) for each in itertools.product((False, True), repeat=len(day.need)))
    best = max(value(day, each, evenness) for each in choices if is_allowed(day, each))
    assert value(day, found, evenness) == pytest.approx(best, abs=len(day.need))  # rounded costs


@pytest.mark.parametrize("evenness", [0.0, 0.05, 0.5])
def test_the_linear_programme_finds_nothing_better(evenness):
    day = a_skewed_day(needs=60, institutes=12, quota=25)
    found = flow(day, evenness)
    assert is_allowed(day, found)
    assert value(day, found, evenness)[2] == pytest.approx(-optimum(day, evenness, int(found.sum())), abs=200)


def optimum(day: Table, evenness: float, offers: int) -> float:
    """The least cost of so many offers, by HiGHS: a variable for each pair and for each step of an institute."""
    most = np.minimum(day.quotas, day.candidates_of_institutes)
    institute = np.repeat(np.arange(len(most)), most)
    steps = [
        burden(day, each + 1, evenness) - burden(day, each, evenness)
        for count in most
        for each in range(count)
    ]
    pairs, costs = len(day.need), np.r_[-gains(day), steps]

    def incidence(rows: np.ndarray, height: int) -> sparse.csr_matrix:
        ones = np.ones(len(rows))
        return sparse.csr_matrix((ones, (rows, np.arange(len(rows)))), shape=(height, len(rows)))

    of_needs = sparse.hstack(
        [incidence(day.need, len(day.needs)), sparse.csr_matrix((len(day.needs), len(steps)))]
    )
    balance = sparse.hstack([incidence(day.institute, len(most)), -incidence(institute, len(most))])
    total = sparse.csr_matrix(np.r_[np.ones(pairs), np.zeros(len(steps))])
    solved = linprog(
        costs, A_ub=of_needs, b_ub=day.places, bounds=(0, 1),
        A_eq=sparse.vstack([balance, total]), b_eq=np.r_[np.zeros(len(most)), offers],
    )  # fmt: skip
    assert solved.status == 0
    return solved.fun


def test_two_needs_that_want_the_same_one_do_not_both_get_it():
    day = a_day({"n1": {"a": 0.9, "b": 0.8}, "n2": {"a": 0.9, "b": 0.1}})
    assert flow(day).tolist() == [False, True, True, False]


def test_a_first_institute_for_one_need_goes_before_a_second_one_for_another():
    day = a_day({"n1": {"a": 0.9, "b": 0.9}, "n2": {"b": 0.001}}, places=2)
    assert flow(day).tolist() == [True, False, True]


def test_of_two_needs_that_only_one_can_have_it_goes_to_the_one_it_answers_better():
    assert flow(a_day({"n1": {"a": 0.1}, "n2": {"a": 0.9}})).tolist() == [False, True]


def test_evenness_brings_in_who_was_never_named():
    day = a_day({f"n{each}": {"a": 0.9, "b": 0.88} for each in range(6)}, quotas=6)
    assert load(day, flow(day)).tolist() == [6, 0]
    assert load(day, flow(day, 0.5)).tolist() == [3, 3]


@given(days(), EVENNESS, st.randoms())
def test_the_order_in_which_a_day_is_read_changes_nothing(day, evenness, order):
    rows = [
        (day.needs[n], day.institutes[i], float(score))
        for n, i, score in zip(day.need, day.institute, day.score, strict=True)
    ]
    order.shuffle(rows)
    places, quotas = (
        dict(zip(day.needs, day.places, strict=True)),
        dict(zip(day.institutes, day.quotas, strict=True)),
    )
    again = table_of(places, quotas, rows)
    assert flow(again, evenness).tolist() == flow(day, evenness).tolist()


@settings(deadline=None)
@given(days(needs=5, institutes=4), st.integers(0, 3))
def test_a_larger_quota_never_serves_less_and_where_it_helps_it_is_used(day, at):
    quotas = day.quotas.copy()
    quotas[at] += 1
    wider = Table(day.needs, day.institutes, day.places, quotas, day.need, day.institute, day.score)
    before, after = flow(day, 0.3), flow(wider, 0.3)
    worth_before, worth_after = value(day, before, 0.3), value(wider, after, 0.3)
    assert worth_after >= worth_before
    if worth_after > worth_before:
        assert load(wider, after)[at] == quotas[at] > load(day, before)[at]


@pytest.mark.parametrize("seed", range(5))
def test_where_no_two_scores_are_equal_a_larger_quota_gives_an_institute_no_less(seed):
    day = a_skewed_day(seed, needs=40, institutes=8, quota=20)
    widening = [_with_quota(day, quota) for quota in range(41)]
    loads = [load(each, flow(each, 0.2))[0] for each in widening]
    assert loads == sorted(loads)


def _with_quota(day: Table, quota: int) -> Table:
    quotas = day.quotas.copy()
    quotas[0] = quota
    return Table(day.needs, day.institutes, day.places, quotas, day.need, day.institute, day.score)


def test_a_day_without_candidates_needs_no_solver():
    assert flow(a_day({"n": {"a": 0.0}})).tolist() == []
    assert flow(table_of({}, {}, [])).tolist() == []


def test_a_day_without_quotas_or_places_offers_nothing():
    assert not flow(a_day({"n": {"a": 0.5}}, quotas=0)).any()
    assert not flow(a_day({"n": {"a": 0.5}}, places=0)).any()


def test_huge_quotas_cost_nothing():
    day = a_day({"n": {"a": 0.5}}, quotas=10**30, places=10**30)
    assert flow(day, 0.5).all()


def test_the_same_day_twice_is_the_same_assignment():
    days_ = [a_skewed_day(seed=random.Random(1).randint(1, 9)) for _ in range(2)]
    assert np.array_equal(*(flow(day, 0.1) for day in days_))
