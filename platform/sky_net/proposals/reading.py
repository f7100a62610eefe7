"""Seeing proposals: an institute its own, the enterprise what was released, the operators that drafts exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.models import Institute
from backbone.errors import Forbidden, NotFound
from backbone.pages import Page, read_page
from sky_net.invitations.life_cycle import allows
from sky_net.needs.disclosures import disclose
from sky_net.needs.models import Need
from sky_net.needs.reading import read_need, read_with_need
from sky_net.proposals.comparison import compared
from sky_net.proposals.models import Proposal
from sky_net.proposals.permissions import CAN_COMPARE, OUTLINE, readable, view_of
from sky_net.proposals.states import COMPARED


@dataclass(frozen=True)
class Outline:
    """A proposal without its contents: what is not here cannot leak through any schema."""

    id: UUID
    version: int
    need_id: UUID
    need: Need
    institute_id: UUID
    institute: Institute
    state: str
    created_at: datetime
    updated_at: datetime


def outline_of(proposal: Proposal) -> Outline:
    """The outline of a draft, for operators and auditors."""
    return Outline(**{name: getattr(proposal, name) for name in Outline.__dataclass_fields__})


def read_proposal(session: Session, actor: Actor, proposal_id: UUID) -> tuple[Proposal, str]:
    """The proposal and the view in which the actor may see it; raises NotFound."""
    proposal, reading = read_with_need(session, actor, Proposal, proposal_id)
    view = view_of(actor, reading.need, proposal)
    if view is None:
        raise NotFound()
    return proposal, view


def list_proposals(
    session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]
) -> Page[Proposal | Outline]:
    """The need's proposals that this actor may know of, drafts of others as outlines; raises NotFound."""
    need = read_need(session, actor, need_id).need
    query = select(Proposal).where(Proposal.need_id == need_id, readable(actor, need))
    if asked.get("state"):
        query = query.where(Proposal.state.in_(asked["state"]))
    page = read_page(session, query, asked, {"created_at": Proposal.created_at}, Proposal.id)
    items = [outline_of(row) if view_of(actor, need, row) == OUTLINE else row for row in page.items]
    return Page(items, page.next_cursor)


def compare_proposals(session: Session, actor: Actor, need_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Released proposals side by side, the earliest release first; raises NotFound, Forbidden."""
    reading = read_need(session, actor, need_id)
    need = reading.need
    if not allows(CAN_COMPARE, actor, need):
        raise Forbidden()
    disclose(session, actor, [reading], "opened", now=now)  # the indicators are the need's
    query = select(Proposal).where(Proposal.need_id == need_id, Proposal.state.in_(COMPARED))
    rows = session.scalars(query.order_by(Proposal.released_at, Proposal.id)).all()
    return compared(need_id, need.indicators, rows)
