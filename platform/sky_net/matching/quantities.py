"""Quantities in technical text: ≥67 %, 1.80 g/cm³, 50 万元以内, 100–200 ℃, 3±0.1 mm, at least 5 MPa, 不超过三成.

A quantity is what its words admit: an interval with a unit. Everything is exact; no text makes it fail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from sky_net.matching.comparisons import (
    ABOUT,
    LEAST,
    MOST,
    SAME,
    Side,
    behind,
    blanks_from,
    in_front_of,
    opening,
)
from sky_net.matching.numerals import BEGINS, Number, number_at
from sky_net.matching.units import RATIO, Unit, plain, unit_at, unit_named

LONGEST_VALUE = 200
"""Characters of a value that are read; a form takes 100."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """From `low` to `high`, None where there is no end; an end that is `open` does not belong to it.

    Numbers are in `unit`, None where no unit was written. `is_about` marks an approximate number, `is_tolerance`
    a width around whatever is aimed at (±0.1), told by `high` alone. `written` is the unit in the writer's letters.
    """

    low: Fraction | None
    high: Fraction | None
    unit: Unit | None = None
    is_open: bool = False
    is_about: bool = False
    is_tolerance: bool = False
    written: str = field(default="", compare=False)

    @property
    def is_single(self) -> bool:
        """One number and nothing said about what is more or less."""
        return self.low is not None and self.low == self.high

    @property
    def is_bounded(self) -> bool:
        """Two ends."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity in a text, with the place that its words take, comparison included."""

    quantity: Quantity
    start: int
    end: int


_GRADE = re.compile(r"\d{3,4}[LHFCSP]")
_NOTE = re.compile(r"\(.*", re.DOTALL)  # under which conditions, by which method
_MINUS = re.compile(r"[-+]|零下|负")
_BETWEEN = re.compile(r"\s{0,2}(?:[-–—~]{1,2}|至|到|to)\s{0,2}")
_SIGNS = ("零下", "负", "+/-", "±", "-")
_AROUND = re.compile(r"\s{0,2}(?:±|\+/-)\s{0,2}")


_PERCENT = Unit(RATIO, Fraction(1, 100))


@dataclass(frozen=True, slots=True)
class _Amount:
    value: Fraction
    unit: Unit | None
    end: int
    written: str = ""
    is_chinese: bool = False


@lru_cache(maxsize=4096)
def read_quantity(value: str, unit: str | None = None) -> Quantity | None:
    """The one quantity that a value is, with its unit given apart or in the value; None for anything else."""
    text = plain(value[:LONGEST_VALUE]).strip()
    before = opening(text)
    found = _at(text, before.end, before.side)
    if found is None:
        return None
    quantity, end = found
    rest = _NOTE.sub("", text[end:]).strip()
    if rest and (quantity.unit is not None or not rest[0].isalpha()):
        return None
    if own := quantity.unit or unit_named(rest):
        return replace(quantity, unit=own, written=quantity.written or rest)
    return replace(quantity, unit=unit_named(unit or ""), written=unit or "")


def find_quantities(text: str) -> Iterator[Found]:
    """The quantities with a known unit that a text states, in order; `text` must be `units.plain`."""
    place = 0
    while begins := BEGINS.search(text, place):
        start, place = begins.start(), begins.end()
        signed = _signed(text, start)
        found = _at(text, signed, Side())
        if found is None or found[0].unit is None or _is_a_name(found[0], text[signed : found[1]]):
            continue
        before = in_front_of(text, signed)
        if before.side.which != SAME:
            found = _at(text, signed, before.side) or found
        place = max(place, found[1])
        yield Found(found[0], before.start, found[1])


def _signed(text: str, start: int) -> int:
    """Where the sign of the number begins that stands here; a hyphen behind a letter or a digit is none."""
    for sign in _SIGNS:
        if text.endswith(sign, 0, start):
            at = start - len(sign)
            return start if sign == "-" and text[max(0, at - 1) : at].isalnum() else at
    return start


def _at(text: str, start: int, side: Side) -> tuple[Quantity, int] | None:
    """The quantity whose number (with its sign) begins here, under the comparison in front of it."""
    if around := _AROUND.match(text, start):
        width = _amount(text, around.end())
        return (
            (Quantity(None, width.value, width.unit, is_tolerance=True, written=width.written), width.end)
            if width
            else None
        )
    first = _amount(text, start)
    if first is None:
        return None
    ranged = _range(text, first)
    if ranged is not None:
        return ranged
    if first.is_chinese and first.unit is None:
        return None
    side, end = behind(text, first.end) or (side, first.end)
    return _bounded(first, side), end


def _bounded(amount: _Amount, side: Side) -> Quantity:
    low = None if side.which == MOST else amount.value
    high = None if side.which == LEAST else amount.value
    is_about = side.which == ABOUT
    return Quantity(low, high, amount.unit, side.is_open, is_about, written=amount.written)


def _range(text: str, first: _Amount) -> tuple[Quantity, int] | None:
    """100–200 ℃, 100 ℃ 至 200 ℃, 45±5 HRC."""
    if around := _AROUND.match(text, first.end):
        second = _amount(text, around.end())
        low, high = (first.value - second.value, first.value + second.value) if second else (0, 0)
    elif between := _BETWEEN.match(text, first.end):
        second = _amount(text, between.end())
        low, high = (first.value, second.value) if second else (0, 0)
    else:
        return None
    if second is None or low > high or (first.unit and second.unit and first.unit != second.unit):
        return None
    if first.is_chinese and second.unit is None and first.unit is None:
        return None
    written = second.written or first.written
    return Quantity(Fraction(low), Fraction(high), second.unit or first.unit, written=written), second.end


def _amount(text: str, start: int) -> _Amount | None:
    """A number with its sign, and the unit behind it where there is a known one."""
    minus = _MINUS.match(text, start)
    sign = -1 if minus and minus.group() != "+" else 1
    number = number_at(text, minus.end() if minus else start)
    if number is None:
        return None
    if number.is_ratio:
        return _Amount(sign * number.value * 100, _PERCENT, number.end, "%")
    return _with_unit(text, number, sign)


def _with_unit(text: str, number: Number, sign: int) -> _Amount:
    found = unit_at(text, blanks_from(text, number.end))
    unit, end = found if found else (None, number.end)
    return _Amount(sign * number.value, unit, end, text[number.end : end].strip(), number.is_chinese)


def _is_a_name(quantity: Quantity, said: str) -> bool:
    """2024年 is a date and 316L a steel."""
    if _GRADE.fullmatch(said):
        return True
    return said.endswith("年") and quantity.low is not None and 1900 <= quantity.low <= 2100
