import pytest
from hypothesis import given, settings

from demo import catalogue
from sky_net.assignments.balance import (
    GINI_AT_MOST,
    NDCG_AT_LEAST,
    NO_PLACE,
    NOTHING_SUITABLE,
    QUOTAS_SPENT,
    assign,
)
from sky_net.assignments.exposure import load
from sky_net.assignments.files import assign_files
from sky_net.matching.entries import Entry, OwnedEntry
from tests.factories.assignments import a_day, a_skewed_day, days
from tests.factories.matching import shipped_encoder


@pytest.mark.parametrize("seed", range(4))
def test_a_skewed_day_is_spread_at_hardly_any_cost(seed):
    found = assign(a_skewed_day(seed))
    assert found.gini_plain > 0.45
    assert found.gini_ratio <= GINI_AT_MOST
    assert found.ndcg_kept >= NDCG_AT_LEAST
    assert found.quotas_broken == 0
    assert found.offered == found.wanted == 3 * 300


@pytest.mark.parametrize("places", [1, 3, 5])
def test_the_demo_catalogue_is_spread_at_hardly_any_cost(places):
    needs = [Entry(each.key, each.raw["title"], each.raw["problem"]) for each in catalogue.needs()]
    offers = [
        OwnedEntry(each.key, each.raw["title"], each.raw["summary"], each.owner)
        for each in catalogue.achievements()
    ]
    found = assign_files(needs, offers, shipped_encoder(), places=places).assignment
    assert found.gini_ratio <= GINI_AT_MOST
    assert found.ndcg_kept >= NDCG_AT_LEAST
    assert (found.quotas_broken, found.offered) == (0, places * len(needs))


def test_no_more_evenness_is_bought_than_asked_for():
    day = a_skewed_day()
    modest, thorough = assign(day, gini_at_most=0.8), assign(day, gini_at_most=0.5, ndcg_at_least=0.9)
    assert 0.7 < modest.gini_ratio <= 0.8
    assert thorough.gini_ratio <= 0.5
    assert thorough.ndcg_kept < modest.ndcg_kept


def test_where_both_cannot_be_had_the_ndcg_is_kept():
    found = assign(a_skewed_day(), gini_at_most=0.05, ndcg_at_least=0.99)
    assert found.ndcg_kept >= 0.99
    assert 0.05 < found.gini_ratio < 1


def test_quotas_may_cost_more_than_evenness_may():
    found = assign(a_skewed_day(quota=23), gini_at_most=0.01, ndcg_at_least=0.99)
    assert found.evenness == 0
    assert found.ndcg_kept < 0.99
    assert max(load(found.table, found.chosen)) == 23


@settings(max_examples=40, deadline=None)
@given(days(needs=4))
def test_the_numbers_of_any_day_are_in_their_bounds(day):
    found = assign(day)
    assert found.quotas_broken == 0
    assert 0 <= found.ndcg_kept <= 1 + 1e-9
    assert found.offered <= found.wanted
    assert 0 <= found.gini < 1
    assert len(list(found.offers())) == found.offered
    assert {*found.unserved()} == {*day.needs} - {offer.need for offer in found.offers()}


def test_offers_come_by_need_best_first():
    found = assign(a_day({"n2": {"a": 0.5}, "n1": {"b": 0.7, "a": 0.9}}, places=2, quotas=2))
    assert [(each.need, each.institute, each.rank, each.score) for each in found.offers()] == [
        ("n1", "a", 1, 0.9), ("n1", "b", 2, 0.7), ("n2", "a", 1, 0.5),
    ]  # fmt: skip


def test_who_is_offered_to_nobody_is_told_why():
    day = a_day(
        {"n1": {"a": 0.9}, "n2": {"a": 0.1}, "n3": {"a": 0.0}, "n4": {"a": 0.9}},
        places={"n1": 1, "n2": 1, "n3": 1, "n4": 0},
    )
    assert assign(day).unserved() == {"n2": QUOTAS_SPENT, "n3": NOTHING_SUITABLE, "n4": NO_PLACE}


def test_the_busiest_are_those_of_plain_top_k():
    day = a_day({f"n{each}": {"a": 0.9, "b": 0.8} for each in range(4)}, quotas=3)
    assert assign(day).busiest(2) == [("a", 4, 3), ("b", 0, 1)]
    assert assign(day).busiest(1) == [("a", 4, 3)]


def test_an_even_day_stays_as_it_is():
    found = assign(a_day({"n1": {"a": 0.9}, "n2": {"b": 0.9}}))
    assert (found.gini_plain, found.gini_ratio, found.ndcg_kept, found.evenness) == (0, 1, 1, 0)
