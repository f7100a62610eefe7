"""The dated numbers that contracts are held to (`rules.yaml`), each with its source. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("rules.yaml")
STATUSES = ("published", "practice", "own")


@dataclass(frozen=True)
class DatedNumber:
    """One number on the days on which it counts; None is open."""

    name: str
    value: int
    unit: str
    first: date | None
    last: date | None
    status: str
    source: str

    def counts_on(self, day: date) -> bool:
        """Whether it counts on the day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def number_on(name: str, day: date) -> DatedNumber:
    """The number of this name on the day; KeyError where none counts."""
    for each in shipped_numbers():
        if each.name == name and each.counts_on(day):
            return each
    raise KeyError(f"{name} on {day}")


@cache
def shipped_numbers() -> Sequence[DatedNumber]:
    """Every row of `rules.yaml`; read once per process."""
    return read_numbers(_FILE.read_text("utf-8"))


def read_numbers(text: str) -> tuple[DatedNumber, ...]:
    """The rows of a file; ValueError for one that is none, or that counts on a day on which another of its name does."""
    found = tuple(_number(row) for row in yaml.safe_load(text))
    for place, each in enumerate(found):
        if any(each.name == other.name and _overlap(each, other) for other in found[:place]):
            raise ValueError(f"{each.name} has two values on one day")
    return found


def _number(row: Any) -> DatedNumber:
    number = DatedNumber(
        row["name"], row["value"], row["unit"], row["from"], row["to"], row["status"], row["source"]
    )
    if (
        type(number.value) is not int
        or number.value <= 0
        or number.status not in STATUSES
        or not number.source
    ):
        raise ValueError(f"{number.name} is no number with a source")
    if number.first and number.last and number.last < number.first:
        raise ValueError(f"{number.name} ends before it begins")
    return number


def _overlap(one: DatedNumber, other: DatedNumber) -> bool:
    begins = max(one.first or date.min, other.first or date.min)
    return begins <= min(one.last or date.max, other.last or date.max)
