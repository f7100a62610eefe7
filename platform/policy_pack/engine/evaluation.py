"""What an evaluation says: the outcome, every clause, what is missing and the amount. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from backbone.errors import Bilingual


class Outcome(StrEnum):
    """The five answers."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    MISSING_FACTS = "missing_facts"
    NEEDS_REVIEW = "needs_review"
    NOT_IN_FORCE = "not_in_force"


OUTCOME_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    Outcome.ELIGIBLE: Bilingual("符合条件", "eligible"),
    Outcome.INELIGIBLE: Bilingual("不符合条件", "not eligible"),
    Outcome.MISSING_FACTS: Bilingual("缺少信息", "facts missing"),
    Outcome.NEEDS_REVIEW: Bilingual("须人工审核", "needs review"),
    Outcome.NOT_IN_FORCE: Bilingual("不在有效期", "not in force"),
})  # fmt: skip
"""What each answer is called, in sentences as in tables."""


class Truth(StrEnum):
    """Kleene's three values."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Judged:
    """A clause under the facts: what came out, which facts it read, and which of those are open and matter."""

    id: str
    result: Truth
    facts: tuple[str, ...]
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Money:
    """An award in fen, from `low_fen` to `high_fen` (None: nothing bounds it); `steps` say how it was reached, one line each."""

    low_fen: int
    high_fen: int | None
    formula: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """One policy for one subject on one day.

    `missing`: minimal sets of facts such that every answer to a set decides the outcome; empty unless the outcome is
    missing_facts. `disputed`: open facts among those read that two sources contradict each other about.
    """

    policy_id: str
    outcome: Outcome
    clauses: tuple[Judged, ...]
    missing: tuple[tuple[str, ...], ...] = ()
    amount: Money | None = None
    disputed: tuple[str, ...] = ()
