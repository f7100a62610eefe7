"""What the extractor proposes. A value that nothing in the text fixes is None, and its evidence with it."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

NOW, TARGET = "now", "target"
AT_LEAST, AT_MOST, EXACTLY, BETWEEN = ">=", "<=", "=", "range"
UP, DOWN = "up", "down"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a value was read from, and where they stand in the text."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class ProposedIndicator:
    """A quantity that holds today (`now`) or is to be reached (`target`).

    `value` for one number; `low` and `high` where `relation` is `range`. Numbers are exact and in `unit`, the canonical
    spelling of `unit_written`; None for a pure number. `change` marks a number as a change of today's value.
    """

    kind: str
    name: str
    relation: str
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    unit: str | None
    unit_written: str | None
    change: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ProposedFields:
    """Money in fen; either end of `budget_fen` is None where it is open. `trl` is the lowest and the highest level."""

    industry: str | None = None
    industry_evidence: tuple[Evidence, ...] = ()
    indicators: tuple[ProposedIndicator, ...] = ()
    trl: tuple[int, int] | None = None
    trl_evidence: Evidence | None = None
    budget_fen: tuple[int | None, int | None] | None = None
    budget_evidence: Evidence | None = None
    deadline: date | None = None
    deadline_evidence: Evidence | None = None
    decision_owner_said: bool = False
    decision_owner_evidence: Evidence | None = None
    tried: str | None = None
    tried_evidence: Evidence | None = None
