"""A scorecard as whoever has it wrote it: groups by stage of life, and indicators with their weights and bands. Pure.

No number of it is ours: weights, bands and the limits between the groups stand in the file that was loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from backbone.errors import Bilingual

MOST_POINTS = 100
"""A band gives 0 to 100 of what its indicator may earn, which is its weight."""


@dataclass(frozen=True)
class Condition:
    """One value lies within [least, below)."""

    reads: str
    least: Decimal | None
    below: Decimal | None

    def holds(self, value: Decimal) -> bool:
        """Whether it does."""
        return (self.least is None or value >= self.least) and (self.below is None or value < self.below)


@dataclass(frozen=True)
class Group:
    """A stage of life. The first group of the card whose conditions all hold is the enterprise's; the last one has none."""

    key: str
    title: Bilingual
    when: tuple[Condition, ...]


@dataclass(frozen=True)
class Band:
    """From this value on so many points; the first band has no `least` and takes all that is lower."""

    least: Decimal | None
    points: int


@dataclass(frozen=True)
class Indicator:
    """One thing that is scored: `weights` by group, out of the card's `whole`; a group that is left out does not count it."""

    key: str
    title: Bilingual
    dimension: str
    reads: str
    weights: Mapping[str, Decimal]
    bands: tuple[Band, ...]

    def points_of(self, value: Decimal) -> int:
        """The points of the band that the value lies in."""
        return next(band.points for band in reversed(self.bands) if band.least is None or value >= band.least)

    @property
    def least_points(self) -> int:
        """What it gives at worst."""
        return min(band.points for band in self.bands)

    @property
    def most_points(self) -> int:
        """What it gives at best."""
        return max(band.points for band in self.bands)


@dataclass(frozen=True)
class Scorecard:
    """A scorecard that counts from a day on. In each group the weights add up to `whole`."""

    key: str
    title: Bilingual
    since_on: date
    until_on: date | None
    source: str
    source_as_of_on: date
    shape: str | None
    whole: Decimal
    dimensions: Mapping[str, Bilingual]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]

    def counted_in(self, group: str) -> list[Indicator]:
        """The indicators that the group's score is made of."""
        return [each for each in self.indicators if group in each.weights]

    def counts_on(self, day: date) -> bool:
        """Whether it is in force."""
        return self.since_on <= day and (self.until_on is None or day <= self.until_on)


def earned(indicator: Indicator, group: str, points: int) -> Fraction:
    """What these points come to, exactly."""
    return Fraction(indicator.weights[group]) * points / MOST_POINTS
