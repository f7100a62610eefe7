"""One policy for one subject on one day: every clause, the outcome, what is missing and the amount."""

from collections.abc import Callable
from datetime import date

from policy_pack.engine.amounts import amount_of
from policy_pack.engine.deciding import Settled
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluation import Evaluation, Money, Outcome
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.judging import Dictionary, judge_with
from policy_pack.engine.missing import missing_sets
from policy_pack.engine.policy import Policy

AmountOf = Callable[[Policy, Facts, date], Money | None]
WITH_AMOUNT = frozenset({Outcome.ELIGIBLE, Outcome.MISSING_FACTS, Outcome.NEEDS_REVIEW})


def evaluate(
    policy: Policy,
    facts: Facts,
    as_of: date,
    *,
    dictionary: Dictionary = DICTIONARY,
    amount_of: AmountOf = amount_of,
) -> Evaluation:
    """What the policy says of the facts on the day of application.

    Every clause is judged, whatever the others say and whether or not the policy is in force. `dictionary` says what open
    facts can be, the shipped one unless given; what it does not know can be anything. `amount_of` computes the award.
    """
    judge = judge_with(dictionary)
    standings = [judge.standing(clause, facts, as_of) for clause in policy.clauses]
    together = judge.together(standings, as_of)
    outcome = _outcome(policy, together, as_of)
    pays = policy.amount is not None and outcome in WITH_AMOUNT and not is_superseded(policy, as_of)
    return Evaluation(
        policy.id,
        outcome,
        tuple(standing.judged for standing in standings),
        missing=missing_sets(together) if outcome is Outcome.MISSING_FACTS else (),
        amount=amount_of(policy, facts, as_of) if pays else None,
        disputed=tuple(key for key in policy.reads if facts.of(key) is Gap.DISPUTED),
    )


def is_in_force(policy: Policy, as_of: date) -> bool:
    """Whether an application of the day falls in the policy's validity; its first and last day belong to it."""
    first, last = policy.validity.first, policy.validity.last
    return (first is None or first <= as_of) and (last is None or as_of <= last)


def is_superseded(policy: Policy, as_of: date) -> bool:
    """Whether another text, which was not read, has taken its place by that day."""
    return policy.superseded is not None and policy.superseded.since <= as_of


def _outcome(policy: Policy, together: Settled, as_of: date) -> Outcome:
    """The first that applies: not in force, superseded, a clause that fails, facts that are missing, a person's word.

    Clauses that may each hold can still exclude each other: that fails as well, whatever the answers.
    """
    if not is_in_force(policy, as_of):
        return Outcome.NOT_IN_FORCE
    if is_superseded(policy, as_of):
        return Outcome.NEEDS_REVIEW
    if not together.can_hold:
        return Outcome.INELIGIBLE
    if together.can_fail:
        return Outcome.MISSING_FACTS
    judged_by_people = any(clause.when is None for clause in policy.clauses)
    return Outcome.NEEDS_REVIEW if judged_by_people else Outcome.ELIGIBLE
