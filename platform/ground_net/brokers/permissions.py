"""Who may do what with brokers and their mandates.

Everybody with an account finds brokers by what they know. Load and record are the broker's own, and of the operators and
auditors of a zone that they serve; a mandate is known to its two sides, and to those in office for the organisation.
"""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from backbone.actor import Actor, Role
from backbone.directory.models import Enterprise, Institute
from backbone.directory.permissions import has_zone, zones_of
from ground_net.brokers.models import Broker, BrokerMandate

MEMBERS = (Role.ENTERPRISE_MEMBER, Role.INSTITUTE_MEMBER, Role.TRANSFER_OFFICE)
OFFICES = (Role.OPERATOR, Role.AUDITOR)


def is_broker_self(actor: Actor, broker: Broker) -> bool:
    """The broker, by the role: a token narrowed to another one speaks for nobody."""
    return actor.holds(Role.BROKER) and actor.account_id == broker.account_id


def may_keep(actor: Actor, broker: Broker) -> bool:
    """The broker, and the operators of a zone that the broker serves."""
    return is_broker_self(actor, broker) or any(has_zone(actor, zone, Role.OPERATOR) for zone in broker.zones)


def may_read_record(actor: Actor, broker: Broker) -> bool:
    """The broker, operators and auditors of a zone that the broker serves."""
    in_office = any(has_zone(actor, zone, *OFFICES) for zone in broker.zones)
    return is_broker_self(actor, broker) or in_office


def is_member(actor: Actor, mandate: BrokerMandate) -> bool:
    """Somebody who speaks for the organisation that gives the mandate."""
    return mandate.organisation_id in actor.organisations(*MEMBERS)


def readable_mandates(actor: Actor) -> ColumnElement[bool]:
    """The mandates of which the actor may know; needs no join."""
    own = select(Broker.id).where(Broker.account_id == actor.account_id)
    sides: list[ColumnElement[bool]] = [BrokerMandate.broker_id.in_(own)] if actor.holds(Role.BROKER) else []
    members = actor.organisations(*MEMBERS)
    for column, kind in ((BrokerMandate.enterprise_id, Enterprise), (BrokerMandate.institute_id, Institute)):
        sides += [column.in_(members), _in_office(actor, column, kind)]
    return or_(false(), *sides)


def _in_office(actor: Actor, column: Any, kind: type[Enterprise] | type[Institute]) -> ColumnElement[bool]:
    zones = zones_of(actor, *OFFICES)
    if zones is None:
        return true()
    condition: ColumnElement[bool] = column.in_(select(kind.id).where(kind.region_code.in_(zones)))
    return condition
