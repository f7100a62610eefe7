"""Facts that the directory keeps: where each is recorded, and how an answer in the unit of policies is written there. Pure.

A figure is kept once. Facts that merely follow from several figures (whether there are rights, what was raised in two
years) may be stated here as well: the directory may know too little to derive them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from backbone.money import FEN_PER_WAN
from policy_pack.engine.facts import Value
from policy_pack.subjects.from_directory import ALONE, OF_THREE_YEARS, YEARS

OF_THE_ENTERPRISE = frozenset({"region", "founded_on", "labels"})
"""Kept in the enterprise's own row, which amendEnterprise changes."""


@dataclass(frozen=True)
class Place:
    """A kind of figure of the directory: what a policy's unit is worth in its own, and how many years back the figure is of."""

    kind: str
    times: Decimal | int
    years_back: int | None = None

    def day(self, as_of: date) -> date:
        """As of which day an answer is recorded: a figure of a year as of its last one."""
        return as_of if self.years_back is None else date(as_of.year - 1 - self.years_back, 12, 31)

    def figure(self, value: Value) -> int | None:
        """The whole number to record; None where the directory has no such one."""
        if isinstance(value, bool):
            return int(value)
        scaled = value * self.times if isinstance(value, Decimal) else None
        return int(scaled) if scaled is not None and scaled == scaled.to_integral_value() else None


_OF_A_YEAR = frozenset({"rd_domestic_share", "high_tech_income_share"})


def _places() -> dict[str, Place]:
    found = {
        scale.key: Place(kind, scale.divisor, 0 if kind in _OF_A_YEAR else None)
        for kind, scale in ALONE.items()
    }
    for kind, key in OF_THREE_YEARS.items():
        found |= {key + suffix: Place(kind, FEN_PER_WAN, back) for back, suffix in enumerate(YEARS)}
    return found | {"blacklisted": Place("dishonesty_listed", Decimal(1))}


PLACES: Mapping[str, Place] = MappingProxyType(_places())
