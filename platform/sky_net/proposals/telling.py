"""Telling the enterprise that a proposal is there or gone, and its institute what became of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from backbone.actor import Actor
from sky_net.invitations.telling import institutes
from sky_net.needs import telling
from sky_net.needs.models import Need
from sky_net.proposals import promise
from sky_net.proposals.models import Proposal

_TO_ITS_INSTITUTE = {
    "accept": "proposal_accepted",
    "decline": "proposal_declined",
    "pass_over": "proposal_passed_over",
}


def tell_of_release(session: Session, actor: Actor, need: Need, proposal: Proposal, *, now: datetime) -> None:
    """The enterprise, which may dispute it for some days, and whoever answers for the need."""
    waiting = telling.enterprise_of(session, need) | telling.answering_for(session, need)
    until = promise.disputable_until(session, need, now).isoformat()
    key = f"proposal:{proposal.id}:released"
    telling.tell(session, actor, need, "proposal_released", key, waiting, now=now, payload={"due_at": until})


def tell_of_withdrawal(
    session: Session, actor: Actor, need: Need, proposal: Proposal, *, now: datetime
) -> None:
    """The same ones; of a draft nobody has heard."""
    if proposal.released_at is None:
        return
    waiting = telling.enterprise_of(session, need) | telling.answering_for(session, need)
    key = f"proposal:{proposal.id}:withdrawn"
    telling.tell(session, actor, need, "proposal_withdrawn", key, waiting, now=now)


def tell_of_decision(
    session: Session, actor: Actor, need: Need, proposal: Proposal, action: str, *, now: datetime
) -> None:
    """The institute whose proposal it is."""
    key, kind = f"proposal:{proposal.id}:{proposal.state}", _TO_ITS_INSTITUTE[action]
    offering = institutes(session, proposal.institute_id)
    telling.tell(session, actor, need, kind, key, offering, now=now)
