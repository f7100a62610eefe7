"""Releasing, choosing, declining and withdrawing proposals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from sky_net.invitations.service import require_open_to_institutes
from sky_net.needs.life_cycle import advance, lock_need
from sky_net.needs.models import Need
from sky_net.needs.states import is_possible
from sky_net.proposals import promise
from sky_net.proposals.completeness import missing_of
from sky_net.proposals.errors import ProposalIncomplete
from sky_net.proposals.models import NOT_SELECTED, Proposal
from sky_net.proposals.reading import read_proposal
from sky_net.proposals.states import LIFE
from sky_net.proposals.telling import tell_of_decision, tell_of_release, tell_of_withdrawal

PERSONAL = frozenset({"decision_message"})  # free text between people


def release_proposal(session: Session, actor: Actor, proposal_id: UUID, *, now: datetime) -> Proposal:
    """The transfer office signs it off: the enterprise can read it, and the first one answers that promise.

    Raises NotFound, Forbidden, StateConflict, NeedNotOpen, ProposalIncomplete.
    """
    need, proposal = _locked(session, actor, proposal_id)
    LIFE.step(proposal, "release", actor, need)
    require_open_to_institutes(need)
    if missing := missing_of(proposal, need.indicators):
        raise ProposalIncomplete(missing)
    LIFE.move(proposal, "release", actor, need)
    _record(session, actor, proposal, "release", {"released_at": now, "released_by": actor.account_id}, now)
    if is_possible(need.state, "propose"):
        advance(session, actor, need, "propose", now=now, evidence=promise.evidence(need, proposal))
    tell_of_release(session, actor, need, proposal, now=now)
    return proposal


def accept_proposal(session: Session, actor: Actor, proposal_id: UUID, *, now: datetime) -> Proposal:
    """The enterprise chooses it; the other released proposals of the need are passed over in the same transaction.

    Two choices at once wait for each other on the need: the second finds it decided. Raises NotFound, Forbidden,
    StateConflict.
    """
    need, proposal = _locked(session, actor, proposal_id)
    LIFE.step(proposal, "accept", actor, need)
    advance(session, actor, need, "select", now=now)
    LIFE.move(proposal, "accept", actor, need)
    decided = {"decided_at": now, "decided_by": actor.account_id}
    _record(session, actor, proposal, "accept", decided, now)
    tell_of_decision(session, actor, need, proposal, "accept", now=now)
    for other in _others_released(session, proposal):
        LIFE.follow(other, "pass_over")
        _record(session, actor, other, "pass_over", decided | {"reason_code": NOT_SELECTED}, now)
        tell_of_decision(session, actor, need, other, "pass_over", now=now)
    return proposal


def decline_proposal(
    session: Session, actor: Actor, proposal_id: UUID, refusal: Mapping[str, Any], *, now: datetime
) -> Proposal:
    """The enterprise says no, with its reason; the need stays as it is. Raises as `accept_proposal`."""
    need, proposal = _locked(session, actor, proposal_id)
    values = {"decided_at": now, "decided_by": actor.account_id, "reason_code": refusal["reason_code"],
              "decision_message": refusal.get("message")}  # fmt: skip
    LIFE.move(proposal, "decline", actor, need)
    _record(session, actor, proposal, "decline", values, now)
    tell_of_decision(session, actor, need, proposal, "decline", now=now)
    return proposal


def withdraw_proposal(session: Session, actor: Actor, proposal_id: UUID, *, now: datetime) -> Proposal:
    """The institute takes a draft back, its transfer office a released one.

    Released too recently to count, it has answered nothing: the promise is open again. Raises as `accept_proposal`.
    """
    need, proposal = _locked(session, actor, proposal_id)
    LIFE.move(proposal, "withdraw", actor, need)
    _record(session, actor, proposal, "withdraw", {"withdrawn_at": now}, now)
    promise.withdrawn(session, actor, need, proposal, now=now)
    tell_of_withdrawal(session, actor, need, proposal, now=now)
    return proposal


def _record(
    session: Session, actor: Actor, proposal: Proposal, action: str, values: Mapping[str, Any], now: datetime
) -> Proposal:
    """Write what belongs to a step that the proposal has just taken."""
    for name, value in values.items():
        setattr(proposal, name, value)
    proposal.updated_at = now
    session.flush()
    audit.record(session, actor, f"{action}_proposal", proposal, now=now,
                 after={"state": proposal.state, **values}, personal=PERSONAL)  # fmt: skip
    return proposal


def _others_released(session: Session, chosen: Proposal) -> Sequence[Proposal]:
    """The other released proposals of the same need, locked in one order."""
    query = select(Proposal).where(
        Proposal.need_id == chosen.need_id, Proposal.id != chosen.id, Proposal.state == LIFE.after("release")
    )
    locked = query.order_by(Proposal.id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).all()


def _locked(session: Session, actor: Actor, proposal_id: UUID) -> tuple[Need, Proposal]:
    """The need and the proposal, locked in this order by every verb of the features above needs."""
    proposal, _ = read_proposal(session, actor, proposal_id)
    need = lock_need(session, proposal.need_id)
    session.refresh(proposal, with_for_update=True)
    return need, proposal
