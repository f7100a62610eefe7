"""Disputes for those who decide them, and what they come to for each operator."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.directory.permissions import zones_of
from backbone.errors import Forbidden
from backbone.identity.service import names_of
from backbone.pages import Page, read_page
from sky_net.disputes.models import ProposalDispute
from sky_net.invitations.parties import institutes_of
from sky_net.needs.models import Need
from sky_net.needs.permissions import INSTITUTE_ROLES
from sky_net.proposals.models import Proposal
from sky_net.talks.models import Contact

OFFICES = (Role.OPERATOR, Role.AUDITOR)
PARTIES = (Role.ENTERPRISE_MEMBER, *INSTITUTE_ROLES)


def list_disputes(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[ProposalDispute]:
    """Disputes of the actor's zones, and those whose enterprise or institute the actor speaks for; raises Forbidden."""
    query = select(ProposalDispute).join(Need, Need.id == ProposalDispute.need_id)
    query = query.join(Proposal, Proposal.id == ProposalDispute.proposal_id).where(_known_to(actor))
    if asked.get("decided") is not None:
        query = query.where(ProposalDispute.ruled_at.is_not(None) == asked["decided"])
    return read_page(session, query, asked, {"disputed_at": ProposalDispute.disputed_at}, ProposalDispute.id)


def count_disputes(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """For each operator who owns needs in the actor's zones: disputed talks and proposals, and how many were upheld.

    A disputed talk stands as soon as the enterprise says so; a disputed proposal once a second person upheld it.
    """
    talks = (
        select(Need.owner_id, func.count())
        .join(Contact, Contact.need_id == Need.id)
        .where(_own_zones(actor), Need.owner_id.is_not(None), Contact.state == "disputed")
        .group_by(Need.owner_id)
    )
    upheld = func.count(case((ProposalDispute.upheld.is_(True), 1)))
    proposals = (
        select(Need.owner_id, func.count(), upheld)
        .join(ProposalDispute, ProposalDispute.need_id == Need.id)
        .where(_own_zones(actor), Need.owner_id.is_not(None))
        .group_by(Need.owner_id)
    )
    counted: dict[UUID | None, dict[str, int]] = {}
    for owner_id, count in session.execute(talks):
        counted.setdefault(owner_id, {})["talks_disputed"] = count
    for owner_id, count, confirmed in session.execute(proposals):
        counted.setdefault(owner_id, {}).update(proposals_disputed=count, proposals_upheld=confirmed)
    names = names_of(session, [owner_id for owner_id in counted if owner_id])
    zero = {"talks_disputed": 0, "proposals_disputed": 0, "proposals_upheld": 0}
    return [
        {"owner_id": owner_id, "name": names.get(owner_id), **zero, **figures}
        for owner_id, figures in counted.items()
        if owner_id is not None
    ]


def _known_to(actor: Actor) -> ColumnElement[bool]:
    if not actor.holds(*OFFICES, *PARTIES):
        raise Forbidden()
    own = or_(
        Need.enterprise_id.in_(actor.organisations(Role.ENTERPRISE_MEMBER)),
        Proposal.institute_id.in_(institutes_of(actor)),
    )
    return or_(own, _own_zones(actor)) if actor.holds(*OFFICES) else own


def _own_zones(actor: Actor) -> ColumnElement[bool]:
    if not actor.holds(*OFFICES):
        raise Forbidden()
    zones = zones_of(actor, *OFFICES)
    return Need.id.is_not(None) if zones is None else Need.zone_code.in_(zones)
