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
class Span:
    """What conditions on one value leave of it: [least, below), open where there is None."""

    least: Decimal | None = None
    below: Decimal | None = None

    def within(self, condition: Condition) -> "Span":
        """What is left with one condition more."""
        least, below = condition.least, condition.below
        return Span(
            least if self.least is None or (least is not None and least > self.least) else self.least,
            below if self.below is None or (below is not None and below < self.below) else self.below,
        )

    @property
    def is_empty(self) -> bool:
        """Whether no value lies in it."""
        return self.least is not None and self.below is not None and self.least >= self.below

    def contains(self, other: "Span") -> bool:
        """Whether every value of the other lies in it."""
        from_below = self.least is None or (other.least is not None and other.least >= self.least)
        return from_below and (self.below is None or (other.below is not None and other.below <= self.below))


@dataclass(frozen=True)
class Group:
    """A stage of life. The first group of the card whose conditions all hold is the enterprise's; the last one has none."""

    key: str
    title: Bilingual
    when: tuple[Condition, ...]

    @property
    def spans(self) -> Mapping[str, Span]:
        """Its conditions together, by what they read."""
        found: dict[str, Span] = {}
        for condition in self.when:
            found[condition.reads] = found.get(condition.reads, Span()).within(condition)
        return found

    def takes_all_of(self, later: "Group") -> bool:
        """Whether whoever is of the later group is of this one already."""
        theirs = later.spans
        return all(span.contains(theirs.get(reads, Span())) for reads, span in self.spans.items())


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

    @property
    def reads(self) -> frozenset[str]:
        """The names of all values that it reads."""
        of_groups = {each.reads for group in self.groups for each in group.when}
        return frozenset(of_groups | {each.reads for each in self.indicators})

    def counted_in(self, group: str) -> list[Indicator]:
        """The indicators that the group's score is made of."""
        return [each for each in self.indicators if group in each.weights]

    def counts_on(self, day: date) -> bool:
        """Whether it is in force."""
        return self.since_on <= day and (self.until_on is None or day <= self.until_on)


def earned(indicator: Indicator, group: str, points: int) -> Fraction:
    """What these points come to, exactly."""
    return Fraction(indicator.weights[group]) * points / MOST_POINTS
