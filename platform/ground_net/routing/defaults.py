"""The dated numbers by which needs are routed (`defaults.yaml`), all of them this platform's own. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("defaults.yaml")
WHOLE = 100
"""What the points of the contributions add up to, and those of the fit."""


@dataclass(frozen=True)
class Share:
    """At most so many `points`, reached where the fact is `full`."""

    points: int
    full: int


@dataclass(frozen=True)
class Defaults:
    """The numbers that count from one day to another, both included; None is open."""

    first: date | None
    last: date | None
    source: str
    simple_below: int
    hard_from: int
    accept_within_days: int
    cases_to_trust: int
    contributions: Mapping[str, Share]
    fit: Mapping[str, int]

    def counts_on(self, day: date) -> bool:
        """Whether they count on the day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def defaults_on(day: date) -> Defaults:
    """The numbers of the day; KeyError where none count."""
    for each in shipped_defaults():
        if each.counts_on(day):
            return each
    raise KeyError(f"no defaults of routing on {day}")


@cache
def shipped_defaults() -> Sequence[Defaults]:
    """Every row of `defaults.yaml`; read once per process."""
    return read_defaults(_FILE.read_text("utf-8"))


def read_defaults(text: str) -> tuple[Defaults, ...]:
    """The rows of a file; ValueError for one that does not add up, or counts on a day on which another does."""
    found = tuple(_row(row) for row in yaml.safe_load(text))
    for place, each in enumerate(found):
        if any(_overlap(each, other) for other in found[:place]):
            raise ValueError("two rows of defaults count on one day")
    return found


def _row(row: Any) -> Defaults:
    shares = {name: Share(said["points"], said["full"]) for name, said in row["contributions"].items()}
    made = Defaults(
        row["from"], row["to"], row["source"], row["simple_below"], row["hard_from"], row["accept_within_days"],
        row["cases_to_trust"], shares, row["fit"],
    )  # fmt: skip
    if sum(share.points for share in shares.values()) != WHOLE or sum(made.fit.values()) != WHOLE:
        raise ValueError(f"the points do not add up to {WHOLE}")
    if any(share.points < 0 or share.full < 1 for share in shares.values()) or min(made.fit.values()) < 0:
        raise ValueError("no contribution takes points away")
    if not 0 < made.simple_below <= made.hard_from <= WHOLE or made.accept_within_days < 1:
        raise ValueError("the thresholds are not in order")
    if row["status"] != "own" or not made.source:
        raise ValueError("the source of the numbers is missing")
    return made


def _overlap(one: Defaults, other: Defaults) -> bool:
    begins = max(one.first or date.min, other.first or date.min)
    return begins <= min(one.last or date.max, other.last or date.max)
