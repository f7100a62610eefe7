"""What a fact is: its type, unit and range, whether and how it can be changed, and how it is asked for. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from backbone.errors import Bilingual


class Kind(StrEnum):
    """The types of facts; money is in 万元, a share is 0 to 1 (1 is 100 %)."""

    MONEY = "money"
    SHARE = "ratio"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    FLAG = "boolean"
    TEXT = "text"
    CHOICE = "enum"
    SET = "set"


MOST_OF_ALL = Decimal(1_000_000_000)
"""No fact is above this, whatever its unit (ten trillion yuan): a guard of reading, not a bound that answers reckon with."""
NUMERIC = frozenset({Kind.MONEY, Kind.SHARE, Kind.NUMBER, Kind.INTEGER})


class Change(StrEnum):
    """What an enterprise can do about a fact: raise it, lower it, either, or nothing (a founding day, an accident of the past)."""

    UP = "up"
    DOWN = "down"
    EITHER = "either"
    NEVER = "never"


@dataclass(frozen=True)
class Domain:
    """What a fact can be beside absent: bounds and wholeness of a number, the values of an enum or a set (empty: any)."""

    is_whole: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    values: tuple[str, ...] = ()


ANYTHING = Domain()


@dataclass(frozen=True)
class Definition:
    """One key of the dictionary.

    `least` and `most` bound a number (None: open); `values` are those of an enum or a set (empty: any); `cost` weighs a
    change of the fact against others, per unit of `step` for numbers and per change otherwise; it is a rank of effort,
    not money. `per` says whose fact it is: the enterprise's, or that of one contract, product or project.
    `evidence` is the paper that proves it. `also` are other spellings of a value, each with the value it stands for.
    """

    key: str
    kind: Kind
    label: Bilingual
    question: Bilingual
    unit: str = ""
    per: str = "enterprise"
    least: Decimal | None = None
    most: Decimal | None = None
    values: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    change: Change = Change.NEVER
    cost: Decimal = Decimal(1)
    step: Decimal = Decimal(1)
    evidence: Bilingual | None = None

    @cached_property
    def domain(self) -> Domain:
        """The part of it that says which answers there can be."""
        return Domain(self.kind is Kind.INTEGER, self.least, self.most, self.values)


def label_of(key: str, dictionary: Mapping[str, Definition]) -> Bilingual:
    """What a fact is called; its key where the dictionary does not have it, as in records of an older one."""
    return dictionary[key].label if key in dictionary else Bilingual(key, key)
