"""Entering brokers, finding them, and what they have in hand. Mandates are in `mandates`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone
from backbone.directory.regions import region_label, regions_of
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.reaching import accounts_holding
from backbone.identity.service import actor_of, names_of
from backbone.pages import Page, read_page
from backbone.references import NO_SUCH_ACCOUNT
from ground_net.brokers.errors import BrokerEntered
from ground_net.brokers.models import Broker
from ground_net.brokers.permissions import may_keep, may_read_record
from sky_net.needs.owning import OwnersRecord, loads_of, records_of

NOT_A_BROKER = Bilingual("该账号在{zone}没有技术经纪人角色", "The account is no broker in {zone}")
SORTS = {"created_at": Broker.created_at, "capacity": Broker.capacity}


@dataclass(frozen=True)
class Shown:
    """A broker with their name; `load` only where the caller may know it."""

    row: Broker
    name: str | None
    load: int | None


@dataclass(frozen=True)
class BrokersRecord:
    """What came of the needs that a broker answers for."""

    broker: Broker
    needs: OwnersRecord


def enter_broker(session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime) -> Shown:
    """Make a profile: one's own, or as an operator that of a broker of the own zone.

    Raises Forbidden, Invalid, BrokerEntered.
    """
    given = {"account_id": actor.account_id} | dict(values)
    broker = Broker(created_at=now, updated_at=now, **given)
    if broker.account_id is None or not may_keep(actor, broker):
        raise Forbidden()
    _refuse_foreign_zones(session, broker.account_id, broker.zones)
    known = session.scalar(select(Broker.id).where(Broker.account_id == broker.account_id))
    if known is not None:
        raise BrokerEntered(broker_id=str(known))
    session.add(broker)
    session.flush()
    audit.record(session, actor, "enter_broker", broker, now=now, after=given)
    return _shown(session, actor, [broker])[0]


def amend_broker(
    session: Session, actor: Actor, broker: Broker, values: Mapping[str, Any], *, now: datetime
) -> Shown:
    """Change a profile; raises Forbidden, Invalid."""
    if not may_keep(actor, broker):
        raise Forbidden()
    before, after = audit.changes(broker, values)
    if after:
        _refuse_foreign_zones(session, broker.account_id, after.get("zones", ()))
        for name, value in after.items():
            setattr(broker, name, value)
        broker.updated_at = now
        session.flush()
        audit.record(session, actor, "amend_broker", broker, now=now, before=before, after=after)
    return _shown(session, actor, [broker])[0]


def broker_named(session: Session, broker_id: UUID) -> Broker:
    """The profile by id; raises NotFound."""
    broker = session.get(Broker, broker_id)
    if broker is None:
        raise NotFound()
    return broker


def show_broker(session: Session, actor: Actor, broker_id: UUID) -> Shown:
    """One broker; raises NotFound."""
    return _shown(session, actor, [broker_named(session, broker_id)])[0]


def list_brokers(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Shown]:
    """A page of the brokers, without those whose role has ended."""
    query = select(Broker).where(Broker.account_id.in_(accounts_holding(Role.BROKER)))
    if asked.get("industry"):
        query = query.where(Broker.industries.overlap(asked["industry"]))
    if asked.get("language"):
        query = query.where(Broker.languages.overlap(asked["language"]))
    if asked.get("region"):
        query = query.where(Broker.zones.overlap(list(regions_of(asked["region"]))))
    if asked.get("tech_field"):
        query = query.where(Broker.tech_fields.contains([asked["tech_field"]]))
    page = read_page(session, query, asked, SORTS, Broker.id)
    return Page(_shown(session, actor, page.items), page.next_cursor)


def show_record(session: Session, actor: Actor, broker_id: UUID) -> BrokersRecord:
    """What came of the broker's needs; raises NotFound, Forbidden."""
    broker = broker_named(session, broker_id)
    if not may_read_record(actor, broker):
        raise Forbidden()
    return BrokersRecord(broker, records_of(session, [broker.account_id])[broker.account_id])


def _shown(session: Session, actor: Actor, brokers: Collection[Broker]) -> list[Shown]:
    """With names and loads, each in one query for all."""
    names = names_of(session, {broker.account_id for broker in brokers})
    known = {broker.account_id for broker in brokers if may_read_record(actor, broker)}
    loads = loads_of(session, known)
    return [Shown(broker, names.get(broker.account_id), loads.get(broker.account_id)) for broker in brokers]


def _refuse_foreign_zones(session: Session, account_id: UUID, zones: Collection[str]) -> None:
    """A broker serves zones in which the role is held."""
    held = actor_of(session, account_id)
    if held is None:
        raise Invalid.field("account_id", NO_SUCH_ACCOUNT)
    for place, zone in enumerate(zones):
        if not has_zone(held, zone, Role.BROKER):
            raise Invalid.field(f"zones.{place}", NOT_A_BROKER.format(zone=region_label(zone)))
