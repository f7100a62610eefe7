"""Disputing a proposal, and deciding about it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Forbidden, NotFound
from sky_net.disputes.errors import DisputedAlready, NeedsSecondPerson, RuledAlready, TooLateToDispute
from sky_net.disputes.models import ProposalDispute
from sky_net.disputes.telling import tell_of_dispute, tell_of_ruling
from sky_net.invitations.parties import poster, zone_operator
from sky_net.needs.life_cycle import lock_need
from sky_net.needs.models import Need
from sky_net.needs.reading import read_with_need
from sky_net.proposals import promise
from sky_net.proposals.models import Proposal
from sky_net.proposals.reading import read_proposal
from sky_net.proposals.states import ANSWERING, LIFE

PERSONAL = frozenset({"message", "ruling"})


def dispute_proposal(
    session: Session, actor: Actor, proposal_id: UUID, said: Mapping[str, str], *, now: datetime
) -> ProposalDispute:
    """The enterprise says that a released proposal is no answer; a second person decides.

    Raises NotFound, Forbidden, StateConflict, DisputedAlready, TooLateToDispute.
    """
    proposal, _ = read_proposal(session, actor, proposal_id)
    need = lock_need(session, proposal.need_id)
    session.refresh(proposal, with_for_update=True)
    if not poster(actor, need):
        raise Forbidden()
    known = session.scalar(select(ProposalDispute.id).where(ProposalDispute.proposal_id == proposal.id))
    if known is not None:
        raise DisputedAlready(id=known)
    if proposal.state != LIFE.after("release") or proposal.released_at is None:
        raise LIFE.refusal(proposal.state, "dispute")
    until = promise.disputable_until(session, need, proposal.released_at)
    if now >= until:
        raise TooLateToDispute(until=until.isoformat())
    dispute = ProposalDispute(
        proposal_id=proposal.id, need_id=need.id, reason_code=said["reason_code"], message=said["message"],
        disputed_at=now, disputed_by=actor.account_id,
    )  # fmt: skip
    session.add(dispute)
    session.flush()
    audit.record(session, actor, "dispute_proposal", dispute, now=now,
                 after={"proposal_id": proposal.id, **said}, personal=PERSONAL)  # fmt: skip
    tell_of_dispute(session, actor, need, proposal, dispute, now=now)
    return dispute


def rule_on_dispute(
    session: Session, actor: Actor, dispute_id: UUID, *, upheld: bool, ruling: str, now: datetime
) -> ProposalDispute:
    """Decide: upheld, the proposal is no answer, and the promise runs on from the time it had used up.

    Raises NotFound, Forbidden, NeedsSecondPerson, RuledAlready.
    """
    seen, reading = read_with_need(session, actor, ProposalDispute, dispute_id)
    _require_second_person(
        actor, reading.need, may_know=zone_operator(actor, reading.need) or poster(actor, reading.need)
    )
    need = lock_need(session, seen.need_id)
    dispute = session.get_one(ProposalDispute, dispute_id, with_for_update=True, populate_existing=True)
    if dispute.ruled_at is not None:
        raise RuledAlready()
    dispute.upheld, dispute.ruling, dispute.ruled_at, dispute.ruled_by = upheld, ruling, now, actor.account_id
    session.flush()
    audit.record(session, actor, "rule_on_dispute", dispute, now=now,
                 after={"upheld": upheld, "ruling": ruling}, personal=PERSONAL)  # fmt: skip
    proposal = session.get_one(Proposal, dispute.proposal_id, with_for_update=True, populate_existing=True)
    if upheld:
        _strike(session, actor, need, proposal, now)
    tell_of_ruling(session, actor, need, proposal, dispute, now=now)
    return dispute


def _strike(session: Session, actor: Actor, need: Need, proposal: Proposal, now: datetime) -> None:
    if proposal.state in ANSWERING:
        LIFE.follow(proposal, "strike")
        proposal.updated_at = now
        session.flush()
        audit.record(session, actor, "strike_proposal", proposal, now=now, after={"state": proposal.state})
    # One that was withdrawn meanwhile stays so, and answers the promise no more than if it were struck.
    promise.struck(session, actor, need, proposal, now=now)


def _require_second_person(actor: Actor, need: Need, *, may_know: bool) -> None:
    if not may_know:
        raise NotFound()
    if not zone_operator(actor, need):
        raise Forbidden()
    if actor.account_id == need.owner_id:
        raise NeedsSecondPerson()
