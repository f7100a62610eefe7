"""Inviting institutes, and their answers."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.directory.service import institute_named
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.references import NO_SUCH_INSTITUTE
from sky_net.achievements.reading import achievement_named
from sky_net.invitations.errors import AlreadyInvited, InvitationNotAccepted, NeedNotOpen, TermsNotAccepted
from sky_net.invitations.life_cycle import allows
from sky_net.invitations.models import Invitation
from sky_net.invitations.permissions import CAN_INVITE
from sky_net.invitations.reading import invitation_between, show_invitation
from sky_net.invitations.states import LIFE, OPEN_TO_INSTITUTES, TALKED_OVER
from sky_net.invitations.telling import tell_of_answer, tell_of_invitation
from sky_net.needs.life_cycle import advance, lock_need, lock_visible
from sky_net.needs.models import Need
from sky_net.needs.readers import is_unmasked_to
from sky_net.needs.reading import grant_reading, revoke_reading
from sky_net.needs.states import STATES as NEED_WORDS
from sky_net.needs.states import is_possible
from sky_net.sla import service as sla
from sky_net.sla import stops
from sky_net.sla.parties import INSTITUTE
from sky_net.sla.refusals import ClocksNotOpen
from sky_net.sla.service import Subject
from sky_net.sla.stop_table import InvitationEvidence

NOT_THEIRS = Bilingual(
    "没有这项成果，或不属于该院所", "There is no such achievement, or it is not of this institute"
)
PERSONAL = frozenset({"message", "refusal_message"})  # free text between people


def invite_institute(
    session: Session, actor: Actor, need_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Invitation:
    """Ask an institute; it may read all that the enterprise wrote from now on, and the first one makes the need matched.

    Raises NotFound, Forbidden, NeedNotOpen, AlreadyInvited, Invalid.
    """
    need = lock_visible(session, actor, need_id)
    institute_id = values["institute_id"]
    if not allows(CAN_INVITE, actor, need, institute_id):
        raise Forbidden()
    require_open_to_institutes(need)
    _check_parties(session, actor, institute_id, values.get("achievement_id"), now)
    invitation = _insert(session, need_id, values, actor, now)
    audit.record(session, actor, "invite_institute", invitation, now=now,
                 after={"need_id": need_id, **values}, personal=PERSONAL)  # fmt: skip
    grant_reading(session, actor, need, institute_id, now=now)
    asked = Subject(invitation.id, need.number, need.zone_code, INSTITUTE, need.id, institute_id)
    sla.open_party_clock(session, actor, asked, now=now)
    if is_possible(need.state, "match"):
        advance(session, actor, need, "match", now=now)
    tell_of_invitation(session, actor, need, invitation, now=now)
    return invitation


def accept_invitation(session: Session, actor: Actor, invitation_id: UUID, *, now: datetime) -> Invitation:
    """The institute says yes, once; raises NotFound, Forbidden, StateConflict, NeedNotOpen."""
    need, invitation = _locked(session, actor, invitation_id)
    LIFE.step(invitation, "accept", actor, need)
    require_open_to_institutes(need)
    LIFE.move(invitation, "accept", actor, need)
    return _answered(session, actor, need, invitation, {}, now)


def decline_invitation(
    session: Session, actor: Actor, invitation_id: UUID, refusal: Mapping[str, Any], *, now: datetime
) -> Invitation:
    """The institute says no, with its reason, once, and sees the need like one that was never asked.

    Raises NotFound, Forbidden, StateConflict.
    """
    need, invitation = _locked(session, actor, invitation_id)
    LIFE.move(invitation, "decline", actor, need)
    given = {"reason_code": refusal["reason_code"], "refusal_message": refusal.get("message")}
    _answered(session, actor, need, invitation, given, now)
    revoke_reading(session, actor, need, invitation.institute_id, now=now)
    return invitation


def require_open_to_institutes(need: Need) -> None:
    """Raise NeedNotOpen unless institutes can still be asked, talk and offer."""
    _require_among(need, OPEN_TO_INSTITUTES)


def require_talked_over(need: Need) -> None:
    """Raise NeedNotOpen unless talks about it can still be put on record."""
    _require_among(need, TALKED_OVER)


def _require_among(need: Need, states: Sequence[str]) -> None:
    if need.state not in states:
        raise NeedNotOpen(stands=NEED_WORDS[need.state], state=need.state, allowed=", ".join(states))


def require_accepted(session: Session, need: Need, institute_id: UUID) -> None:
    """Raise Forbidden when the institute was never asked, InvitationNotAccepted until it says yes, TermsNotAccepted."""
    invitation = invitation_between(session, need.id, institute_id)
    if invitation is None:
        raise Forbidden()
    if invitation.state != LIFE.after("accept"):
        raise InvitationNotAccepted(
            stands=LIFE.words[invitation.state], id=invitation.id, state=invitation.state
        )
    require_unmasked(session, need, institute_id)


def require_unmasked(session: Session, need: Need, institute_id: UUID) -> None:
    """Raise TermsNotAccepted while the need asks for terms that do not bind this institute yet."""
    if need.nda_required and not is_unmasked_to(session, need.id, institute_id):
        raise TermsNotAccepted()


def _check_parties(
    session: Session, actor: Actor, institute_id: UUID, achievement_id: UUID | None, now: datetime
) -> None:
    try:
        institute_named(session, institute_id)
    except NotFound:
        raise Invalid.field("institute_id", NO_SUCH_INSTITUTE) from None
    if achievement_id is None:
        return
    try:
        owner = achievement_named(session, actor, achievement_id, now=now).institute_id
    except NotFound:
        owner = None
    if owner != institute_id:
        raise Invalid.field("achievement_id", NOT_THEIRS)


def _insert(
    session: Session, need_id: UUID, values: Mapping[str, Any], actor: Actor, now: datetime
) -> Invitation:
    # The unique constraint decides, not a look beforehand: two invitations at once cannot both pass.
    invitation = Invitation(
        need_id=need_id,
        invited_by=actor.account_id,
        created_at=now,
        updated_at=now,
        state=LIFE.initial,
        **values,
    )
    try:
        with session.begin_nested():
            session.add(invitation)
            session.flush()
    except IntegrityError as clash:
        if "need_id_institute_id" not in str(clash.orig):
            raise
        pair = (Invitation.need_id == need_id, Invitation.institute_id == values["institute_id"])
        raise AlreadyInvited(id=session.scalar(select(Invitation.id).where(*pair))) from None
    return invitation


def _locked(session: Session, actor: Actor, invitation_id: UUID) -> tuple[Need, Invitation]:
    """The need and the invitation, locked in this order by every verb of the features above needs."""
    seen = show_invitation(session, actor, invitation_id)
    need = lock_need(session, seen.need_id)
    session.refresh(seen, with_for_update=True)
    return need, seen


def _answered(
    session: Session,
    actor: Actor,
    need: Need,
    invitation: Invitation,
    given: Mapping[str, Any],
    now: datetime,
) -> Invitation:
    for name, value in given.items():
        setattr(invitation, name, value)
    invitation.answered_at = invitation.updated_at = now
    invitation.answered_by = actor.account_id
    session.flush()
    answer = InvitationEvidence(
        invitation.id, actor.account_id, invitation.state == LIFE.after("accept"), invitation.reason_code
    )
    with suppress(ClocksNotOpen):  # invited before institutes had clocks
        stops.stop(session, actor, invitation.id, answer, now=now)
    audit.record(session, actor, "answer_invitation", invitation, now=now,
                 before={"state": LIFE.initial}, after={"state": invitation.state, **given},
                 personal=PERSONAL)  # fmt: skip
    tell_of_answer(session, actor, need, invitation, now=now)
    return invitation
