"""The ladder: the highest label counts, the next rung stands above it, services are what the policies themselves name."""

from itertools import combinations

import pytest

from policy_pack.advice.ladder_rungs import RUNGS, next_rung, present_rung, services_of
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.packs import shipped_pack

POLICIES = shipped_pack().policies
LABELS = [label for rung in RUNGS for label in sorted(rung.labels)]


def held(*labels):
    return Facts({"labels": frozenset(labels)})


@pytest.mark.parametrize("labels", [*combinations(LABELS, 1), *combinations(LABELS, 2)])
def test_the_highest_label_counts(labels):
    place = present_rung(held(*labels, "专精特新"))
    assert place == max(at for at, rung in enumerate(RUNGS) if rung.labels & set(labels))


@pytest.mark.parametrize(
    "facts",
    [Facts({}), Facts({"labels": Gap.ABSENT}), Facts({"labels": Gap.DISPUTED}), held("专精特新"), held()],
)
def test_without_a_label_of_the_ladder_one_stands_below_it(facts):
    assert present_rung(facts) is None
    assert next_rung(None) is RUNGS[0]


def test_above_each_rung_stands_the_next_and_above_the_last_nothing():
    assert [next_rung(place) for place in range(len(RUNGS))] == [*RUNGS[1:], None]


def test_every_label_is_one_of_the_dictionary_and_stands_for_one_rung():
    assert set(LABELS) <= set(DICTIONARY["labels"].values)
    assert len(LABELS) == len(set(LABELS))


def test_the_policies_that_lead_to_a_rung_are_of_the_pack():
    assert [rung.reached_by for rung in RUNGS] == ["P24", "P23", "P32", None]
    assert all(rung.reached_by in POLICIES for rung in RUNGS if rung.reached_by)


def test_services_of_a_rung_are_the_policies_that_name_its_label():
    sme, high_tech, new_species, leading = (services_of(rung, POLICIES.values()) for rung in RUNGS)
    assert "P8" in sme
    assert {"P7", "P24"} <= set(high_tech)
    assert "P38" in set(sme) & set(new_species) & set(leading)
    assert "P24" not in sme, "what leads to a rung is no service of it"
    assert "P3" not in {*sme, *high_tech, *new_species, *leading}
