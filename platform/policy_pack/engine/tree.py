"""Condition trees: what a clause asks of the facts. Plain values that can be hashed, compared and walked; nothing is executed.

A leaf asks about facts; All, AnyOf and Not join conditions. A comparison with a fact that is known to be absent is
false, whatever its direction, so that `Not` of it is true; a flag that is absent is False and a set that is absent is
empty: nobody issues a paper that says "no".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Sign(StrEnum):
    """How a term is compared with a number: the words of the packs' files."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    EQUALS = "equals"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Quantity:
    """The number that a fact states, in the fact's unit."""

    key: str


@dataclass(frozen=True)
class Sum:
    """Added up; members that are known to be absent count for nothing, all of them absent is absent."""

    of: tuple[Quantity, ...]


@dataclass(frozen=True)
class Mean:
    """The mean of what is there: absent members leave the count too."""

    of: tuple[Quantity, ...]


@dataclass(frozen=True)
class Ratio:
    """One term over another; over nothing (zero, negative or absent) every comparison is false."""

    over: "Quantity | Sum"
    under: "Quantity | Sum"


Term = Quantity | Sum | Mean | Ratio


@dataclass(frozen=True)
class Compare:
    """A term beside a number, both in the term's unit."""

    term: Term
    sign: Sign
    number: Decimal


@dataclass(frozen=True)
class Flag:
    """A yes-or-no fact is as wanted."""

    key: str
    wanted: bool


@dataclass(frozen=True)
class OneOf:
    """A text or a value of a list is one of these."""

    key: str
    values: frozenset[str]


@dataclass(frozen=True)
class Has:
    """A set holds at least one of these."""

    key: str
    values: frozenset[str]


@dataclass(frozen=True)
class Within:
    """A place lies in a region, or is it."""

    key: str
    region: str


@dataclass(frozen=True)
class Between:
    """A day lies from one to another, both included; None is open."""

    key: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class YearsBefore:
    """A day lies at least, or less than, so many years before the day of application (an enterprise's age)."""

    key: str
    sign: Sign  # AT_LEAST: at least so old; BELOW: younger; AT_MOST: not older
    years: int


@dataclass(frozen=True)
class WithinYearsAfter:
    """The day of application comes no later than the end of the n-th calendar year after that of the fact's day."""

    key: str
    years: int


Leaf = Compare | Flag | OneOf | Has | Within | Between | YearsBefore | WithinYearsAfter


@dataclass(frozen=True)
class All:
    """Every part holds; of no part it is true."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds; of no part it is false."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition = Leaf | All | AnyOf | Not


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf, left to right, as often as it is written."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def keys_of_term(term: Term) -> tuple[str, ...]:
    """The facts that a term reads, in the order of writing."""
    match term:
        case Quantity(key):
            return (key,)
        case Sum(of) | Mean(of):
            return tuple(member.key for member in of)
        case Ratio(over, under):
            return keys_of_term(over) + keys_of_term(under)


def keys_of(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads, each once, in the order of writing."""
    read: dict[str, None] = {}
    for leaf in leaves(condition):
        asked = keys_of_term(leaf.term) if isinstance(leaf, Compare) else (leaf.key,)
        read.update(dict.fromkeys(asked))
    return tuple(read)
