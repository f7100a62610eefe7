"""Stretches of numbers with open or closed ends, exact: what a comparison leaves of what a fact may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from policy_pack.engine.definition import Definition
from policy_pack.engine.tree import Sign

FLIPPED = {
    Sign.AT_LEAST: Sign.BELOW,
    Sign.ABOVE: Sign.AT_MOST,
    Sign.AT_MOST: Sign.ABOVE,
    Sign.BELOW: Sign.AT_LEAST,
    Sign.EQUALS: Sign.DIFFERS,
    Sign.DIFFERS: Sign.EQUALS,
}
"""The sign that holds where the first does not."""
MIRRORED = {
    Sign.AT_LEAST: Sign.AT_MOST,
    Sign.AT_MOST: Sign.AT_LEAST,
    Sign.ABOVE: Sign.BELOW,
    Sign.BELOW: Sign.ABOVE,
    Sign.EQUALS: Sign.EQUALS,
    Sign.DIFFERS: Sign.DIFFERS,
}
"""The sign after both sides were divided by a negative number."""


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`; None is without end; the ends belong to it unless they are said to be open."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """No number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def holds(self, number: Fraction) -> bool:
        """Whether the number lies in it."""
        if self.low is not None and (number < self.low or (self.low_open and number == self.low)):
            return False
        return not (
            self.high is not None and (number > self.high or (self.high_open and number == self.high))
        )

    def meet(self, other: "Interval") -> "Interval":
        """What lies in both; may be empty."""
        low, low_open = self.low, self.low_open
        if other.low is not None and (low is None or (other.low, other.low_open) > (low, low_open)):
            low, low_open = other.low, other.low_open
        high, high_open = self.high, self.high_open
        if other.high is not None and (
            high is None or (other.high, not other.high_open) < (high, not high_open)
        ):
            high, high_open = other.high, other.high_open
        return Interval(low, high, low_open, high_open)

    def hull(self, other: "Interval") -> "Interval":
        """The shortest stretch that holds both; an empty one adds nothing."""
        if self.is_empty or other.is_empty:
            return other if self.is_empty else self
        lows, highs = (self.low, other.low), (self.high, other.high)
        low = None if None in lows else min(each for each in lows if each is not None)
        high = None if None in highs else max(each for each in highs if each is not None)
        return Interval(
            low,
            high,
            low is not None and not any(each.low == low and not each.low_open for each in (self, other)),
            high is not None and not any(each.high == high and not each.high_open for each in (self, other)),
        )


EVERYTHING = Interval()
NOTHING = Interval(Fraction(1), Fraction(0))


def hull_of(intervals: Iterable[Interval]) -> Interval:
    """The shortest stretch that holds all of them; of none it is empty."""
    return reduce(Interval.hull, intervals, NOTHING)


def beside(sign: Sign, number: Fraction) -> Interval:
    """The numbers that stand so to `number`; for DIFFERS everything, since a hole is no stretch."""
    match sign:
        case Sign.AT_LEAST:
            return Interval(low=number)
        case Sign.ABOVE:
            return Interval(low=number, low_open=True)
        case Sign.AT_MOST:
            return Interval(high=number)
        case Sign.BELOW:
            return Interval(high=number, high_open=True)
        case Sign.EQUALS:
            return Interval(number, number)
        case Sign.DIFFERS:
            return EVERYTHING


def bounds_of(definition: Definition | None) -> Interval:
    """The range that the dictionary gives a number; everything for a key that it does not know."""
    if definition is None:
        return EVERYTHING
    least, most = definition.least, definition.most
    return Interval(None if least is None else Fraction(least), None if most is None else Fraction(most))
