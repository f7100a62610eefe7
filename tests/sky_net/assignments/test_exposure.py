import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.assignments.exposure import exposure, gini, load, ndcg_kept, unevenness
from sky_net.assignments.table import best_first
from tests.factories.assignments import a_day, days

SECOND = 1 / math.log2(3)


def test_plain_top_k_keeps_everything():
    day = a_day({"n": {"a": 0.9, "b": 0.4}}, places=2)
    assert ndcg_kept(day, best_first(day)) == pytest.approx(1)


def test_a_lesser_offer_keeps_its_share_and_a_need_without_any_keeps_nothing():
    day = a_day({"n1": {"a": 0.8, "b": 0.4}, "n2": {"a": 0.8}})
    assert ndcg_kept(day, np.array([False, True, False])) == pytest.approx((0.5 + 0) / 2)


def test_a_missing_second_place_costs_what_it_counts():
    day = a_day({"n": {"a": 0.5, "b": 0.5}}, places=2)
    assert ndcg_kept(day, np.array([False, True])) == pytest.approx(1 / (1 + SECOND))


def test_needs_without_candidates_or_places_count_for_nothing():
    day = a_day({"n1": {"a": 0.8}, "n2": {"a": 0.0}, "n3": {"a": 0.5}}, places={"n1": 1, "n2": 1, "n3": 0})
    assert ndcg_kept(day, best_first(day)) == 1
    nobody = a_day({"n": {"a": 0.0}})
    assert ndcg_kept(nobody, best_first(nobody)) == 1


def test_exposure_is_worth_less_further_down_and_load_counts_needs():
    day = a_day({"n1": {"a": 0.9, "b": 0.8}, "n2": {"b": 0.7}}, places=2, quotas=2)
    everything = best_first(day)
    assert exposure(day, everything).tolist() == pytest.approx([1, 1 + SECOND])
    assert load(day, everything).tolist() == [1, 2]


def test_who_could_be_offered_nothing_makes_nothing_uneven():
    day = a_day({"n": {"a": 0.5, "b": 0.0, "c": 0.0}})
    assert unevenness(day, best_first(day)) == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], 0),
        ([0, 0], 0),
        ([3], 0),
        ([2, 2, 2], 0),
        ([0, 1], 0.5),
        ([0, 0, 0, 1], 0.75),
        ([1, 2, 3, 4], 0.25),
    ],
)
def test_the_gini_of_known_values(values, expected):
    assert gini(np.array(values, float)) == pytest.approx(expected)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20).filter(lambda drawn: sum(drawn) > 0))
def test_the_gini_is_the_mean_difference_over_twice_the_mean(values):
    count, total = len(values), sum(values)
    difference = sum(abs(one - other) for one in values for other in values)
    assert gini(np.array(values)) == pytest.approx(difference / (2 * count * total), abs=1e-9)


@given(days())
def test_no_choice_of_as_many_beats_plain_top_k(day):
    assert 0 <= unevenness(day, best_first(day)) < 1
    assert ndcg_kept(day, best_first(day)) == pytest.approx(1)
