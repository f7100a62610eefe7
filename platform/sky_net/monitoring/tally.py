"""The row of a compliance report: counts, the share that RESPONSE.md defines, and what stands beside it."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sky_net.monitoring.states import COLUMNS, MET, MISSED, RUNNING

QUANTILES = (0.5, 0.9)
DIGITS = 4
"""Shares are shown to this many digits."""


@dataclass(slots=True)
class Tally:
    """What a group of clocks came to. `median_hours` and `p90_hours` are plain calendar hours to the answer.

    `past_due` are those among the running ones whose deadline has passed; `unanswered` are those among the breached
    ones that nobody has answered or cancelled. `budget_minutes` and `paused_minutes` are working time. `returns` counts
    each need of the group once, however many of its clocks are in it.
    """

    states: Counter[str] = field(default_factory=Counter)
    past_due: int = 0
    unanswered: int = 0
    needs: int = 0
    returns: int = 0
    budget_minutes: int = 0
    paused_minutes: int = 0
    median_hours: float | None = None
    p90_hours: float | None = None

    @property
    def clocks(self) -> int:
        """All of them: the states part the group."""
        return self.states.total()

    @property
    def shown_states(self) -> dict[str, int]:
        """Every column, those of nothing too."""
        return {state: self.states[state] for state in COLUMNS}

    @property
    def compliance(self) -> float | None:
        """Met / (met + breached + running past due); None where nothing of it has happened."""
        met = self.states[MET]
        return share(met, met + self.states[MISSED] + self.past_due)

    @property
    def paused_share(self) -> float | None:
        """Working time that pauses took out, as a share of all the working time that was allowed, pauses included."""
        return share(self.paused_minutes, self.budget_minutes + self.paused_minutes)

    def count(self, state: str, clocks: int, *, is_past_due: bool, is_unanswered: bool) -> None:
        """Add so many clocks of one state."""
        self.states[state] += clocks
        self.past_due += clocks if state == RUNNING and is_past_due else 0
        self.unanswered += clocks if state == MISSED and is_unanswered else 0

    def take_hours(self, hours: NDArray[np.float64]) -> None:
        """Set the quantiles of these durations, interpolated; none of nothing."""
        if hours.size:
            median, p90 = np.quantile(hours, QUANTILES)
            self.median_hours, self.p90_hours = round(float(median), 2), round(float(p90), 2)

    def add(self, other: "Tally") -> None:
        """Take in what adds up; quantiles do not."""
        self.states.update(other.states)
        for name in ("past_due", "unanswered", "needs", "returns", "budget_minutes", "paused_minutes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def share(part: int, whole: int) -> float | None:
    """A share to `DIGITS` digits, from whole numbers so that no order of adding matters; None of nothing."""
    return round(float(Fraction(part, whole)), DIGITS) if whole else None
