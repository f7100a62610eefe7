"""What both sides say beyond their texts, and what filters mean."""

import pytest

from sky_net.achievements.models import Achievement
from sky_net.achievements.vocabulary import TRANSFER_MODES
from sky_net.matching.facts import MODES, facts_of, filters_of
from sky_net.needs.models import Need
from sky_net.needs.vocabulary import COOPERATION_MODES


def need(**values: object) -> Need:
    return Need(
        **{"industry": "opto", "zone_code": "420100", "trl_required": 6, "cooperation_modes": ["licence"]}
        | values
    )


def offer(**values: object) -> Achievement:
    return Achievement(
        **{"industry": "opto", "region_code": "420100", "trl": 7, "transfer_modes": ["licence"]} | values
    )


def test_two_sides_that_agree():
    facts = facts_of(need(), offer())
    assert (facts.same_industry, facts.same_region, facts.trl_gap) == (True, True, 1)
    assert facts.modes == (MODES["licence"],)


@pytest.mark.parametrize(
    ("zone", "region", "near"),
    [
        ("420100-donghu", "420100", True),
        ("420100", "420100-donghu", True),
        ("420100", "420500", False),
        ("outside-overseas", "outside-overseas", False),
        ("outside-gba", "outside-gba", True),
    ],
)
def test_a_region_and_one_inside_it_are_near(zone: str, region: str, near: bool):
    assert facts_of(need(zone_code=zone), offer(region_code=region)).same_region is near


def test_nothing_is_said_where_one_side_is_silent():
    facts = facts_of(need(industry=None, trl_required=None, cooperation_modes=[]), offer())
    assert (facts.same_industry, facts.trl_gap, facts.modes) == (None, None, None)


def test_modes_in_common_come_in_one_order_and_may_be_none():
    assert facts_of(need(cooperation_modes=["equity"]), offer()).modes == ()
    both = facts_of(
        need(cooperation_modes=["talent", "licence"]), offer(transfer_modes=["talent", "licence"])
    )
    assert both.modes == (MODES["licence"], MODES["talent"])


def test_the_zone_of_a_masked_need_is_not_compared():
    assert facts_of(need(), offer(), tells_zone=False).same_region is None


def test_every_mode_of_both_sides_has_a_name():
    assert set(MODES) == set(TRANSFER_MODES) == set(COOPERATION_MODES)


def test_no_filter_at_all_is_none():
    assert filters_of({"top": 10}) is None
    assert filters_of({"top": 10, "industry": [], "mode": []}) is None


def test_filters_mean_at_least_one_of_each_kind():
    filters = filters_of(
        {"industry": ["opto", "ai"], "trl_min": 8, "mode": ["licence"], "region": ["420100-donghu"]}
    )
    assert filters is not None
    passes = {"industry:ai", "trl:9", "mode:licence", "region:420100-donghu"}
    assert filters.admits(frozenset(passes | {"mode:equity"}))
    for facet, other in (
        ("industry:ai", "industry:nev"),
        ("trl:9", "trl:7"),
        ("mode:licence", "mode:equity"),
    ):
        assert not filters.admits(frozenset(passes - {facet} | {other}))


def test_a_region_means_everything_inside_it():
    filters = filters_of({"region": ["420100"]})
    assert filters is not None
    assert filters.admits(frozenset({"region:420100-donghu"}))
    assert not filters.admits(frozenset({"region:420500"}))


def test_a_corridor_means_everything_inside_its_cities():
    filters = filters_of({"region": ["auto-corridor", "outside-gba"]})
    assert filters is not None
    for region in ("420100-donghu", "420300", "outside-gba"):
        assert filters.admits(frozenset({f"region:{region}"}))
    for region in ("420500", "420000", "outside-overseas"):
        assert not filters.admits(frozenset({f"region:{region}"}))
