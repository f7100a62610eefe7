"""Adding up what a new text changes, enterprise by enterprise. Pure.

Cost is a range in fen: what an eligible enterprise gets, and for one of which facts are missing, or about which a person
decides, anything from nothing to the most. The change is a range that contains every way in which the open facts may come
out: it is exact wherever both amounts are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from policy_pack.engine.evaluation import Evaluation, Outcome
from policy_pack.engine.policy import Policy

NAMED_AT_MOST = 1_000
OPEN = frozenset({Outcome.MISSING_FACTS, Outcome.NEEDS_REVIEW})


class Cost(NamedTuple):
    """Fen from low to high; None where nothing bounds it."""

    low: int | None
    high: int | None


NOTHING = Cost(0, 0)


def plus(one: Cost, other: Cost) -> Cost:
    """Both together."""
    return Cost(_sum(one.low, other.low), _sum(one.high, other.high))


def minus(one: Cost, other: Cost) -> Cost:
    """One without the other, each anywhere in its range."""
    return Cost(_sum(one.low, _negative(other.high)), _sum(one.high, _negative(other.low)))


def cost_of(evaluation: Evaluation | None) -> Cost:
    """What one enterprise costs; nothing where it gets nothing, or no formula was published."""
    if evaluation is None or evaluation.amount is None:
        return NOTHING
    if evaluation.outcome is Outcome.ELIGIBLE:
        return Cost(evaluation.amount.low_fen, evaluation.amount.high_fen)
    return Cost(0, evaluation.amount.high_fen) if evaluation.outcome in OPEN else NOTHING


def decides_alike(before: Policy | None, after: Policy) -> bool:
    """Whether two texts give every enterprise the same on every day on which both count."""
    return before is not None and (before.clauses, before.amount) == (after.clauses, after.amount)


@dataclass
class Tally:
    """What was added up so far; `is_alike`: where the outcome stays, so does every fen."""

    is_alike: bool = False
    outcomes_before: Counter[str] = field(default_factory=Counter)
    outcomes_after: Counter[str] = field(default_factory=Counter)
    newly: list[UUID] = field(default_factory=list)
    no_longer: list[UUID] = field(default_factory=list)
    before: Cost = NOTHING
    after: Cost = NOTHING
    change: Cost = NOTHING

    def add(self, enterprise_id: UUID, before: Evaluation | None, after: Evaluation) -> None:
        """Count one enterprise; `before` None where no version counts."""
        self.outcomes_before[str(before.outcome) if before else str(Outcome.NOT_IN_FORCE)] += 1
        self.outcomes_after[str(after.outcome)] += 1
        was, now = (
            before is not None and before.outcome is Outcome.ELIGIBLE,
            after.outcome is Outcome.ELIGIBLE,
        )
        if was != now:
            (self.newly if now else self.no_longer).append(enterprise_id)
        cost_before, cost_after = cost_of(before), cost_of(after)
        self.before, self.after = plus(self.before, cost_before), plus(self.after, cost_after)
        if not (self.is_alike and before is not None and before.outcome is after.outcome):
            self.change = plus(self.change, minus(cost_after, cost_before))

    def result(self) -> dict[str, Any]:
        """Everything as JSON values; of the enterprises the first thousand by name, and how many there are."""
        return {
            "before": _counts(self.outcomes_before), "after": _counts(self.outcomes_after),
            "newly": _named(self.newly), "newly_count": len(self.newly), "no_longer": _named(self.no_longer),
            "no_longer_count": len(self.no_longer), "cost_before": list(self.before), "cost_after": list(self.after),
            "cost_change": list(self.change),
        }  # fmt: skip


def _counts(counted: Mapping[str, int]) -> dict[str, int]:
    return {str(outcome): counted.get(str(outcome), 0) for outcome in Outcome}


def _named(ids: Iterable[UUID]) -> list[str]:
    return [str(each) for each in ids][:NAMED_AT_MOST]


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _negative(fen: int | None) -> int | None:
    return None if fen is None else -fen
