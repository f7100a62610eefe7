"""What stands between policies, and what cannot."""

import pytest

from policy_pack.engine.policy import Bond
from policy_pack.engine.problems import Faults
from policy_pack.engine.relations_file import read_relations

POLICIES = ("P1", "P2", "P3")


def relation(number=1, *, bond="exclusive", between="[P1, P2]", more=""):
    return f"  - {{id: R{number}, bond: {bond}, between: {between}, text: {{zh: 甲, en: a}}, reference: x{more}}}\n"


def read(*relations):
    faults = Faults("relations.yaml")
    found = read_relations("relations:\n" + "".join(relations), faults, POLICIES)
    return found, [(problem.line, str(problem.text)) for problem in faults.found]


def test_relations_are_read_in_their_order():
    found, problems = read(
        relation(1, bond="priority_over", between="[P2, P1]"),
        relation(2, bond="joint_cap", between="[P1, P2, P3]", more=", most: 1000"),
        relation(3, bond="once_per_project", between="[P3]"),
    )
    assert problems == []
    assert [(each.bond, each.between, each.most) for each in found] == [
        (Bond.PRIORITY_OVER, ("P2", "P1"), None),
        (Bond.JOINT_CAP, ("P1", "P2", "P3"), 1000),
        (Bond.ONCE_PER_PROJECT, ("P3",), None),
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (relation(between="[P1, P9]"), "names P9, which is no policy"),
        (relation(between="[P1]"), "of exclusive must name two policies or more"),
        (relation(between="[P1, P1]"), "between names a value twice"),
        (relation(bond="requires", between="[P1, P2, P3]"), "of requires must name two policies"),
        (relation(bond="friends"), "bond must be one of exclusive"),
        (relation(bond="joint_cap"), "most goes with joint_cap, and with it alone"),
        (relation(more=", most: 3"), "most goes with joint_cap, and with it alone"),
        (relation(bond="joint_cap", more=", most: 0"), "most must be above 0"),
        (relation(more=", since: 2024"), "relation has no field since"),
        (relation() + relation(), "R1 is used twice"),
        (
            relation() + relation(2, bond="requires", between="[P2, P1]"),
            "P2 requires P1 and is exclusive with it",
        ),
        (
            relation(bond="joint_cap", more=", most: 9")
            + relation(2, bond="joint_cap", between="[P2, P3]", more=", most: 9"),
            "the joint caps R1 and R2 overlap in part",
        ),
    ],
)
def test_a_relation_that_cannot_be_is_refused(written, said):
    _, ((_, found),) = read(written)
    assert said in found


@pytest.mark.parametrize("bond", ["requires", "priority_over"])
def test_a_circle_is_named_at_the_relation_that_closes_it(bond):
    pairs = ("[P1, P2]", "[P2, P3]", "[P3, P1]")
    _, problems = read(*(relation(at, bond=bond, between=pair) for at, pair in enumerate(pairs, 1)))
    assert problems == [(4, f"{bond} runs in a circle: P3 → P1 → P2 → P3")]


def test_two_ways_to_one_policy_are_no_circle():
    pairs = ("[P1, P2]", "[P2, P3]", "[P1, P3]")
    found, problems = read(*(relation(at, bond="requires", between=pair) for at, pair in enumerate(pairs, 1)))
    assert (len(found), problems) == (3, [])


@pytest.mark.parametrize("text", ["relation: []", "relations: {}", "[]", "relations: [1]"])
def test_what_is_no_file_of_relations_is_refused(text):
    faults = Faults("relations.yaml")
    assert read_relations(text, faults, POLICIES) == ()
    assert faults.found
