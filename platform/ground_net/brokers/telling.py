"""Telling the two sides of a mandate that it waits for a yes, that it counts, and that it is over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.models import Enterprise, Institute
from backbone.identity.reaching import speakers_for
from backbone.notices.service import notify_each, the_same_to
from ground_net.brokers.models import Broker, BrokerMandate
from ground_net.brokers.permissions import MEMBERS


def tell_of_mandate(
    session: Session, actor: Actor, mandate: BrokerMandate, broker: Broker, *, now: datetime
) -> None:
    """The organisation, which has still to say yes; once it has, the broker."""
    if mandate.confirmed_at is None:
        _tell(session, actor, mandate, "mandate_proposed", _members(session, mandate), now)
    else:
        _tell(session, actor, mandate, "mandate_confirmed", {broker.account_id}, now)


def tell_of_its_end(
    session: Session, actor: Actor, mandate: BrokerMandate, broker: Broker, *, now: datetime
) -> None:
    """Both sides but who ended it."""
    _tell(session, actor, mandate, "mandate_ended", _members(session, mandate) | {broker.account_id}, now)


def _members(session: Session, mandate: BrokerMandate) -> set[UUID]:
    organisation = mandate.organisation_id
    return speakers_for(session, [organisation] if organisation else [], *MEMBERS)


def _tell(
    session: Session, actor: Actor, mandate: BrokerMandate, kind: str, accounts: set[UUID], now: datetime
) -> None:
    organisation: type[Enterprise] | type[Institute] = Enterprise if mandate.enterprise_id else Institute
    query = select(organisation.name, organisation.region_code).where(
        organisation.id == mandate.organisation_id
    )
    name, zone = session.execute(query).one()
    notices = the_same_to(
        accounts - {actor.account_id}, f"{kind}:{mandate.id}", kind, (mandate.id, name, zone)
    )
    notify_each(session, notices, now=now)
