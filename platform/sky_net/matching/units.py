"""Units of measure as people write them, compound ones included: what of, and how many of the dimension's base.

The table is `units.yaml`. Factors are fractions: a verdict must not depend on the unit that a number was written in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from backbone.chinese import fold_width
from sky_net.matching.tables import read_table

Dimension = frozenset[tuple[str, int]]
"""Base dimensions with their exponents; empty for a ratio."""

MOST_FACTORS = 6
LONGEST_UNIT = 48
"""Characters that a unit is looked for in: bounds the time that a text of 100 kB takes."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` bases make one of it; its zero lies `zero` bases above the base's own (℃ above K).

    `of` tells ratios of different things apart (mass, volume, points); empty where the writer did not say.
    """

    dimension: Dimension
    factor: Fraction
    zero: Fraction = Fraction(0)
    of: str = ""

    def is_like(self, other: "Unit") -> bool:
        """Whether amounts of both can be compared."""
        return self.dimension == other.dimension and (self.of == other.of or not (self.of and other.of))


Found = tuple[Unit, int]
"""A unit and where it ends."""

RATIO: Dimension = frozenset()
# In running text these are articles, names of months, clock times and ordinary words.
_NOT_IN_TEXT = frozenset(
    [
        "a",
        "月",
        "1",
        "点",
        "位",
        "方",
        "角",
        "安",
        "端",
        "头",
        "样",
        "类",
        "周",
        "度",
        "例",
        "家",
        "名",
        "联",
        "孔",
        "块",
        "r",
        "b",
        "B",
        "P",
        "G",
        "T",
        "M",
    ]
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_RAISED = re.compile(r"[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}")
_EXPONENT = re.compile(r"\^?([+-]?[1-9])(?![\d.])|\^\(([+-]?[1-9])\)")
_COEFFICIENT = re.compile(r"[1-9]\d{0,4}(?![\d.])")
_TIMES = "·*•⋅∙"
_FIRST_HAN = "\u2e80"


def plain(text: str) -> str:
    """The text as numbers and units are read: width and script folded, letter case kept, powers as `^3`."""
    raised = _RAISED.sub(lambda found: "^" + found.group().translate(_SUPERSCRIPTS), text)
    # A full-width comma parts clauses, and must not become one that groups digits.
    return fold_width(raised.replace("½", "^0.5").replace("，", "；")).replace("−", "-").replace("µ", "μ")


@lru_cache(maxsize=4096)
def unit_named(text: str) -> Unit | None:
    """The unit that the whole text names; one that no table has is equal to itself alone; None for no text."""
    name = "".join(plain(text).split())
    if not name:
        return None
    found = _table().term(name, 0, min(len(name), LONGEST_UNIT), MOST_FACTORS)
    if found is not None and found[1] == len(name):
        return found[0]
    return Unit(frozenset({(name.lower(), 1)}), Fraction(1))


def unit_at(text: str, start: int) -> Found | None:
    """The longest known unit that begins here in running text; `text` must be `plain`."""
    found = _table().term(text, start, min(len(text), start + LONGEST_UNIT), MOST_FACTORS)
    if found is None or text[start : found[1]] in _NOT_IN_TEXT:
        return None
    return found


class _Table:
    """The known names, and the grammar of what people build out of them."""

    def __init__(self) -> None:
        self.names: dict[str, Unit] = {}
        self.folded: dict[str, Unit] = {}
        self.multipliers: Mapping[str, int] = {}
        self.longest = 1

    def term(self, text: str, start: int, end: int, most: int) -> Found | None:
        """Factors joined by · or /; a slash divides by the one factor behind it."""
        found = self._factor(text, start, end, most)
        if found is None:
            return None
        unit, place = found
        for _ in range(most):
            sign = text[place : min(place + 1, end)]
            behind = self._behind(sign, text, place + 1, end, most)
            if behind is None:
                break
            unit, place = _product(unit, behind[0], -1 if sign == "/" else 1), behind[1]
        return unit, place

    def _behind(self, sign: str, text: str, start: int, end: int, most: int) -> Found | None:
        if sign == "/":
            return self._divisor(text, start, end, most)
        return self._factor(text, start, end, most) if sign and sign in _TIMES else None

    def _divisor(self, text: str, start: int, end: int, most: int) -> Found | None:
        """A factor that may say of how many: /8h, /100mm."""
        many = _COEFFICIENT.match(text, start, end)
        found = self._factor(text, many.end() if many else start, end, most)
        if many is None or found is None:
            return found
        unit, place = found
        return Unit(unit.dimension, unit.factor * int(many.group()), of=unit.of), place

    def _factor(self, text: str, start: int, end: int, most: int) -> Found | None:
        if most > 0 and text.startswith("(", start):
            inner = self.term(text, start + 1, end, most - 1)
            closed = inner is not None and text.startswith(")", inner[1])
            return (inner[0], inner[1] + 1) if inner is not None and closed else None
        found = self._atom(text, start, end)
        if found is None or found[0].dimension == RATIO:
            return found
        power = _EXPONENT.match(text, found[1], end)
        if power is None:
            return found
        return _power(found[0], int(power.group(1) or power.group(2))), power.end()

    def _atom(self, text: str, start: int, end: int) -> Found | None:
        for size in range(min(self.longest, end - start), 0, -1):
            name = text[start : start + size]
            unit = self.names.get(name) or self.folded.get(name.lower())
            if unit is not None and not _goes_on(text, start + size):
                return unit, start + size
        return self._many(text, start, end)

    def _many(self, text: str, start: int, end: int) -> Found | None:
        """万次, 千台."""
        many = self.multipliers.get(text[start : start + 1])
        inner = self._atom(text, start + 1, end) if many is not None and end > start + 1 else None
        if inner is None or many is None:
            return None
        return Unit(inner[0].dimension, inner[0].factor * many, of=inner[0].of), inner[1]


def _goes_on(text: str, end: int) -> bool:
    """Whether a Latin word would be cut in the middle."""
    return _is_latin(text[end - 1 : end]) and _is_latin(text[end : end + 1])


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and letter < _FIRST_HAN


def _power(unit: Unit, exponent: int) -> Unit:
    dimension = frozenset((base, power * exponent) for base, power in unit.dimension)
    return Unit(dimension, unit.factor**exponent)


def _product(one: Unit, other: Unit, sign: int) -> Unit:
    powers = dict(one.dimension)
    for base, power in other.dimension:
        powers[base] = powers.get(base, 0) + sign * power
    dimension = frozenset((base, power) for base, power in powers.items() if power)
    return Unit(dimension, one.factor * other.factor**sign, of=one.of or other.of)


@cache
def _table() -> _Table:
    read = read_table("units")
    prefixes = {plain(name): Fraction(str(factor)) for name, factor in read["prefixes"].items()}
    table = _Table()
    for row in read["dimensions"]:
        table.names.update(_rows(row, prefixes, table))
        table.longest = max(map(len, table.names))
    table.folded, table.multipliers = _clear_without_case(table.names), read["multipliers"]
    return table


def _rows(
    row: Mapping[str, Any], prefixes: Mapping[str, Fraction], table: _Table
) -> Iterator[tuple[str, Unit]]:
    """The names of one dimension; symbols with their prefixes first, so that a name given by itself wins."""
    base = _base(row, table)
    zeros = {plain(name): Fraction(str(zero)) for name, zero in row.get("zeros", {}).items()}
    factors = {plain(str(name)): Fraction(str(factor)) for name, factor in row["units"].items()}
    for symbol, taken in row.get("prefixed", {}).items():
        symbol = plain(symbol)
        own = factors.get(symbol, Fraction(1))
        for prefix in taken.split():
            yield plain(prefix) + symbol, _scaled(base, prefixes[plain(prefix)] * own)
        yield symbol, _scaled(base, own)
    for name, factor in factors.items():
        yield name.replace(" ", ""), _scaled(base, factor, zeros.get(name, Fraction(0)))


def _base(row: Mapping[str, Any], table: _Table) -> Unit:
    if "base" in row:
        return Unit(frozenset({(row["base"], 1)}), Fraction(1))
    of = row.get("of", "")
    if row["is"] == "1":
        return Unit(RATIO, Fraction(1), of=of)
    inverted = row["is"].startswith("1/")
    found = table.term(row["is"].removeprefix("1/"), 0, len(row["is"]), MOST_FACTORS)
    if found is None:
        raise ValueError(f"no unit of the table so far makes {row['is']}")
    return _power(found[0], -1) if inverted else found[0]


def _scaled(base: Unit, factor: Fraction, zero: Fraction = Fraction(0)) -> Unit:
    return Unit(base.dimension, base.factor * factor, zero, base.of)


def _clear_without_case(names: Mapping[str, Unit]) -> dict[str, Unit]:
    """Lower-cased name → unit, where every way to write it that is in the table means the same."""
    meanings: dict[str, set[Unit]] = {}
    for name, unit in names.items():
        if len(name) > 1:
            meanings.setdefault(name.lower(), set()).add(unit)
    return {name: units.pop() for name, units in meanings.items() if len(units) == 1}
