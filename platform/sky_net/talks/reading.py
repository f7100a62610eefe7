"""Seeing contacts: an institute its own, the enterprise and the operators all of the need's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session, selectinload

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from sky_net.invitations.life_cycle import allows
from sky_net.invitations.parties import institutes_of
from sky_net.needs.permissions import FULL, INVITED
from sky_net.needs.reading import Reading, read_need, read_with_need
from sky_net.talks.models import Contact
from sky_net.talks.permissions import CAN_READ, CAN_READ_ALL
from sky_net.talks.steps.models import NextStep


def show_contact(session: Session, actor: Actor, contact_id: UUID) -> Contact:
    """The contact, for those it concerns; raises NotFound."""
    contact, reading = read_with_need(session, actor, Contact, contact_id)
    rules = CAN_READ_ALL if _is_kept_from(reading) else CAN_READ
    if not (allows(rules, actor, reading.need, contact.institute_id) or _recorded_by(actor, contact)):
        raise NotFound()
    return contact


def list_contacts(session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]) -> Page[Contact]:
    """The need's contacts that this actor may know of; raises NotFound for a need that is not visible."""
    reading = read_need(session, actor, need_id)
    need = reading.need
    query = select(Contact).where(Contact.need_id == need_id)
    query = query.options(
        selectinload(Contact.persons), selectinload(Contact.steps).selectinload(NextStep.persons)
    )
    if not allows(CAN_READ_ALL, actor, need):
        own = false() if _is_kept_from(reading) else Contact.institute_id.in_(institutes_of(actor))
        query = query.where(
            own if actor.account_id is None else or_(own, Contact.recorded_by == actor.account_id)
        )
    if asked.get("state"):
        query = query.where(Contact.state.in_(asked["state"]))
    sorts = {"recorded_at": Contact.created_at, "happened_on": Contact.happened_on}
    return read_page(session, query, asked, sorts, Contact.id)


def _is_kept_from(reading: Reading) -> bool:
    """Whether terms still keep the talks from the institute: their people and results name the enterprise."""
    return reading.need.nda_required and reading.view not in (FULL, INVITED)


def _recorded_by(actor: Actor, contact: Contact) -> bool:
    return actor.account_id is not None and contact.recorded_by == actor.account_id
