"""One policy for one subject on one day: every clause, the outcome, what is missing and the amount."""

from collections.abc import Callable, Iterable
from datetime import date
from importlib import import_module
from typing import cast

from policy_pack.engine.evaluation import Evaluation, Judged, Money, Outcome, Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.policy import Clause, Policy
from policy_pack.engine.truth import truth_of

AmountOf = Callable[[Policy, Facts, date], Money | None]
WITH_AMOUNT = frozenset({Outcome.ELIGIBLE, Outcome.MISSING_FACTS, Outcome.NEEDS_REVIEW})


def evaluate(policy: Policy, facts: Facts, as_of: date, *, amount_of: AmountOf | None = None) -> Evaluation:
    """What the policy says of the facts on the day of application.

    Every clause is judged, whatever the others say and whether or not the policy is in force. `amount_of` computes the
    award where there may be one.
    """
    clauses = tuple(_judge(clause, facts, as_of) for clause in policy.clauses)
    outcome = _outcome(policy, clauses, as_of)
    open_facts = _distinct(key for clause in clauses for key in clause.waits_for)
    disputed = _distinct(key for clause in clauses for key in clause.facts if facts.of(key) is Gap.DISPUTED)
    return Evaluation(
        policy.id,
        outcome,
        clauses,
        missing=(open_facts,) if outcome is Outcome.MISSING_FACTS else (),
        amount=_amount(policy, facts, as_of, outcome, amount_of),
        disputed=disputed,
    )


def is_in_force(policy: Policy, as_of: date) -> bool:
    """Whether an application of the day falls in the policy's validity; its first and last day belong to it."""
    first, last = policy.validity.first, policy.validity.last
    return (first is None or first <= as_of) and (last is None or as_of <= last)


def is_superseded(policy: Policy, as_of: date) -> bool:
    """Whether another text, which was not read, has taken its place by that day."""
    return policy.superseded is not None and policy.superseded.since <= as_of


def _outcome(policy: Policy, clauses: tuple[Judged, ...], as_of: date) -> Outcome:
    """The first that applies: not in force, superseded, a clause that fails, facts that are missing, a person's word."""
    if not is_in_force(policy, as_of):
        return Outcome.NOT_IN_FORCE
    if is_superseded(policy, as_of):
        return Outcome.NEEDS_REVIEW
    results = {(clause.result, bool(clause.waits_for)) for clause in clauses}
    if (Truth.FALSE, False) in results:
        return Outcome.INELIGIBLE
    if (Truth.UNKNOWN, True) in results:
        return Outcome.MISSING_FACTS
    return Outcome.NEEDS_REVIEW if (Truth.UNKNOWN, False) in results else Outcome.ELIGIBLE


def _judge(clause: Clause, facts: Facts, as_of: date) -> Judged:
    """The clause alone; what a person has to judge reads no fact and stays unknown."""
    if clause.when is None:
        return Judged(clause.id, Truth.UNKNOWN, ())
    result = truth_of(clause.when, facts, as_of)
    waits = tuple(filter(facts.is_open, clause.reads)) if result is Truth.UNKNOWN else ()
    return Judged(clause.id, result, clause.reads, waits)


def _amount(
    policy: Policy, facts: Facts, as_of: date, outcome: Outcome, amount_of: AmountOf | None
) -> Money | None:
    """The award, or what it may be; none of a policy that grants none, fails, or whose text was replaced."""
    if policy.amount is None or outcome not in WITH_AMOUNT or is_superseded(policy, as_of):
        return None
    if amount_of is None:
        amount_of = cast(AmountOf, import_module("policy_pack.engine.amounts").amount_of)
    return amount_of(policy, facts, as_of)


def _distinct(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))
