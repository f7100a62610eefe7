"""What is known of a lead so far, under the names that a need has for it, so that one quality gate judges both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

PEOPLE = ("contact_name", "contact_phone", "contact_email", "decision_owner")
"""What names somebody: it stands with the lead's people, never among the answers."""
LISTS = ("indicators", "deliverables", "cooperation_modes")
DAYS = ("wanted_on", "respond_by_on")
PLAIN = (
    "title", "need_type", "industry", "tech_field", "problem", "scene", "present_state", "tried", "trl_now",
    "trl_required", "acceptance_method", "budget_kind", "budget_min_fen", "budget_max_fen", "ip_ownership",
)  # fmt: skip
ANSWERED = (*PLAIN, *LISTS, *DAYS)
"""Fields of a need that a lead keeps as answers, in their JSON form."""


@dataclass(frozen=True)
class Known:
    """The answers as attributes of a need, those not given None (lists empty); what the collector noted stands beside them."""

    given: Mapping[str, Any]
    people: Mapping[str, str | None]
    words: str = ""
    has_consent: bool = False
    visibility: str = "masked_later"
    """A lead is asked nothing of how it will be published: the enterprise decides that of the need."""

    def __getattr__(self, name: str) -> Any:
        """A field of a need; AttributeError for what a lead is never asked."""
        if name in PEOPLE:
            return self.people.get(name)
        if name not in ANSWERED:
            raise AttributeError(name)
        value = self.given.get(name)
        if name in LISTS:
            return value or []
        return date.fromisoformat(value) if name in DAYS and value else value


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that are answers, as they are kept; what is None or empty was not answered."""
    kept = {name: value for name, value in values.items() if name in ANSWERED and value not in (None, "", [])}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}


def as_columns(known: Known) -> dict[str, Any]:
    """The answers as a need's columns take them."""
    return {name: getattr(known, name) for name in ANSWERED if known.given.get(name) is not None}
