"""What says nearly the same as a lead: needs whose text the actor reads unmasked, and leads of the actor's nodes and zones.

A near text is one from `sky_net.needs.duplicates.NEAR` on; of the same enterprise less is enough, since two notes of one
visit share the matter more than the words. What is masked to the actor is left out: a score would let it be guessed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Integer, Select, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session

from backbone.actor import Actor
from ground_net.leads.filling import text_of
from ground_net.leads.models import Lead
from ground_net.leads.permissions import readable
from ground_net.leads.states import after
from sky_net.needs import duplicates
from sky_net.needs.disclosures import disclose
from sky_net.needs.models import Need
from sky_net.needs.permissions import FULL, INVITED, OPEN, view_of
from sky_net.needs.permissions import readable as readable_needs
from sky_net.needs.reading import Reading, named
from sky_net.needs.states import CLOSED

OF_THE_SAME = 0.3
"""Jaccard similarity from which on two texts of one enterprise are called near."""
MOST_CANDIDATES = 200
UNMASKED = (FULL, INVITED, OPEN)
Compared = TypeVar("Compared", Need, Lead)


@dataclass(frozen=True)
class NearNeed:
    """A need in the actor's view, and how similar it is."""

    need: Reading
    similarity_percent: int
    same_enterprise: bool


@dataclass(frozen=True)
class NearLead:
    """Another lead, and how similar it is."""

    lead: Lead
    similarity_percent: int
    same_enterprise: bool


@dataclass(frozen=True)
class Near:
    """Both, the most similar first."""

    needs: Sequence[NearNeed]
    leads: Sequence[NearLead]


def find_duplicates(session: Session, actor: Actor, lead: Lead, *, now: datetime) -> Near:
    """Needs and leads that say nearly the same, of those that the actor may read; readings of needs are noted."""
    needs = [(row[0], row[1]) for row in session.execute(_needs(actor, lead))]
    views = {need.id: view for need, view in needs}
    near = _near(lead, [need for need, _ in needs], lambda need: f"{need.title}\n{need.problem or ''}")
    shown = named(session, [Reading(need, views[need.id]) for need, _, _ in near])
    disclose(session, actor, shown, "listed", now=now)
    return Near(
        [NearNeed(need, percent, same) for need, (_, percent, same) in zip(shown, near, strict=True)],
        [NearLead(*found) for found in _near(lead, session.scalars(_leads(actor, lead)).all(), text_of)],
    )


def _needs(actor: Actor, lead: Lead) -> Select[Any, Any]:
    candidates = _sharing(Need, lead)
    seen = select(Need, view_of(actor)).where(
        or_(Need.id.in_(candidates), Need.enterprise_id == lead.enterprise_id),
        readable_needs(actor, *UNMASKED), Need.state.not_in(CLOSED - {"accepted"}), Need.id.is_distinct_from(lead.need_id),
    )  # fmt: skip
    return seen.order_by(Need.id.desc()).limit(MOST_CANDIDATES)


def _leads(actor: Actor, lead: Lead) -> Select[Lead]:
    known = ("enterprise_name", "enterprise_id", "credit_code")
    same = [getattr(Lead, name) == getattr(lead, name) for name in known if getattr(lead, name) is not None]
    seen = select(Lead).where(
        or_(Lead.id.in_(_sharing(Lead, lead)), *same),
        Lead.id != lead.id,
        readable(actor),
        Lead.state != after("close"),
    )
    return seen.order_by(Lead.id.desc()).limit(MOST_CANDIDATES)


def _sharing(kind: type[Need] | type[Lead], lead: Lead) -> Select[UUID]:
    """Ids that share a band of the signature, looked up band by band: see `sky_net.needs.reading.candidates_of`."""
    bands = func.unnest(literal(lead.signature, ARRAY(Integer))).table_valued("band").render_derived()
    found = select(kind.id).where(kind.signature.contains(array([bands.c.band]))).offset(0).lateral("found")
    return select(found.c.id).select_from(bands.join(found, true()))


def _near(
    lead: Lead, others: Sequence[Compared], text: Callable[[Compared], str]
) -> list[tuple[Compared, int, bool]]:
    own = duplicates.trigrams(text_of(lead))
    found = []
    for other in others:
        same = _is_same_enterprise(lead, other)
        similarity = duplicates.similarity(own, duplicates.trigrams(text(other)))
        if similarity >= (OF_THE_SAME if same else duplicates.NEAR):
            found.append((other, int(100 * similarity), same))
    return sorted(found, key=lambda each: -each[1])


def _is_same_enterprise(lead: Lead, other: Need | Lead) -> bool:
    if lead.enterprise_id is not None and other.enterprise_id is not None:
        return lead.enterprise_id == other.enterprise_id
    if isinstance(other, Need):
        return False
    if lead.credit_code and other.credit_code:
        return lead.credit_code == other.credit_code
    return lead.enterprise_name == other.enterprise_name
