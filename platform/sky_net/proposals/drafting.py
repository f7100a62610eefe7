"""Drafting and amending: inside the institute, before anybody else sees the contents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Forbidden, Invalid
from sky_net.invitations.life_cycle import allows
from sky_net.invitations.parties import institutes_of
from sky_net.invitations.reading import accepted_institutes
from sky_net.invitations.service import require_accepted, require_open_to_institutes
from sky_net.needs.life_cycle import lock_visible
from sky_net.needs.models import Need
from sky_net.proposals.errors import ProposalExists, ProposalReleased
from sky_net.proposals.models import CONTENTS, Proposal
from sky_net.proposals.permissions import CAN_AMEND, CAN_DRAFT
from sky_net.proposals.states import LIFE, LIVE

WHICH_INSTITUTE = Bilingual(
    "您代表多家已接受邀请的院所，请指明", "You speak for several institutes that accepted: say which"
)
NO_SUCH_INDICATOR = Bilingual("需求没有名为“{name}”的指标", "The need has no indicator named {name}")


def draft_proposal(
    session: Session, actor: Actor, need_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Proposal:
    """A new draft of an institute that accepted its invitation.

    Raises NotFound, Forbidden, InvitationNotAccepted, NeedNotOpen, ProposalExists, Invalid.
    """
    need = lock_visible(session, actor, need_id)
    institute_id = _speaking_for(session, actor, need, values.get("institute_id"))
    require_open_to_institutes(need)
    given = _columns(values)
    _check_answers(need, given)
    proposal = _insert(session, need_id, institute_id, actor, given, now)
    audit.record(session, actor, "draft_proposal", proposal, now=now,
                 after={"need_id": need_id, "institute_id": institute_id, **given}, personal=CONTENTS)  # fmt: skip
    return proposal


def amend_proposal(
    session: Session, actor: Actor, proposal: Proposal, values: Mapping[str, Any], *, now: datetime
) -> Proposal:
    """Change the given fields of a draft; raises Forbidden, ProposalReleased, Invalid."""
    if not allows(CAN_AMEND, actor, proposal.need, proposal.institute_id):
        raise Forbidden()
    if proposal.state != LIFE.initial:
        raise ProposalReleased(stands=LIFE.words[proposal.state], state=proposal.state)
    given = _columns(values)
    _check_answers(proposal.need, given)
    before, after = audit.changes(proposal, given)
    if not after:
        return proposal
    for name, value in after.items():
        setattr(proposal, name, value)
    proposal.updated_at = now
    session.flush()
    audit.record(session, actor, "amend_proposal", proposal, now=now, before=before, after=after,
                 personal=CONTENTS)  # fmt: skip
    return proposal


def _speaking_for(session: Session, actor: Actor, need: Need, named: UUID | None) -> UUID:
    own = institutes_of(actor)
    if named is None:
        accepted = accepted_institutes(session, need.id, own)
        if len(accepted) > 1:
            raise Invalid.field("institute_id", WHICH_INSTITUTE)
        named = next(iter([*accepted, *own]), None)
    if named is None or not allows(CAN_DRAFT, actor, need, named):
        raise Forbidden()
    require_accepted(session, need, named)
    return named


def _insert(
    session: Session, need_id: UUID, institute_id: UUID, actor: Actor, given: Mapping[str, Any], now: datetime
) -> Proposal:
    # The unique index decides, not a look beforehand: two drafts at once cannot both pass.
    proposal = Proposal(
        need_id=need_id, institute_id=institute_id, created_by=actor.account_id, state=LIFE.initial,
        created_at=now, updated_at=now, **given,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(proposal)
            session.flush()
    except IntegrityError as clash:
        if "uq_proposals_live" not in str(clash.orig):
            raise
        pair = (Proposal.need_id == need_id, Proposal.institute_id == institute_id, Proposal.state.in_(LIVE))
        raise ProposalExists(id=session.scalar(select(Proposal.id).where(*pair))) from None
    return proposal


def _check_answers(need: Need, given: Mapping[str, Any]) -> None:
    names = {row["name"] for row in need.indicators}
    unknown = [
        {"field": f"answers.{place}.indicator", "problem": NO_SUCH_INDICATOR.format(name=answer["indicator"])}
        for place, answer in enumerate(given.get("answers", ()))
        if answer["indicator"] not in names
    ]
    if unknown:
        raise Invalid(unknown)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of what HTTP calls `price`: {kind, min_fen, max_fen}; null clears all three."""
    columns = {name: value for name, value in values.items() if name not in {"price", "institute_id"}}
    if "price" in values:
        price = values["price"] or {}
        columns |= {f"price_{part}": price.get(part) for part in ("kind", "min_fen", "max_fen")}
    return columns
