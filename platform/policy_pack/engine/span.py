"""Sums of money in 万元 from the least to the most: what an amount is reckoned in."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from policy_pack.engine.policy import Cap, Tier

NOUGHT = Decimal(0)


@dataclass(frozen=True)
class Span:
    """From `low` to `high`; None is without end."""

    low: Decimal
    high: Decimal | None

    def part(self, tier: Tier) -> "Span":
        """How much of a base of this span lies in the tier."""
        if self.high is None:
            return Span(_part(self.low, tier), None if tier.to is None else tier.to - tier.above)
        return Span(_part(self.low, tier), _part(self.high, tier))

    def times(self, rate: Decimal) -> "Span":
        """It at a rate that is not negative; nothing of what is endless is nothing."""
        if rate == 0:
            return Span(NOUGHT, NOUGHT)
        return Span(self.low * rate, None if self.high is None else self.high * rate)

    def plus(self, other: "Span") -> "Span":
        """Both together."""
        high = None if self.high is None or other.high is None else self.high + other.high
        return Span(self.low + other.low, high)

    @staticmethod
    def total(spans: Iterable["Span"]) -> "Span":
        """All together."""
        return reduce(Span.plus, spans, Span(NOUGHT, NOUGHT))

    def at_least(self, least: Decimal) -> "Span":
        """Both ends lifted to `least`."""
        return Span(max(self.low, least), None if self.high is None else max(self.high, least))

    def under(self, cap: "CapSpan") -> "Span":
        """The low end under the least cap that may hold, the high end under the greatest."""
        highs = [each for each in (self.high, cap.most) if each is not None]
        return Span(self.low if cap.least is None else min(self.low, cap.least), min(highs, default=None))


@dataclass(frozen=True)
class CapSpan:
    """The least and the greatest cap that may hold (`most` None: there may be none), and those that are undecided."""

    least: Decimal | None = None
    most: Decimal | None = None
    undecided: tuple[Cap, ...] = ()


def _part(base: Decimal, tier: Tier) -> Decimal:
    top = base if tier.to is None else min(base, tier.to)
    return max(NOUGHT, top - tier.above)
