"""Telling institutes that they are invited, and of what becomes of the need; telling who waits what they answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.events import on
from backbone.identity.reaching import speakers_for
from sky_net.invitations.models import Invitation
from sky_net.invitations.states import LIFE
from sky_net.needs import events, telling
from sky_net.needs.events import NeedEvent
from sky_net.needs.models import Need
from sky_net.needs.permissions import INSTITUTE_ROLES


def institutes(session: Session, *institute_ids: UUID) -> set[UUID]:
    """Everybody who speaks for these institutes."""
    return speakers_for(session, institute_ids, *INSTITUTE_ROLES)


def invited(session: Session, need: Need) -> set[UUID]:
    """Everybody who speaks for an institute that was invited and has not said no."""
    query = select(Invitation.institute_id).where(Invitation.need_id == need.id)
    return institutes(session, *session.scalars(query.where(Invitation.state != LIFE.after("decline"))))


def tell_of_invitation(
    session: Session, actor: Actor, need: Need, invitation: Invitation, *, now: datetime
) -> None:
    """The institute is asked."""
    asked, key = institutes(session, invitation.institute_id), f"invitation:{invitation.id}"
    telling.tell(session, actor, need, "invitation_made", key, asked, now=now)


def tell_of_answer(
    session: Session, actor: Actor, need: Need, invitation: Invitation, *, now: datetime
) -> None:
    """Whoever invited, and whoever answers for the need."""
    waiting = telling.answering_for(session, need)
    waiting |= {invitation.invited_by} if invitation.invited_by else set()
    key = f"invitation:{invitation.id}:{invitation.state}"
    telling.tell(session, actor, need, f"invitation_{invitation.state}", key, waiting, now=now)


def tell_the_invited(session: Session, event: NeedEvent) -> None:
    """Nobody works on for a need that rests or has ended."""
    kind, key = telling.OF_STEPS[type(event)].kind, telling.key_of(event)
    telling.tell(session, event.actor, event.need, kind, key, invited(session, event.need), now=event.now)


for _step in (
    events.NeedWithdrawn, events.NeedExpired, events.NeedParked, events.NeedResumed, events.NeedSetAside, events.NeedConcluded,
):  # fmt: skip
    on(_step)(tell_the_invited)
