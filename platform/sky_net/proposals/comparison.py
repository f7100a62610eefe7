"""Released proposals side by side: by indicator, maturity, time, price and IP terms. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sky_net.proposals.completeness import MUST


class Compared(Protocol):
    """The part of a proposal that a comparison reads."""

    id: Any
    institute_id: Any
    institute: Any
    title: Any
    state: Any
    trl: Any
    duration_days: Any
    ip_terms: Any
    released_at: Any
    answers: Any

    @property
    def price(self) -> Mapping[str, Any] | None:
        """Kind, min_fen and max_fen."""


def compared(
    need_id: Any, indicators: Sequence[Mapping[str, Any]], proposals: Sequence[Compared]
) -> dict[str, Any]:
    """The columns in the order given, and one row per indicator of the need in its own order."""
    musts = {row["name"] for row in indicators if row.get("weight") == MUST}
    return {
        "need_id": need_id,
        "proposals": [_column(proposal, musts) for proposal in proposals],
        "indicators": [_row(indicator, proposals) for indicator in indicators],
    }


def _column(proposal: Compared, musts: set[str]) -> dict[str, Any]:
    verdicts = [answer["verdict"] for answer in proposal.answers if answer["indicator"] in musts]
    return {
        "id": proposal.id,
        "institute_id": proposal.institute_id,
        "institute_name": proposal.institute.name,
        "title": proposal.title,
        "state": proposal.state,
        "trl": proposal.trl,
        "duration_days": proposal.duration_days,
        "price": proposal.price,
        "ip_terms": proposal.ip_terms,
        "released_at": proposal.released_at,
        "musts_met": verdicts.count("met"),
        "musts_partly": verdicts.count("partly"),
        "musts_not_met": verdicts.count("no"),
    }


def _row(indicator: Mapping[str, Any], proposals: Iterable[Compared]) -> dict[str, Any]:
    said = ("name", "now", "target", "unit", "weight")
    cells = [_cell(proposal, indicator["name"]) for proposal in proposals]
    return {name: indicator.get(name) for name in said} | {"answers": cells}


def _cell(proposal: Compared, name: str) -> dict[str, Any]:
    said: Iterable[Mapping[str, Any]] = proposal.answers
    answer = next((entry for entry in said if entry["indicator"] == name), None) or {}
    return {"proposal_id": proposal.id, "verdict": answer.get("verdict"), "how": answer.get("how")}
