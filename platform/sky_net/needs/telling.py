"""Telling people of a need's life and of its contact person: its enterprise, whoever answers for it, other systems; never whoever did it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.events import on
from backbone.identity.reaching import has_left, holders_nearest, speakers_for
from backbone.identity.service import actor_of
from backbone.notices.service import About, Notice, has_webhooks, notify, notify_each, the_same_to
from sky_net.needs import events
from sky_net.needs.events import NeedEvent
from sky_net.needs.models import Need, NeedReader
from sky_net.needs.permissions import (
    FULL,
    INSTITUTE_ROLES,
    INVITED,
    OFFERED,
    OWNING,
    UNMASKED,
    readable,
)

Audience = Callable[[Session, Need], set[UUID]]


def enterprise_of(session: Session, need: Need) -> set[UUID]:
    """The members of the enterprise, and of an entrusted need whoever posted it."""
    entrusted = {need.created_by} if need.entrusted_to and need.created_by else set()
    return speakers_for(session, [need.enterprise_id], Role.ENTERPRISE_MEMBER) | entrusted


def answering_for(session: Session, need: Need) -> set[UUID]:
    """The need's owner; before there is one, or when it has lost the role for it, the operators nearest to the need."""
    here = select(Need.owner_id).where(Need.id == need.id, ~has_left(Need.owner_id.expression, *OWNING))
    owner = session.scalar(here)
    return {owner} if owner else holders_nearest(session, need.zone_code, Role.OPERATOR)


class Told(NamedTuple):
    """What a step is told as, and to whom in the need's own house; whom it concerns besides hears by its event."""

    kind: str
    audiences: tuple[Audience, ...]


OF_STEPS: Mapping[type[NeedEvent], Told] = {
    events.NeedSubmitted: Told("need_submitted", (answering_for,)),
    events.NeedReturned: Told("need_returned", (enterprise_of,)),
    events.NeedConfirmed: Told("need_confirmed", (enterprise_of, answering_for)),
    events.NeedRejected: Told("need_rejected", (enterprise_of,)),
    events.NeedSelected: Told("need_selected", (answering_for,)),
    events.NeedWithdrawn: Told("need_withdrawn", (enterprise_of, answering_for)),
    events.NeedExpired: Told("need_expired", (enterprise_of, answering_for)),
    events.NeedParked: Told("need_parked", (enterprise_of, answering_for)),
    events.NeedResumed: Told("need_resumed", (enterprise_of, answering_for)),
    events.NeedConcluded: Told("need_concluded", (enterprise_of, answering_for)),
    events.NeedSetAside: Told("need_set_aside", (enterprise_of, answering_for)),
}


def tell_of_step(session: Session, event: NeedEvent) -> None:
    """Those of the need's own house, and other systems; of a draft nobody has heard yet."""
    need, told, key = event.need, OF_STEPS[type(event)], key_of(event)
    if need.submitted_at is None:
        return
    accounts = {account for audience in told.audiences for account in audience(session, need)}
    tell(session, event.actor, need, told.kind, key, accounts, now=event.now)
    if has_webhooks(session):
        notify(session, Notice(key, None, told.kind, *_about(need), {}), now=event.now)


for _kind in OF_STEPS:
    on(_kind)(tell_of_step)


def tell_of_contact_person(session: Session, actor: Actor, need: Need, *, now: datetime) -> None:
    """Who may see the contact and has to do with the need: its enterprise, the institutes that it is opened to, whoever answers for it."""
    if need.submitted_at is None:
        return
    opened = select(NeedReader.organisation_id).join(Need, Need.id == NeedReader.need_id)
    institutes = session.scalars(opened.where(Need.id == need.id, OFFERED, UNMASKED)).all()
    answering = {each for each in answering_for(session, need) if _may_see_contact(session, each, need)}
    told = enterprise_of(session, need) | speakers_for(session, institutes, *INSTITUTE_ROLES) | answering
    key = f"contact_person_named:{need.id}:{need.version}"
    tell(session, actor, need, "contact_person_named", key, told, now=now)


def _may_see_contact(session: Session, account_id: UUID, need: Need) -> bool:
    """A broker who answers for a need that asks for confidentiality terms is shown the masked view alone."""
    somebody = actor_of(session, account_id)
    if somebody is None:
        return False
    seen = select(Need.id).where(Need.id == need.id, readable(somebody, FULL, INVITED))
    return session.scalar(seen) is not None


def key_of(event: NeedEvent) -> str:
    """What tells this step of the need from any other."""
    return f"{OF_STEPS[type(event)].kind}:{event.need.id}:{event.need.version}"


def tell(
    session: Session, actor: Actor, need: Need, kind: str, key: str, accounts: Iterable[UUID], *,
    now: datetime, payload: Mapping[str, Any] = MappingProxyType({}),
) -> None:  # fmt: skip
    """Say something of the need to these accounts but the actor's own, once for the key."""
    others = {*accounts} - {actor.account_id}
    notify_each(session, the_same_to(others, key, kind, _about(need), payload), now=now)


def _about(need: Need) -> About:
    return need.id, need.number, need.zone_code
