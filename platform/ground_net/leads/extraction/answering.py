"""What is proposed, under the names that a need has for it, each beside the words it was read from.

It is shown to the collector and becomes an answer only by `answerInterview`: nobody's need says what nobody confirmed. Who
decides names somebody and is never among it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ground_net.leads.extraction.fields import (
    BETWEEN,
    DOWN,
    NOW,
    TARGET,
    UP,
    Evidence,
    ProposedFields,
    ProposedIndicator,
)
from ground_net.leads.extraction.proposing import proposed_fields


@dataclass(frozen=True)
class ProposedAnswers:
    """Fields of a need by name, as `answerInterview` takes them (JSON values), and the words that each was read from."""

    fields: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    read_from: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


NOTHING = ProposedAnswers()
_WAYS = {DOWN: "降低", UP: "提高"}
_PLACES = 6


def proposed_answers(text: str, visited_on: date) -> ProposedAnswers:
    """What the words of a visit on this day propose (the day counts for “年底前”, “下个月”)."""
    return ProposedAnswers(*as_answers(proposed_fields(text, visited_on)))


def as_answers(found: ProposedFields) -> tuple[dict[str, Any], dict[str, str]]:
    """Fields by name, and by the same names the words of the note."""
    answers: dict[str, Any] = {}
    words: dict[str, str] = {}

    def add(name: str, value: Any, *said: Evidence | None) -> None:
        if value is not None:
            answers[name] = value
            words[name] = "；".join(dict.fromkeys(each.words for each in said if each is not None))

    add("industry", found.industry, *found.industry_evidence)
    add("indicators", _indicators(found.indicators) or None, *(each.evidence for each in found.indicators))
    add("trl_now", found.trl and found.trl[0], found.trl_evidence)
    low, high = found.budget_fen or (None, None)
    if found.budget_fen is not None:
        add("budget_kind", "fixed" if low == high else "range", found.budget_evidence)
    add("budget_min_fen", low, found.budget_evidence)
    add("budget_max_fen", high, found.budget_evidence)
    add("wanted_on", found.deadline and found.deadline.isoformat(), found.deadline_evidence)
    add("tried", found.tried, found.tried_evidence)
    return answers, words


def _indicators(proposed: Iterable[ProposedIndicator]) -> list[dict[str, str]]:
    """One row a name and unit, with today's value and the wanted one; what says the same side twice stands in two."""
    rows: list[dict[str, str]] = []
    for each in proposed:
        side, unit = ("now" if each.kind == NOW else "target"), each.unit or ""
        row = next(
            (
                row
                for row in rows
                if side not in row and (row["name"], row.get("unit", "")) == (each.name, unit)
            ),
            None,
        )
        if row is None:
            row = {"name": each.name} | ({"unit": unit} if unit else {})
            rows.append(row)
        row[side] = value_said(each)
    return rows


def value_said(each: ProposedIndicator) -> str:
    """As a form would have it: ≥98, 60–70, 降低≥20."""
    if each.relation == BETWEEN and each.low is not None and each.high is not None:
        return (
            f"±{_number(each.high)}"
            if each.low == -each.high
            else f"{_number(each.low)}–{_number(each.high)}"
        )
    sign = (
        {">=": "≥", "<=": "≤"}.get(each.relation, "") if each.kind == TARGET or each.relation != "=" else ""
    )
    return f"{_WAYS.get(each.change or '', '')}{sign}{_number(each.value or Fraction(0))}"


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.{_PLACES}f}".rstrip("0").rstrip(".")
