"""Putting contacts on record, and what the enterprise says to them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Forbidden, Invalid
from sky_net.invitations.life_cycle import allows
from sky_net.invitations.parties import own_institute, poster
from sky_net.invitations.reading import invitation_between
from sky_net.invitations.service import require_accepted, require_talked_over
from sky_net.needs.life_cycle import advance, lock_need, lock_visible
from sky_net.needs.models import Need
from sky_net.needs.states import is_possible
from sky_net.talks import promise
from sky_net.talks.answered import with_answer
from sky_net.talks.checks import NOT_ASKED, check_contact
from sky_net.talks.errors import AgreedBySilence
from sky_net.talks.models import PERSONAL, Contact
from sky_net.talks.permissions import CAN_RECORD_ANY
from sky_net.talks.reading import show_contact
from sky_net.talks.states import LIFE
from sky_net.talks.steps.service import keep_steps
from sky_net.talks.telling import tell_of_contact, tell_of_disputed_contact

OF_STEPS = frozenset({"next_step_owner", "further_steps"})


def record_contact(
    session: Session, actor: Actor, need_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Contact:
    """Put a contact on record; the first one brings the need to `communicating` and answers that promise, also of a need that is
    selected or contracted already.

    What the enterprise itself records is agreed by that. Raises NotFound, Forbidden, InvitationNotAccepted,
    NeedNotOpen, Invalid.
    """
    need = lock_visible(session, actor, need_id)
    _require_speaker(session, actor, need, values["institute_id"])
    require_talked_over(need)
    if invitation_between(session, need_id, values["institute_id"]) is None:
        raise Invalid.field("institute_id", NOT_ASKED)
    told = with_answer(session, need, values)
    if need.submitted_at is not None:
        check_contact(told, need.submitted_at, now)
    contact = _kept(session, actor, need, told, now)
    audit.record(session, actor, "record_contact", contact, now=now, after={"need_id": need_id, **told},
                 personal=PERSONAL)  # fmt: skip
    if poster(actor, need):
        _agree(session, actor, need, contact, now)
    if is_possible(need.state, "communicate"):
        advance(session, actor, need, "communicate", now=now)
    promise.put_forward(session, actor, need, contact, now=now)
    tell_of_contact(session, actor, need, contact, now=now)
    return contact


def agree_contact(session: Session, actor: Actor, contact_id: UUID, *, now: datetime) -> Contact:
    """The enterprise says that it took place; raises NotFound, Forbidden, StateConflict."""
    need, contact = _locked(session, actor, contact_id)
    _agree(session, actor, need, contact, now)
    promise.agreed(session, actor, need, contact, now=now)
    return contact


def dispute_contact(
    session: Session, actor: Actor, contact_id: UUID, message: str, *, now: datetime
) -> Contact:
    """The enterprise says that there was no such talk: the promise is open again, if this contact had answered it.

    Raises NotFound, Forbidden, StateConflict, AgreedBySilence after the second working day.
    """
    need, contact = _locked(session, actor, contact_id)
    LIFE.step(contact, "dispute", actor, need)
    if now >= contact.agreed_by_silence_at:
        raise AgreedBySilence(since=contact.agreed_by_silence_at.isoformat())
    before = contact.state
    LIFE.move(contact, "dispute", actor, need)
    contact.disputed_at = contact.updated_at = now
    contact.disputed_by, contact.dispute_message = actor.account_id, message
    session.flush()
    audit.record(session, actor, "dispute_contact", contact, now=now, before={"state": before},
                 after={"state": contact.state, "dispute_message": message}, personal=PERSONAL)  # fmt: skip
    promise.disputed(session, actor, need, contact, now=now)
    tell_of_disputed_contact(session, actor, need, contact, now=now)
    return contact


def _kept(session: Session, actor: Actor, need: Need, told: Mapping[str, Any], now: datetime) -> Contact:
    owner, further = told.get("next_step_owner"), told.get("further_steps") or ()
    contact = Contact(
        need_id=need.id, recorded_by=actor.account_id, state=LIFE.initial, created_at=now, updated_at=now,
        agreed_by_silence_at=promise.silence_ends_at(session, need, now),
        **{name: value for name, value in told.items() if name not in OF_STEPS},
    )  # fmt: skip
    session.add(contact)
    session.flush()
    first = {
        "what": told["next_step"], "due_on": told.get("next_step_on"), "side": owner["side"], "owner_name": owner.get("name"),
    } if owner else None  # fmt: skip
    keep_steps(session, contact, [first, *further] if first else further, now)
    return contact


def _require_speaker(session: Session, actor: Actor, need: Need, institute_id: UUID) -> None:
    if allows(CAN_RECORD_ANY, actor, need):
        return
    if not own_institute(actor, need, institute_id):
        raise Forbidden()
    require_accepted(session, need, institute_id)


def _agree(session: Session, actor: Actor, need: Need, contact: Contact, now: datetime) -> None:
    before = contact.state
    LIFE.move(contact, "agree", actor, need)
    contact.agreed_at = contact.updated_at = now
    contact.agreed_by = actor.account_id
    session.flush()
    audit.record(session, actor, "agree_contact", contact, now=now, before={"state": before},
                 after={"state": contact.state})  # fmt: skip


def _locked(session: Session, actor: Actor, contact_id: UUID) -> tuple[Need, Contact]:
    """The need and the contact, locked in this order by every verb of the features above needs."""
    contact = show_contact(session, actor, contact_id)
    need = lock_need(session, contact.need_id)
    session.refresh(contact, with_for_update=True)
    return need, contact
