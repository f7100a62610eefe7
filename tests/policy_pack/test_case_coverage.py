"""Whether the cases ask everything that the packs claim: each clause, fact, threshold, cap, floor and border of tiers."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest

from policy_pack.engine.packs import load_packs
from policy_pack.engine.tree import Compare, Mean, Quantity, Ratio, Sum, Term, keys_of, leaves
from tests.policy_pack.case_files import CASES, Case

COVERED = tuple(dict.fromkeys(case.policy for case in CASES))
FEN_PER_WAN = 1_000_000
"""Fen in a 万元, the unit of money in the facts."""
YUAN = 100
of_each_policy = pytest.mark.parametrize("policy_id", COVERED)


@pytest.fixture(scope="module")
def policies():
    return load_packs().policies


def cases_of(policy_id: str) -> list[Case]:
    return [case for case in CASES if case.policy == policy_id]


def fact_clauses(policy) -> list[tuple[int, object]]:
    """The clauses that facts decide, with their positions from 1: a person judges the others."""
    return [(at, clause) for at, clause in enumerate(policy.clauses, 1) if clause.when is not None]


def number(fact) -> Fraction | None:
    is_number = fact is not None and not isinstance(fact, bool | str | list)
    return Fraction(fact) if is_number else None


def has_steps(fact) -> bool:
    """Whether the fact is a number or a day."""
    return number(fact) is not None or (isinstance(fact, str) and fact[:4].isdigit())


def are_neighbours(one, other, whole: bool) -> bool:
    """Whether nothing lies between two values of a fact: a day, one for what is counted, else a millionth (a fen in 万元)."""
    if not has_steps(one) or not has_steps(other):
        return False
    if isinstance(one, str):
        return abs(date.fromisoformat(one) - date.fromisoformat(other)).days == 1
    return abs(number(one) - number(other)) <= (1 if whole else Fraction(1, FEN_PER_WAN))


def edges(policy_id: str, at: int) -> Iterator[tuple[str, Case, Case]]:
    """Pairs of cases that differ in neighbouring values of one fact, of which one alone fails by the clause."""
    cases = [
        case for case in cases_of(policy_id) if case.outcome in ("eligible", "ineligible", "needs_review")
    ]
    for one, other in combinations(cases, 2):
        if one.as_of != other.as_of or one.facts.keys() != other.facts.keys():
            continue
        changed = [key for key in one.facts if one.facts[key] != other.facts[key]]
        if len(changed) != 1 or (at in (one.fails or ())) == (at in (other.fails or ())):
            continue
        whole = all(isinstance(case.facts.get(changed[0], 0), int | None) for case in cases)
        if are_neighbours(one.facts[changed[0]], other.facts[changed[0]], whole):
            yield changed[0], one, other


def worth(term: Term, facts) -> Fraction | None:
    match term:
        case Quantity(key):
            return number(facts.get(key))
        case Sum(of) | Mean(of):
            there = [value for member in of if (value := worth(member, facts)) is not None]
            shares = len(there) if isinstance(term, Mean) else 1
            return sum(there, Fraction()) / shares if there else None
        case Ratio(over, under):
            above, below = worth(over, facts), worth(under, facts)
            return above / below if above is not None and below else None


def lies_between(leaf: Compare, one: Case, other: Case) -> bool:
    """Whether the leaf's number separates the cases: one stands on it or beyond it, the other does not."""
    values = [worth(leaf.term, case.facts) for case in (one, other)]
    return None not in values and min(values) <= Fraction(leaf.number) <= max(values)


def test_every_complete_policy_has_cases(policies):
    assert {policy.id for policy in policies.values() if policy.complete} <= set(COVERED)


@of_each_policy
def test_somebody_is_eligible_unless_a_person_has_the_last_word(policies, policy_id):
    all_facts = len(fact_clauses(policies[policy_id])) == len(policies[policy_id].clauses)
    assert ("eligible" if all_facts else "needs_review") in {case.outcome for case in cases_of(policy_id)}


@of_each_policy
def test_each_clause_is_alone_the_reason_of_a_refusal(policies, policy_id):
    alone = {case.fails for case in cases_of(policy_id) if case.outcome == "ineligible"}
    assert {(at,) for at, _ in fact_clauses(policies[policy_id])} <= alone


@of_each_policy
def test_each_fact_of_a_clause_is_asked_for_alone(policies, policy_id):
    asked = {key for case in cases_of(policy_id) for keys in case.missing if len(keys) == 1 for key in keys}
    read = {key for _, clause in fact_clauses(policies[policy_id]) for key in keys_of(clause.when)}
    assert read <= asked


@of_each_policy
def test_each_threshold_is_met_from_both_sides(policies, policy_id):
    for at, clause in fact_clauses(policies[policy_id]):
        pairs = list(edges(policy_id, at))
        for leaf in (leaf for leaf in leaves(clause.when) if isinstance(leaf, Compare)):
            assert any(lies_between(leaf, one, other) for _, one, other in pairs), f"{clause.id}: {leaf}"


@of_each_policy
def test_each_number_and_day_of_a_clause_decides_by_one_step(policies, policy_id):
    stepwise = {key for case in cases_of(policy_id) for key, fact in case.facts.items() if has_steps(fact)}
    for at, clause in fact_clauses(policies[policy_id]):
        stepped = {key for key, _, _ in edges(policy_id, at)}
        assert stepwise.intersection(keys_of(clause.when)) <= stepped, clause.id


@of_each_policy
def test_each_validity_is_tried_on_its_first_and_last_day_and_the_days_outside(policies, policy_id):
    days = {case.as_of: case.outcome for case in cases_of(policy_id)}
    validity = policies[policy_id].validity
    for edge, step in ((validity.first, -1), (validity.last, 1)):
        if edge is not None:
            assert days[edge] != "not_in_force"
            assert days[date.fromordinal(edge.toordinal() + step)] == "not_in_force"


@of_each_policy
def test_each_superseded_text_is_tried_on_its_last_day_and_the_day_after(policies, policy_id):
    superseded = policies[policy_id].superseded
    if superseded is not None:
        last = date.fromordinal(superseded.since.toordinal() - 1)
        on = {
            day: {case.outcome for case in cases_of(policy_id) if case.as_of == day}
            for day in (last, superseded.since)
        }
        assert on[superseded.since] == {"needs_review"}
        assert on[last] & {"eligible", "ineligible"}


@of_each_policy
def test_each_cap_is_reached_passed_and_missed_by_less_than_a_yuan(policies, policy_id):
    amount = policies[policy_id].amount
    awards = [case.award for case in cases_of(policy_id) if case.award is not None]
    for cap in amount.caps if amount and amount.base else ():
        most = int(cap.most * FEN_PER_WAN)
        assert awards.count(most) >= 2, f"{cap}"
        assert any(0 < most - award <= YUAN for award in awards), f"{cap}"


@of_each_policy
def test_each_floor_is_reached_raised_to_and_passed_by_less_than_a_yuan(policies, policy_id):
    amount = policies[policy_id].amount
    awards = [case.award for case in cases_of(policy_id) if case.award is not None]
    for floor in [amount.floor] if amount and amount.floor else []:
        least = int(floor.least * FEN_PER_WAN)
        assert awards.count(least) >= 2
        assert any(0 < award - least <= YUAN for award in awards)


@of_each_policy
def test_each_border_of_tiers_is_met_and_approached_to_a_yuan_from_both_sides(policies, policy_id):
    amount = policies[policy_id].amount
    borders = [tier.to for tier in amount.tiers if tier.to is not None] if amount else []
    for border in borders:
        values = [worth(amount.base, case.facts) for case in cases_of(policy_id)]
        beyond = [(value - Fraction(border)) * FEN_PER_WAN for value in values if value is not None]
        assert 0 in beyond, border
        assert any(-YUAN <= distance < 0 for distance in beyond), border
        assert any(0 < distance <= YUAN for distance in beyond), border
