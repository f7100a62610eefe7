"""The score of an enterprise under a scorecard: exact, with a reason for every indicator. Pure.

What is not known earns no silent nothing: it is listed, there is no score, and the lowest and the highest that are still
possible are said instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from finance_net.credit.scorecard import Condition, Group, Indicator, Scorecard, earned

KNOWN, UNKNOWN, ABSENT, DISPUTED, NO_NUMBER = "known", "unknown", "absent", "disputed", "no_number"
WHYS = (KNOWN, UNKNOWN, ABSENT, DISPUTED, NO_NUMBER)
Values = Mapping[str, Decimal | str]
"""By name: the number, or why there is none; a name that is left out is unknown."""


@dataclass(frozen=True)
class Line:
    """One indicator: the value that was read, or why there is none, and what it earned of its weight, in hundredths."""

    indicator: str
    dimension: str
    reads: str
    why: str
    value: Decimal | None
    points: int | None
    weight: Decimal
    earned_hundredths: int | None


@dataclass(frozen=True)
class Score:
    """A score in hundredths; None where something is missing, and then the bounds say what is still possible.

    `missing` names the values that are not known: those that decide about the group where there is no group.
    """

    group: str | None
    hundredths: int | None
    least_hundredths: int | None
    most_hundredths: int | None
    missing: tuple[str, ...]
    lines: tuple[Line, ...]


def score(card: Scorecard, values: Values) -> Score:
    """The score under the card."""
    group, waits_for = group_of(card, values)
    if group is None:
        return Score(None, None, None, None, waits_for, ())
    counted = card.counted_in(group.key)
    lines = tuple(_line(each, group.key, values) for each in counted)
    missing = tuple(dict.fromkeys(line.reads for line in lines if line.points is None))
    pairs = list(zip(counted, lines, strict=True))
    least = sum((_worth(each, line, group.key, each.least_points) for each, line in pairs), Fraction(0))
    most = sum((_worth(each, line, group.key, each.most_points) for each, line in pairs), Fraction(0))
    low, high = hundredths(least), hundredths(most)
    return Score(group.key, None if missing else low, low, high, missing, lines)


def group_of(card: Scorecard, values: Values) -> tuple[Group | None, tuple[str, ...]]:
    """The first group whose conditions hold; none, with what is missing, where one that comes before cannot be told."""
    for group in card.groups:
        told = [(each, _holds(each, values)) for each in group.when]
        if any(holds is False for _, holds in told):
            continue
        if missing := tuple(dict.fromkeys(each.reads for each, holds in told if holds is None)):
            return None, missing
        return group, ()
    raise AssertionError("a card was taken whose last group has conditions")


def hundredths(exact: Fraction) -> int:
    """Rounded once, half up."""
    return floor(exact * 100 + Fraction(1, 2))


def _worth(indicator: Indicator, line: Line, group: str, otherwise: int) -> Fraction:
    return earned(indicator, group, otherwise if line.points is None else line.points)


def _holds(condition: Condition, values: Values) -> bool | None:
    value = values.get(condition.reads, UNKNOWN)
    return condition.holds(value) if isinstance(value, Decimal) else None


def _line(indicator: Indicator, group: str, values: Values) -> Line:
    value = values.get(indicator.reads, UNKNOWN)
    weight = indicator.weights[group]
    if not isinstance(value, Decimal):
        return Line(indicator.key, indicator.dimension, indicator.reads, value, None, None, weight, None)
    points = indicator.points_of(value)
    gained = hundredths(earned(indicator, group, points))
    return Line(indicator.key, indicator.dimension, indicator.reads, KNOWN, value, points, weight, gained)
