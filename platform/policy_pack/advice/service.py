"""What an enterprise asks of the policies: every answer is made of what is on record and what is given, and none is kept."""

from collections.abc import Iterable
from typing import Any

from policy_pack.advice.answering import answered, named
from policy_pack.advice.ladder_rungs import RUNGS, Rung, next_rung, present_rung, services_of
from policy_pack.advice.models import Case
from policy_pack.advice.ways import ways_to
from policy_pack.engine.evaluation import Outcome
from policy_pack.engine.explaining import explain
from policy_pack.engine.policy import Pack
from policy_pack.engine.stacking import Total, best_total
from policy_pack.policies.reading import InForce


def try_policies(case: Case) -> dict[str, Any]:
    """Every policy of the case, evaluated."""
    return _about(case) | {"items": [answered(case, each, case.evaluated(each)) for each in case.policies]}


def explain_policy(case: Case) -> dict[str, Any]:
    """The policy of the case in sentences: what is asked, what is known, what follows, what is missing."""
    [counting] = case.policies
    evaluation = case.evaluated(counting)
    lines = explain(counting.policy, evaluation, case.facts).lines
    steps = evaluation.amount.steps if evaluation.amount and case.shows_amount(counting) else ()
    return _about(case) | answered(case, counting, evaluation) | {"lines": [*lines, *steps]}


def stack_policies(case: Case) -> dict[str, Any]:
    """The best certain and the best possible total; what nobody verified is named and, outside office, not added up."""
    told = [each for each in case.policies if case.shows_amount(each)]
    evaluations = [case.evaluated(each) for each in told]
    best = best_total(_pack(case, told), evaluations)
    unverified = [
        named(each) | {"outcome": str(outcome)}
        for each in case.policies
        if not case.shows_amount(each) and (outcome := case.evaluated(each).outcome) in _HOPEFUL
    ]
    return _about(case) | {
        "certain": _total(case, best.certain), "possible": _total(case, best.possible), "unverified": unverified,
    }  # fmt: skip


def advise_policy(case: Case) -> dict[str, Any]:
    """The cheapest ways to the policy of the case, or what stands in the way."""
    [counting] = case.policies
    outcome = str(case.evaluated(counting).outcome)
    return _about(case) | named(counting) | {"outcome": outcome} | ways_to(case, counting)


def show_ladder(case: Case) -> dict[str, Any]:
    """The tier that the enterprise stands on, what is published of each tier's services, and the ways to the next one."""
    present = present_rung(case.facts)
    above = next_rung(present)
    by_key = {each.policy.id: each for each in case.policies}
    leads = by_key.get(above.reached_by) if above is not None and above.reached_by is not None else None
    return _about(case) | {
        "present": None if present is None else RUNGS[present].key,
        "rungs": [_rung(case, rung, reached=present is not None and place <= present) for place, rung in enumerate(RUNGS)],
        "next": None if above is None else above.key,
        "next_policy": None if leads is None else answered(case, leads, case.evaluated(leads)),
        "next_ways": None if leads is None else ways_to(case, leads),
    }  # fmt: skip


_HOPEFUL = (Outcome.ELIGIBLE, Outcome.MISSING_FACTS, Outcome.NEEDS_REVIEW)


def _about(case: Case) -> dict[str, Any]:
    return {"enterprise_id": case.enterprise.id, "matter_id": case.matter_id, "as_of_on": case.as_of}


def _pack(case: Case, told: Iterable[InForce]) -> Pack:
    return Pack({each.policy.id: each.policy for each in told}, case.pack.relations)


def _total(case: Case, total: Total) -> dict[str, Any]:
    by_key = {each.policy.id: each for each in case.policies}
    return {
        "fen": total.fen,
        "taken": [
            named(by_key[each.policy_id])
            | {"fen": each.fen, "alone_fen": each.alone_fen, "is_added": each.is_added}
            for each in total.taken
        ],
        "left_out": [
            named(by_key[each.policy_id])
            | {"why": str(each.why), "beside": list(each.beside), "relation": each.relation, "text": each.text}
            for each in total.left_out
        ],
    }  # fmt: skip


def _rung(case: Case, rung: Rung, *, reached: bool) -> dict[str, Any]:
    by_key = {each.policy.id: each for each in case.policies}
    services = services_of(rung, (each.policy for each in case.policies))
    return {
        "key": rung.key, "name": rung.name, "labels": sorted(rung.labels), "reached": reached,
        "reached_by": rung.reached_by, "services": [named(by_key[key]) for key in services], "see_notice": not services,
    }  # fmt: skip
