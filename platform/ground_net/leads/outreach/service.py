"""Recording events, once each, and listing them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor, Role
from backbone.clock import local_date
from backbone.directory.permissions import zones_of
from backbone.pages import Page, read_page
from ground_net.leads.errors import EventKnown
from ground_net.leads.outreach.models import NUMBERS, Outreach
from ground_net.leads.permissions import READS
from ground_net.leads.recording import node_to_record_at


def record_outreach(session: Session, actor: Actor, said: Mapping[str, Any], *, now: datetime) -> Outreach:
    """An event of an open node; raises Invalid, Forbidden, NodeIsClosed, EventKnown."""
    node = node_to_record_at(session, actor, said["node_key"])
    number = f"HD-{local_date(now).year}-{session.scalar(select(NUMBERS.next_value())):06d}"
    event = Outreach(
        number=number,
        zone_code=node.region_code,
        recorded_by=actor.account_id,
        created_at=now,
        updated_at=now,
        **said,
    )
    try:
        with session.begin_nested():
            session.add(event)
            session.flush()
    except IntegrityError as clash:
        if "uq_outreaches_once" not in str(clash.orig):
            raise
        raise _known(session, event) from None
    audit.record(session, actor, "record_outreach", event, now=now, after={"number": number, **said})
    return event


def list_outreaches(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Outreach]:
    """The events of the actor's nodes and zones."""
    zones = zones_of(actor, *READS)
    query = select(Outreach)
    if zones is not None:
        mine = Outreach.node_key.in_(actor.nodes(Role.COLLECTOR))
        query = query.where(or_(false(), Outreach.zone_code.in_(zones), mine))
    if asked.get("node"):
        query = query.where(Outreach.node_key.in_(asked["node"]))
    if "held_from" in asked:
        query = query.where(Outreach.held_on >= asked["held_from"])
    if "held_to" in asked:
        query = query.where(Outreach.held_on <= asked["held_to"])
    return read_page(session, query, asked, {"held_on": Outreach.held_on}, Outreach.id)


def _known(session: Session, event: Outreach) -> EventKnown:
    same = (
        Outreach.node_key == event.node_key,
        Outreach.held_on == event.held_on,
        Outreach.title == event.title,
    )
    known = session.scalars(select(Outreach).where(*same)).one()
    return EventKnown(number=known.number, id=known.id)
