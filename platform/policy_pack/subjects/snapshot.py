"""Facts as JSON and back: what a receipt's evaluation rested on, in one spelling, each with where it was read. Pure.

An evaluation is always made of the facts as they come back from here, so that it can be made again of the same ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from policy_pack.engine.facts import Facts, Gap, Value

Snapshot = dict[str, dict[str, Any]]
"""Fact key → {"number" | "flag" | "text" | "day" | "set" | "gap": value, "read": where}; an unknown fact is left out."""


@dataclass(frozen=True)
class Known:
    """A fact with where it was read: a row of the directory, a figure on record, or how it follows from several."""

    value: Value | Gap
    read: str


def snapshot_of(known: Mapping[str, Known]) -> Snapshot:
    """The facts as JSON, in the order of their keys."""
    return {key: {**spelled(known[key].value), "read": known[key].read} for key in sorted(known)}


def facts_of_snapshot(snapshot: Mapping[str, Mapping[str, Any]]) -> Facts:
    """The facts that a snapshot holds; raises ValueError for a spelling that is none."""
    return Facts({key: value_of(written) for key, written in snapshot.items()})


def spelled(value: Value | Gap) -> dict[str, Any]:
    """A value as JSON, its sort named."""
    match value:
        case Gap():
            return {"gap": value.value}
        case bool():
            return {"flag": value}
        case Decimal():
            return {"number": f"{value.normalize():f}"}
        case date():
            return {"day": value.isoformat()}
        case frozenset():
            return {"set": sorted(value)}
        case _:
            return {"text": value}


def value_of(written: Mapping[str, Any]) -> Value | Gap:
    """The value that `spelled` wrote; raises ValueError."""
    match written:
        case {"gap": str(gap)}:
            return Gap(gap)
        case {"flag": bool(flag)}:
            return flag
        case {"number": str(number)}:
            return Decimal(number)
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"set": list(members)}:
            return frozenset(members)
        case {"text": str(text)}:
            return text
    raise ValueError(f"no fact is spelled like this: {sorted(written)}")
