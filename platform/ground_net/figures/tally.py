"""Counting: what leads and their needs came to. Pure.

A `Mined` is one lead with all that became of it; a need stands in the one lead that was promoted, so that it counts once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

import numpy as np

from backbone.clock import local_date
from ground_net.figures.words import FIGURES, FUNNEL, HOURS, PERCENT, SHARE

STEPS = tuple(FUNNEL)
QUANTILES = {"median": 0.5, "p90": 0.9}
DIGITS = 4
_HOUR = 3600


@dataclass(frozen=True)
class Agreed:
    """A contract that was neither cancelled nor terminated; the amounts count where the reader `is_readable`."""

    amount_fen: int
    technology_fen: int
    received_fen: int
    in_province: bool
    is_registered: bool
    is_readable: bool


@dataclass(frozen=True)
class Mined:
    """One lead, and how far its need has come: the furthest state of the needs' own life, None before the first."""

    node_key: str
    zone_code: str
    happened_at: datetime
    is_decided: bool
    promoted_at: datetime | None = None
    need_id: UUID | None = None
    furthest: str | None = None
    submitted_at: datetime | None = None
    contacted_at: datetime | None = None
    contracts: Sequence[Agreed] = ()

    @property
    def day(self) -> date:
        """The day of the visit in Asia/Shanghai."""
        return local_date(self.happened_at)

    @property
    def step(self) -> int:
        """Its place in the funnel; a contract tells more than the state of the need."""
        if any(each.is_registered for each in self.contracts):
            return STEPS.index("registered")
        if self.contracts:
            return STEPS.index("contracted")
        if self.furthest in STEPS:
            return STEPS.index(self.furthest)
        return STEPS.index("leads" if self.need_id is None else "promoted")


@dataclass(frozen=True)
class Held:
    """An event that a node held."""

    node_key: str
    zone_code: str
    day: date
    need_id: UUID | None = None


@dataclass
class Tally:
    """The figures of a group of leads; `events` is None where none can belong to it."""

    steps: list[int] = field(default_factory=lambda: [0] * len(STEPS))
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("decided", "cooperations", "amount_fen", "technology_fen", "received_fen", "withheld", "in_province"), 0
        )
    )  # fmt: skip
    promotion: list[float] = field(default_factory=list)
    contact: list[float] = field(default_factory=list)
    events: int | None = 0

    def count(self, mined: Mined) -> None:
        """Add one lead."""
        for place in range(mined.step + 1):
            self.steps[place] += 1
        self.counts["decided"] += mined.is_decided
        if mined.promoted_at is not None:
            self.promotion.append((mined.promoted_at - mined.happened_at).total_seconds() / _HOUR)
        if mined.submitted_at is not None and mined.contacted_at is not None:
            self.contact.append((mined.contacted_at - mined.submitted_at).total_seconds() / _HOUR)
        for contract in mined.contracts:
            self._count_contract(contract)

    def count_event(self) -> None:
        """Add one event, where events can belong to it."""
        if self.events is not None:
            self.events += 1

    def _count_contract(self, contract: Agreed) -> None:
        self.counts["cooperations"] += 1
        self.counts["in_province"] += contract.in_province
        if not contract.is_readable:
            self.counts["withheld"] += 1
            return
        for name in ("amount_fen", "technology_fen", "received_fen"):
            self.counts[name] += getattr(contract, name)

    def reached(self, step: str) -> int:
        """How many reached or passed a step of the funnel."""
        return self.steps[STEPS.index(step)]

    @property
    def funnel(self) -> list[dict[str, object]]:
        """The steps in order."""
        return [{"step": step, "label": label, "count": self.reached(step)} for step, label in FUNNEL.items()]

    @property
    def figures(self) -> dict[str, int | float | None]:
        """Every figure of `words`; a share or a quantile of nothing is None."""
        return {name: self.figure(name) for name in FIGURES}

    def figure(self, name: str) -> int | float | None:
        """One of them."""
        unit = FIGURES[name].unit
        if unit == SHARE:
            exact = self.share(name)
            return None if exact is None else round(float(exact), DIGITS)
        if unit == HOURS:
            of, quantile, _ = name.split("_")
            return quantile_of(self.promotion if of == "promotion" else self.contact, QUANTILES[quantile])
        return self._number(name)

    def share(self, name: str) -> Fraction | None:
        """A share exactly; None of nothing."""
        parts: Mapping[str, tuple[str, str]] = {
            "valid_share": ("confirmed", "decided"), "matching_rate": ("matched", "confirmed"),
            "in_province_share": ("in_province", "cooperations"),
        }  # fmt: skip
        part, whole = (self._number(each) or 0 for each in parts[name])
        return Fraction(part, whole) if whole else None

    def _number(self, name: str) -> int | None:
        reached = {
            "leads": "leads", "needs_mined": "promoted", "confirmed": "confirmed", "matched": "communicating",
            "contracted": "contracted",
        }  # fmt: skip
        if name in reached:
            return self.reached(reached[name])
        return self.events if name == "events" else self.counts[name]

    def against_target(self, name: str) -> int | float | None:
        """A figure in the unit of its targets: a share in per cent, to two digits."""
        exact = self.share(name) if FIGURES[name].unit == SHARE else None
        return self.figure(name) if exact is None else round(float(exact * PERCENT), 2)

    def meets(self, name: str, target: int) -> bool | None:
        """Whether a figure is at least its target, exactly; None where there is nothing to compare."""
        if FIGURES[name].unit == SHARE:
            exact = self.share(name)
            return None if exact is None else exact * PERCENT >= target
        number = self._number(name)
        return None if number is None else number >= target


def quantile_of(hours: Iterable[float], quantile: float) -> float | None:
    """The interpolated quantile to two digits; None of nothing."""
    found = list(hours)
    return round(float(np.quantile(found, quantile)), 2) if found else None
