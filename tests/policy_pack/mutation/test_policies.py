"""Whether the cases tell each policy from its mutants: a slip in a policy's file that no case sees is a hole in the cases."""

from collections import defaultdict
from datetime import date

import pytest

from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.packs import load_packs
from policy_pack.engine.policy import Policy
from policy_pack.engine.reading import read_facts
from tests.policy_pack.case_files import CASES
from tests.policy_pack.mutation.policy_mutants import mutants
from tests.policy_pack.test_cases import found, stated

LEAST_SCORE = 0.85
LEAST_OF_EACH = 0.75


@pytest.fixture(scope="module")
def cases():
    """The cases of each policy, read once."""
    of_policy = defaultdict(list)
    for case in CASES:
        of_policy[case.policy].append((case, read_facts(case.facts), stated(case)))
    return of_policy


def differs(policy: Policy, cases) -> bool:
    """Whether at least one case comes out otherwise than it states."""
    for case, facts, said in cases:
        came_out = found(case, evaluate(policy, facts, case.as_of))
        if {part: came_out[part] for part in said} != said:
            return True
    return False


@pytest.mark.slow
def test_the_cases_see_85_of_100_slips_in_the_policies_and_three_quarters_in_each(cases):
    seen, missed = {}, {}
    for policy in load_packs().policies.values():
        # What a case fails by already says nothing about a mutant.
        passed = [each for each in cases[policy.id] if not differs(policy, [each])]
        if passed:
            outcomes = [(what, differs(mutant, passed)) for what, mutant in mutants(policy)]
            seen[policy.id] = sum(is_seen for _, is_seen in outcomes)
            missed[policy.id] = [what for what, is_seen in outcomes if not is_seen]
    all_seen, all_missed = sum(seen.values()), sum(map(len, missed.values()))
    score = all_seen / (all_seen + all_missed)
    print(f"\npolicies: {all_seen} of {all_seen + all_missed} mutants seen, {score:.3f}; not seen:")
    print("\n".join(f"  {policy}: {what}" for policy in missed for what in missed[policy]))
    assert score >= LEAST_SCORE
    assert [key for key in seen if seen[key] < LEAST_OF_EACH * (seen[key] + len(missed[key]))] == []


def test_every_mutant_is_another_policy():
    for policy in load_packs().policies.values():
        assert all(mutant != policy for _, mutant in mutants(policy))


def test_each_kind_of_slip_is_tried():
    policies = load_packs().policies
    tried = {
        name: [what for what, _ in mutants(policies[name])]
        for name in ("P3", "P13", "P21", "P23", "P25", "P26")
    }
    assert "P3.4: 湖北省 instead of 武汉市" in tried["P3"]
    assert "P3.5: at_least instead of above" in tried["P3"]
    assert f"first day {date(2026, 3, 14)}" in tried["P3"]
    assert "floor for everybody" in tried["P13"]
    assert "cap if at_most instead of below" in tried["P21"]
    assert "P23.1: 2 instead of 1 years" in tried["P23"]
    assert "P23.5: without rd_spend_prev2" in tried["P23"]
    assert "superseded from 2026-01-02" in tried["P25"]
    assert "P26.6 holds without anybody's judgement" in tried["P26"]
