"""How contacts answer the promise to communicate: which ones stand for it, and what agreement and dispute do.

Every contact is put forward until one holds, by word or by silence; what comes later answers nothing any more. Several
may wait side by side: the clock takes the first that holds, and outlives the dispute of any other.
"""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from sky_net.needs.models import Need
from sky_net.sla import silence, stops
from sky_net.sla.calendar import shanghai_date
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.policy import policy_on
from sky_net.talks.models import Contact
from sky_net.talks.states import STANDING

STAGE = "communicate"


def silence_ends_at(session: Session, need: Need, now: datetime) -> datetime:
    """The close of the working day by which an enterprise that says nothing has agreed."""
    calendar = calendar_for(session, need.zone_code)
    return silence.silence_ends_at(policy_on(shanghai_date(need.submitted_at or now)), now, calendar)


def put_forward(session: Session, actor: Actor, need: Need, contact: Contact, *, now: datetime) -> None:
    """Answer the promise with this contact, unless it is answered for good."""
    if not _is_answered(session, need, contact, now):
        contact.counted_at = now
        _stop(session, actor, need, contact, now)


def agreed(session: Session, actor: Actor, need: Need, contact: Contact, *, now: datetime) -> None:
    """Let the answer hold from the agreement on; silence may have settled it before."""
    if contact.counted_at is not None:
        _stop(session, actor, need, contact, now)


def disputed(session: Session, actor: Actor, need: Need, contact: Contact, *, now: datetime) -> None:
    """Open the promise again, unless another contact stands for it too."""
    if contact.counted_at is not None:
        stops.reopen(session, actor, need.id, STAGE, contact.id, now=now)


def _is_answered(session: Session, need: Need, contact: Contact, now: datetime) -> bool:
    """Whether an earlier contact holds: it can no longer be disputed."""
    holds = or_(Contact.agreed_at.is_not(None), Contact.agreed_by_silence_at <= now)
    query = select(Contact.id).where(Contact.need_id == need.id, Contact.state.in_(STANDING), holds)
    return session.scalar(query.where(Contact.id != contact.id).limit(1)) is not None


def _stop(session: Session, actor: Actor, need: Need, contact: Contact, now: datetime) -> None:
    sides = [person["side"] for person in contact.people]
    evidence = stops.ContactEvidence(
        contact_id=contact.id,
        happened_on=contact.happened_on,
        kind=contact.kind,
        enterprise_people=sides.count("enterprise"),
        institute_people=sides.count("institute"),
        result=contact.result,
        next_step=contact.next_step,
        agreed_by_silence_at=contact.agreed_by_silence_at,
        agreed_at=contact.agreed_at,
    )
    stops.stop(session, actor, need.id, evidence, now=now)
    session.flush()
