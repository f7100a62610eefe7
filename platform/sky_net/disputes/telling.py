"""Telling who is to rule on a disputed proposal, and its parties how it went."""

from datetime import datetime

from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.identity.reaching import holders_nearest
from sky_net.disputes.models import ProposalDispute
from sky_net.invitations.telling import institutes
from sky_net.needs import telling
from sky_net.needs.models import Need
from sky_net.proposals.models import Proposal


def tell_of_dispute(
    session: Session, actor: Actor, need: Need, proposal: Proposal, dispute: ProposalDispute, *, now: datetime
) -> None:
    """Who may rule on it, which the need's owner may not; the institute and the owner learn that it is disputed."""
    owner = {need.owner_id} if need.owner_id else set()
    ruling = holders_nearest(session, need.zone_code, Role.OPERATOR, besides=owner)
    concerned = institutes(session, proposal.institute_id) | owner
    telling.tell(session, actor, need, "proposal_disputed", f"dispute:{dispute.id}", ruling, now=now)
    telling.tell(session, actor, need, "dispute_opened", f"dispute:{dispute.id}:opened", concerned, now=now)


def tell_of_ruling(
    session: Session, actor: Actor, need: Need, proposal: Proposal, dispute: ProposalDispute, *, now: datetime
) -> None:
    """Both sides and whoever answers for the need."""
    concerned = institutes(session, proposal.institute_id) | telling.enterprise_of(session, need)
    concerned |= telling.answering_for(session, need)
    kind = "dispute_upheld" if dispute.upheld else "dispute_dismissed"
    telling.tell(session, actor, need, kind, f"dispute:{dispute.id}:ruled", concerned, now=now)
