"""Whether an evaluation is news for an enterprise, and what makes it news. Pure.

Told is what it may apply for, and what it may apply for once little is answered: at least one clause holds already and
few facts are missing, or every policy would be told to everybody. What nobody verified is never told.
Which facts are missing makes no news: whoever answers them one by one is not told at each. Who was told that it may apply is
told when it may no longer, and once more when it may again.
"""

from dataclasses import dataclass
from datetime import date

from policy_pack.engine.evaluate import is_superseded
from policy_pack.engine.evaluation import Evaluation, Outcome, Truth
from policy_pack.engine.policy import Policy

OPEN, NEARLY, CLOSING, LOST = "open", "nearly", "closing", "lost"
NEWS = (OPEN, NEARLY, CLOSING, LOST)
"""It may apply · it may, once little is answered · it may, and not for long · it may no longer."""
MOST_MISSING = 3


@dataclass(frozen=True)
class Told:
    """What it was told before: whether it may apply, as the last word, and how often that it may no longer."""

    may_apply: bool = False
    times_lost: int = 0


NOTHING_YET = Told()


@dataclass(frozen=True)
class News:
    """What is to be told: its kind, the facts that are missing, and the mark by which the same is known."""

    kind: str
    missing: tuple[str, ...]
    mark: str


def news_of(
    policy: Policy,
    evaluation: Evaluation,
    today: date,
    *,
    version: int,
    is_closing: bool,
    before: Told = NOTHING_YET,
) -> News | None:
    """The news in an evaluation of a verified policy, None where there is none."""
    if evaluation.outcome is Outcome.INELIGIBLE and before.may_apply:
        return News(LOST, (), f"{LOST}|{before.times_lost}")
    kind = _kind(policy, evaluation, today)
    if kind is None:
        return None
    if is_closing and kind == OPEN:
        kind = CLOSING
    missing = _missing(evaluation)
    until = policy.validity.last.isoformat() if policy.validity.last else ""
    again = f"|{before.times_lost}" if before.times_lost else ""
    return News(kind, missing, f"{kind}|{version}|{until}{again}")


def _kind(policy: Policy, evaluation: Evaluation, today: date) -> str | None:
    if evaluation.outcome is Outcome.ELIGIBLE:
        return OPEN
    if evaluation.outcome is Outcome.NEEDS_REVIEW:  # every condition of fact holds, a person decides the rest
        return None if is_superseded(policy, today) else OPEN
    if evaluation.outcome is not Outcome.MISSING_FACTS:
        return None
    has_begun = any(clause.result is Truth.TRUE for clause in evaluation.clauses)
    return NEARLY if has_begun and 0 < len(_missing(evaluation)) <= MOST_MISSING else None


def _missing(evaluation: Evaluation) -> tuple[str, ...]:
    """The smallest of the sets that would decide it."""
    return min(evaluation.missing, key=len, default=())
