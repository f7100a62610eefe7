"""What the packs say, beside what the source texts say."""

import pytest

from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.packs import load_packs
from policy_pack.engine.reading import read_facts
from tests.policy_pack.case_files import CASES, Case

WITHOUT_AMOUNT = ("ineligible", "not_in_force")
NOTHING_FAILS = ("eligible", "missing_facts")


@pytest.fixture(scope="module")
def policies():
    return load_packs().policies


def stated(case: Case) -> dict:
    """What the case states. Nobody who is eligible or may become so fails a clause, and nobody else gets an amount."""
    said = {"outcome": case.outcome, "missing": case.missing}
    if case.fails is not None or case.outcome in NOTHING_FAILS:
        said["fails"] = case.fails or ()
    if case.amount is None or case.outcome in WITHOUT_AMOUNT:
        said["amount"] = None
    elif case.amount:
        said["amount"] = dict(case.amount)
    return said


def found(case: Case, evaluation) -> dict:
    """The same of the evaluation; of an amount those ends that the case states."""
    amount = evaluation.amount
    return {
        "outcome": str(evaluation.outcome),
        "missing": frozenset(map(frozenset, evaluation.missing)),
        "fails": tuple(at for at, clause in enumerate(evaluation.clauses, 1) if clause.result == "false"),
        "amount": amount and {end: getattr(amount, end) for end in case.amount or ("low_fen", "high_fen")},
    }


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_comes_out_as_its_source_says(policies, case):
    said = stated(case)
    came_out = found(case, evaluate(policies[case.policy], read_facts(case.facts), case.as_of))
    assert {part: came_out[part] for part in said} == said
