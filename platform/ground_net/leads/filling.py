"""What was said of a lead, as its columns; and what is derived of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from backbone.chinese import fold
from ground_net.leads.consenting import consent_columns, without_people
from ground_net.leads.interview.answers import ANSWERED, PEOPLE, Known, as_json
from ground_net.leads.models import Lead
from ground_net.leads.vocabulary import CONSENT_COVERS
from sky_net.needs import duplicates

COLUMNS = (
    "channel", "happened_at", "event_id", "words", "enterprise_id", "enterprise_name", "credit_code", "decision_owner",
)  # fmt: skip
KEPT = (
    *COLUMNS, "contact_name", "contact_phone", "contact_email", "answers", "consent_by", "consent_how", "consented_at",
    "consent_covers",
)  # fmt: skip


def columns_of(
    said: Mapping[str, Any], answers: Mapping[str, Any], *, merging: bool = False
) -> dict[str, Any]:
    """The columns that were sent; `answers` are those given before, to which the new ones are added.

    `merging` adds to an indicator what is sent under its name, instead of replacing the list.
    """
    values = {name: said[name] for name in COLUMNS if name in said}
    if "contact" in said:
        given = said["contact"] or {}
        values |= {f"contact_{part}": given.get(part) for part in ("name", "phone", "email")}
    if "answers" in said:
        values["answers"] = _added(answers, said["answers"], merging=merging)
    if "consent" in said:
        values |= consent_columns(said["consent"])
        if said["consent"] is None:
            values = without_people(values)
    return values


def known_of(lead: Lead) -> Known:
    """The lead as the interview sees it."""
    people = {name: getattr(lead, name) for name in PEOPLE}
    return Known(
        lead.answers, people, lead.words, has_consent=set(lead.consent_covers) == set(CONSENT_COVERS)
    )


def whole_of(lead: Lead) -> dict[str, Any]:
    """Everything of it that the rule of consent is about."""
    return {name: getattr(lead, name) for name in KEPT}


def derive(lead: Lead) -> None:
    """Bring what the search and the near duplicates read in line with the texts."""
    lead.folded = fold(f"{lead.enterprise_name}\n{lead.answers.get('title', '')}\n{lead.words}")
    lead.signature = duplicates.signature(text_of(lead))


def text_of(lead: Lead) -> str:
    """The title and problem as a need has them; the collector's words while the interview has not drawn them out."""
    title, problem = lead.answers.get("title") or "", lead.answers.get("problem") or lead.words
    return f"{title}\n{problem}"


def _added(before: Mapping[str, Any], sent: Mapping[str, Any], *, merging: bool) -> dict[str, Any]:
    kept = {name: value for name, value in before.items() if name not in sent}
    added = kept | as_json(sent)
    if merging and "indicators" in added and "indicators" in before and "indicators" in sent:
        added["indicators"] = _merged(before["indicators"], added["indicators"])
    return {name: added[name] for name in ANSWERED if name in added}


def _merged(before: Iterable[Mapping[str, Any]], sent: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each indicator with what is new of it; one by a name that was not there is added behind the others."""
    found = {fold(str(each["name"])).strip(): dict(each) for each in before}
    for each in sent:
        place = found.setdefault(fold(str(each["name"])).strip(), {})
        place |= {name: value for name, value in each.items() if value is not None or name not in place}
    return list(found.values())
