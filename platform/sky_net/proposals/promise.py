"""How proposals answer the promise to propose, and what becomes of it when the one that did is taken back.

Only the first release stops the clock. Another proposal on the table takes its place when that one falls away.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from sky_net.needs.life_cycle import advance
from sky_net.needs.models import Need
from sky_net.needs.states import is_possible
from sky_net.proposals.completeness import has_price_range, unanswered_musts
from sky_net.proposals.models import Proposal
from sky_net.proposals.states import ANSWERING
from sky_net.sla import silence, stops
from sky_net.sla.calendar import shanghai_date
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.policy import policy_on
from sky_net.sla.stops import ProposalEvidence

STAGE = "propose"


def disputable_until(session: Session, need: Need, released_at: datetime) -> datetime:
    """The instant from which a proposal released then counts for good: the enterprise had its days to object."""
    policy = policy_on(shanghai_date(need.submitted_at or released_at))
    return silence.dispute_ends_at(policy, released_at, calendar_for(session, need.zone_code))


def withdrawn(session: Session, actor: Actor, need: Need, proposal: Proposal, *, now: datetime) -> None:
    """Open the promise again if this proposal had answered it and did not yet count for good.

    The need falls back with the promise, unless another proposal answers it. The need must be locked.
    """
    if proposal.released_at is None or not is_possible(need.state, "fall_back"):
        return
    if now < disputable_until(session, need, proposal.released_at):
        _fall_away(session, actor, need, proposal, "withdrawn", now)


def struck(session: Session, actor: Actor, need: Need, proposal: Proposal, *, now: datetime) -> None:
    """Open the promise again that a proposal answered which was found to be no answer. The need must be locked."""
    if is_possible(need.state, "fall_back"):
        _fall_away(session, actor, need, proposal, "disputed", now)


def _fall_away(
    session: Session, actor: Actor, need: Need, proposal: Proposal, reason: str, now: datetime
) -> None:
    if not stops.stands(session, need.id, STAGE, proposal.id):
        return  # an earlier one answered
    stops.reopen(session, actor, need.id, STAGE, proposal.id, reason=reason, now=now)
    if other := _next_answer(session, need):
        stops.stop(session, actor, need.id, evidence(need, other), now=now)
    else:
        advance(session, actor, need, "fall_back", now=now)


def evidence(need: Need, proposal: Proposal) -> ProposalEvidence:
    """What the stop table asks of a proposal."""
    return ProposalEvidence(
        proposal_id=proposal.id,
        released_by=proposal.released_by,
        released_at=proposal.released_at,
        unanswered_musts=tuple(unanswered_musts(need.indicators, proposal.answers)),
        has_plan=bool(proposal.plan),
        has_time=proposal.duration_days is not None,
        has_price=has_price_range(proposal),
        has_ip_terms=bool(proposal.ip_terms),
        readable_by_enterprise=proposal.released_at is not None,
    )


def _next_answer(session: Session, need: Need) -> Proposal | None:
    """The earliest released of the need's proposals that still answer it."""
    query = select(Proposal).where(Proposal.need_id == need.id, Proposal.state.in_(ANSWERING))
    return session.scalar(query.order_by(Proposal.released_at, Proposal.id).limit(1))
