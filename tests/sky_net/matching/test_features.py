"""The numbers of a need beside an offer."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.directory.regions import REGIONS
from sky_net.achievements.models import Achievement
from sky_net.matching.features import (
    Features,
    Record,
    features_of,
    industry_distance,
    price_over_budget,
    region_distance,
    shares,
)
from sky_net.matching.indicators import IndicatorVerdict
from sky_net.matching.judging import MET, MISSED, UNKNOWN
from sky_net.needs.models import Need

TODAY = date(2026, 3, 10)


def need(**values: Any) -> Need:
    return Need(
        **{
            "industry": "opto", "zone_code": "420100", "trl_required": 6, "cooperation_modes": ["licence"],
            "budget_kind": "range", "budget_min_fen": 100, "budget_max_fen": 200,
        } | values
    )  # fmt: skip


def offer(**values: Any) -> Achievement:
    return Achievement(
        **{
            "industry": "opto", "region_code": "420100", "trl": 7, "transfer_modes": ["licence", "equity"],
            "price_kind": "fixed", "price_min_fen": 100, "last_confirmed_on": date(2026, 3, 1),
            "valid_until_on": date(2026, 4, 9),
        } | values
    )  # fmt: skip


def indicator(verdict: str, weight: str | None = "must") -> IndicatorVerdict:
    return IndicatorVerdict("误差", verdict, "≤1", None, weight)


def test_everything_known():
    found = features_of(
        need(), offer(), shares([indicator(MET), indicator(MISSED), indicator(UNKNOWN, "want")]),
        today=TODAY, record=Record(in_time=8, due=8, taken=5, quota=10),
    )  # fmt: skip
    assert found == Features(0, 0, 1, 1, 0.5, 0.5, 0.0, 0.5, 9, 30, 0.9, 0.5)


def test_a_record_begins_at_the_half_and_few_replies_leave_it_near():
    assert Record().answered is None
    assert [Record(in_time, 1).answered for in_time in (0, 1)] == pytest.approx([1 / 3, 2 / 3])
    assert Record(in_time=98, due=98).answered == pytest.approx(0.99)


def test_whoever_takes_nothing_is_full():
    assert (Record(quota=10).load, Record(taken=3, quota=10).load, Record().load) == (0.0, 0.3, 1.0)


def test_nothing_is_said_where_one_side_is_silent():
    silent = need(
        industry=None,
        trl_required=None,
        cooperation_modes=[],
        budget_kind=None,
        budget_min_fen=None,
        budget_max_fen=None,
    )
    assert features_of(silent, offer(), tells_zone=False) == Features()


def test_a_hidden_budget_stays_hidden():
    assert features_of(need(budget_kind="hidden"), offer()).price is None


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("opto", "opto", 0),
        ("opto", "nev", 1),
        ("opto", "ai", 2),
        ("opto", "unheard", 2),
        (None, "opto", None),
    ],
)
def test_industries(one: str | None, other: str | None, distance: int | None):
    assert industry_distance(one, other) == industry_distance(other, one) == distance


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("420100", "420100", 0),
        ("420100-donghu", "420100", 0),
        ("420100", "420500", 2),
        ("420100", "420000", 2),
        ("420100", "outside-gba", 3),
        ("outside-gba", "outside-gba", 0),
        ("outside-overseas", "420100", None),
        (None, "420100", None),
        ("nowhere", "420100", None),
    ],
)
def test_regions(one: str | None, other: str | None, distance: int | None):
    assert region_distance(one, other) == region_distance(other, one) == distance


def test_two_zones_of_one_city_are_near():
    inner = [code for code, region in REGIONS.items() if region.within == "420100"]
    for one in inner:
        for other in inner:
            assert region_distance(one, other) == (0 if one == other else 1)


def test_only_musts_count_for_the_shares():
    assert shares([indicator(MET, "want")]) == (None, None, None)
    assert shares([indicator(MET, None), indicator(UNKNOWN)]) == (0.5, 0.0, 0.5)


@pytest.mark.parametrize(
    ("budget", "price", "ratio"),
    [
        ({"max_fen": 200, "min_fen": None}, 100, 0.5),
        ({"max_fen": None, "min_fen": 100}, 100, 1.0),
        ({"kind": "hidden"}, 100, None),
        ({"max_fen": 0}, 100, None),
        ({"max_fen": 200}, None, None),
        (None, 100, None),
    ],
)
def test_prices(budget: Any, price: int | None, ratio: float | None):
    assert price_over_budget(budget, price) == ratio


verdicts = st.lists(st.sampled_from([MET, MISSED, UNKNOWN]), min_size=1, max_size=8)


@given(verdicts, st.data())
def test_an_indicator_that_is_met_after_all_never_makes_it_worse(said: list[str], data: st.DataObject):
    before = [indicator(each) for each in said]
    place = data.draw(st.integers(0, len(said) - 1))
    after = [replace(each, verdict=MET) if at == place else each for at, each in enumerate(before)]
    (met, missed, unknown), (more, fewer, _) = shares(before), shares(after)
    assert met is not None
    assert missed is not None
    assert unknown is not None
    assert more is not None
    assert fewer is not None
    assert more >= met
    assert fewer <= missed
    assert abs(met + missed + unknown - 1) < 1e-9


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_riper_offer_and_a_higher_budget_never_make_it_worse(trl: int, other: int, budget: int, more: int):
    low, high = sorted((trl, other))
    assert features_of(need(), offer(trl=low)).trl_gap <= features_of(need(), offer(trl=high)).trl_gap  # type: ignore[operator]
    assert (
        features_of(need(budget_max_fen=budget + more), offer()).price
        <= features_of(need(budget_max_fen=budget), offer()).price
    )  # type: ignore[operator]
