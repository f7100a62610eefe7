"""Counts by area and lists of experts tell each caller what the domain says, and nothing of what is hidden."""

from typing import Any

import pytest

from backbone.directory.regions import REGIONS
from tests.isolation.people import AWAY, EVERYONE, FIRST_ZONE, HOME, INVITED, SECOND_ZONE, SPECIALIST
from tests.isolation.planted import EXPERTISE, PRIVATE, RIVALRY
from tests.isolation.reading import get, rows
from tests.isolation.stage import Stage

REPORTERS = FIRST_ZONE | SECOND_ZONE


def areas(stage: Stage, person: str, path: str, what: str) -> dict[str, Any]:
    """What is counted in the areas that have any of it."""
    counted = get(stage, person, path).json["items"]
    return {row["code"]: row[what] for row in counted if row[what]}


@pytest.mark.parametrize("person", sorted(REPORTERS))
def test_counts_are_of_the_own_zone_alone(stage: Stage, person: str):
    zones = {HOME: person in FIRST_ZONE, AWAY: person in SECOND_ZONE}
    province = {"420000"} if all(zones.values()) else set()
    own = {zone for zone, is_own in zones.items() if is_own} | province
    enterprises = areas(stage, person, "/organisations/counts", "enterprises")
    assert {code for code in enterprises if code in REGIONS} == own
    assert [enterprises.get(zone) for zone in (HOME, AWAY, "420000")] == [
        2 if zones[HOME] else None, 1 if zones[AWAY] else None, 3 if province else None,
    ]  # fmt: skip
    needs = areas(stage, person, "/needs/counts", "states")
    assert {code for code in needs if code in REGIONS} == ({HOME} if zones[HOME] else set()) | province
    if zones[HOME]:
        counted = sum(each["needs"] for each in needs[HOME])
        assert counted == len(stage.world.needs) - 1, "a draft counts nowhere"


@pytest.mark.parametrize("person", sorted(EVERYONE))
def test_the_list_of_experts_tells_nobody_a_telephone_or_a_whole_name(stage: Stage, person: str):
    listed = get(stage, person, "/experts").get_data(as_text=True)
    for secret in (PRIVATE, PRIVATE[-4:], RIVALRY, "陈公开", f"{EXPERTISE}专家"):
        assert secret not in listed


@pytest.mark.parametrize("person", sorted(EVERYONE - INVITED - SPECIALIST))
def test_no_filter_finds_an_expert_without_consent(stage: Stage, person: str):
    world = stage.world
    for query in (
        {"q": f"{EXPERTISE}专家"}, {"q": EXPERTISE}, {"industry": "opto"}, {"region": HOME}, {"trl": 5}, {"language": "zh"},
        {"availability": "open"}, {"institute_id": str(world.institute.id)}, {"sort": "-created_at"},
    ):  # fmt: skip
        found = {row["id"] for row in rows(stage, person, "/experts", **query)}
        assert found == (set() if "q" in query else {str(world.experts["listed"].id)}), query
