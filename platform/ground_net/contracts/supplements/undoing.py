"""What striking a supplement takes along, and which terms it leaves. Pure.

A supplement is built on those before it: what changed terms that were never agreed falls with them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

DAYS = frozenset({"valid_from", "valid_to"})
"""The terms that are days: all that JSON does not know by itself."""
CLAUSE: Mapping[str, str] = MappingProxyType(
    {"ip_ownership": "owner", "ip_words": "words", "ip_use_rights": "use_rights"}
)
"""Columns of the clause on intellectual property, and what HTTP calls them within it."""


class OnRecord(Protocol):
    """The part of a supplement that says what it was built on."""

    terms_before: Any
    earlier_confirmed_at: Any
    earlier_disputable_until: Any


S = TypeVar("S", bound=OnRecord)


def falling_with(chosen: S, standing: Sequence[S], disputed_at: datetime) -> list[S]:
    """The supplement and what was built on it, in the order of their record; empty where it was agreed before the dispute.

    `standing` are those of the contract that were not struck, in that order. It was agreed where a later one found the contract confirmed by all, or
    where its own days were over when the dispute was raised, whatever days a later one has opened.
    """
    falling = list(standing[standing.index(chosen) :])
    return [] if any(had_agreed(later, disputed_at) for later in falling[1:]) else falling


def had_agreed(supplement: OnRecord, disputed_at: datetime) -> bool:
    """Whether the contract as it stood before the supplement was agreed: confirmed by all, or undisputed until its days were over."""
    confirmed: datetime | None = supplement.earlier_confirmed_at
    until: datetime = supplement.earlier_disputable_until
    return confirmed is not None or until < disputed_at


def terms_before(falling: Iterable[OnRecord]) -> dict[str, Any]:
    """What the contract said before the first of these, of all that any of them changed: as columns have it."""
    found: dict[str, Any] = {}
    for each in reversed(list(falling)):
        found |= each.terms_before
    return {name: date.fromisoformat(value) if name in DAYS else value for name, value in found.items()}


def spelled(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Terms as JSON holds them: `terms_before` reads them back."""
    return {name: value.isoformat() if name in DAYS else value for name, value in terms.items()}


def as_said(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Spelled terms as HTTP says them: what stands in the three columns of the clause as one `ip_clause`."""
    clause = {part: terms[column] for column, part in CLAUSE.items() if column in terms}
    said = {name: value for name, value in terms.items() if name not in CLAUSE}
    return said | ({"ip_clause": clause} if clause else {})
