"""What advice consists of: steps about single facts, ways made of steps, and what stands in the way where there is none."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from backbone.errors import Bilingual
from policy_pack.engine.evaluation import Outcome
from policy_pack.engine.facts import Facts, Gap, Value


class Act(StrEnum):
    """What is done about a fact. SHOW: it is open, and has to turn out so; all others change it."""

    RAISE = "raise"
    LOWER = "lower"
    BECOME = "become"
    GAIN = "gain"
    LOSE = "lose"
    SHOW = "show"


@dataclass(frozen=True)
class Step:
    """One fact: what it is, and the nearest value that will do.

    `or_else` are other values that would do at the same cost. `least` and `most` say between which numbers it may
    lie while everything else stays as advised. `cost` is a rank of effort, not money.
    """

    key: str
    act: Act
    now: Value | Gap
    to: Value | Gap
    cost: Fraction
    or_else: tuple[Value, ...] = ()
    least: Fraction | None = None
    most: Fraction | None = None

    def leaves_room_for(self, other: "Step") -> bool:
        """Whether every value that the other step allows of the same fact is allowed here too."""
        if self.to is Gap.ABSENT or other.to is Gap.ABSENT or not isinstance(self.to, Decimal):
            return {other.to, *other.or_else} <= {self.to, *self.or_else}
        low_enough = self.least is None or (other.least is not None and self.least <= other.least)
        return low_enough and (self.most is None or (other.most is not None and self.most >= other.most))


@dataclass(frozen=True)
class Way:
    """Steps that together make it eligible, none of which can be spared; `wait_until` where the day is one of them."""

    steps: tuple[Step, ...]
    day: date
    wait_until: date | None
    cost: Fraction

    @property
    def asks_for(self) -> frozenset[str]:
        """The facts that it touches, and the day."""
        waits = {"as_of"} if self.wait_until else set()
        return frozenset({step.key for step in self.steps} | waits)

    def applied_to(self, facts: Facts) -> Facts:
        """The facts after its steps."""
        return facts.with_answers({step.key: step.to for step in self.steps})


class Why(StrEnum):
    """Why something cannot be had."""

    ENDED = "ended"
    SUPERSEDED = "superseded"
    FIXED = "fixed"
    ONLY_RISES = "only_rises"
    ONLY_FALLS = "only_falls"
    OUT_OF_RANGE = "out_of_range"
    TOGETHER = "together"


@dataclass(frozen=True)
class Obstacle:
    """Clauses that cannot hold, alone or together, the facts that are to blame and why."""

    clauses: tuple[str, ...]
    keys: tuple[str, ...]
    why: Why
    text: Bilingual


@dataclass(frozen=True)
class Recourse:
    """The advice on one policy: ways from the cheapest on, or the obstacles.

    A single way without steps says that nothing is to be done. `leads_to` is eligible, or needs_review where a person
    still has to judge. `complete` is False where a tree was too wide to look at every way.
    """

    policy_id: str
    ways: tuple[Way, ...]
    obstacles: tuple[Obstacle, ...] = ()
    leads_to: Outcome = Outcome.ELIGIBLE
    complete: bool = True
