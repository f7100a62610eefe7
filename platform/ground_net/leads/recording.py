"""Recording a lead: once for each form, whoever sends it how often, and never of a node that is closed."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from ground_net.leads.clock import start_clock
from ground_net.leads.consenting import require_consented
from ground_net.leads.enterprises import linked
from ground_net.leads.errors import ClientIdTaken
from ground_net.leads.events import LeadRecorded
from ground_net.leads.filling import KEPT, columns_of, derive
from ground_net.leads.models import NUMBERS, PERSONAL, Lead
from ground_net.leads.outreach.models import Outreach
from ground_net.leads.permissions import CAN_RECORD, allows
from ground_net.network.models import NetworkNode
from ground_net.network.reading import NO_SUCH_NODE
from ground_net.network.service import require_open_node

NO_SUCH_EVENT = Bilingual("该节点没有这个活动", "The node held no such event")
NOT_YET = Bilingual("时间晚于现在", "This lies in the future")
AHEAD = timedelta(minutes=10)
"""How far a telephone's clock may run ahead."""


class NodePlace:
    """A node as the permissions see what belongs to it."""

    def __init__(self, node: NetworkNode) -> None:
        self.node_key, self.zone_code = node.key, node.region_code


def node_to_record_at(session: Session, actor: Actor, key: str) -> NetworkNode:
    """The open node, held open until the transaction ends; raises Invalid for no node, Forbidden, NodeIsClosed."""
    try:
        node = require_open_node(session, key)
    except NotFound:
        raise Invalid.field("node_key", NO_SUCH_NODE) from None
    if not allows(CAN_RECORD, actor, NodePlace(node)):
        raise Forbidden()
    return node


def record_lead(session: Session, actor: Actor, said: Mapping[str, Any], *, now: datetime) -> Lead:
    """A visit, call or talk at an event; its clock runs. The same client id with the same content is the same lead.

    Raises Invalid, Forbidden, NodeIsClosed, ClientIdTaken, CalendarMissing.
    """
    lead, is_new = take_lead(
        session, actor, node_to_record_at(session, actor, said["node_key"]), said, now=now
    )
    if is_new:
        after = {name: getattr(lead, name) for name in ("number", "node_key", *KEPT)}
        audit.record(session, actor, "record_lead", lead, now=now, after=after, personal=PERSONAL)
    return lead


def take_lead(
    session: Session, actor: Actor, node: NetworkNode, said: Mapping[str, Any], *, import_id: UUID | None = None,
    now: datetime,
) -> tuple[Lead, bool]:  # fmt: skip
    """The lead of a node that is held open, and whether it is new; for a file, whose import leaves one event for all.

    Raises Invalid, ClientIdTaken, CalendarMissing.
    """
    content, client_id = _content_of(said), said.get("client_id")
    if client_id is not None and (known := _by_client_id(session, node.key, client_id)) is not None:
        return _the_same(known, content), False
    values = _checked(session, node.key, said, now)
    number = f"XS-{local_date(now).year}-{session.scalar(select(NUMBERS.next_value())):06d}"
    lead = Lead(
        number=number, node_key=node.key, zone_code=node.region_code, import_id=import_id, client_id=client_id,
        content_digest=content, recorded_by=actor.account_id, created_at=now, updated_at=now, **values,
    )  # fmt: skip
    derive(lead)
    if not _stored(session, lead):
        return _the_same(_by_client_id(session, node.key, client_id), content), False
    start_clock(session, actor, lead, now=now)
    events.publish(session, LeadRecorded(lead, actor, now))
    return lead, True


def require_event(session: Session, node_key: str, event_id: UUID | None) -> None:
    """Raise Invalid unless the node held this event; None is no event."""
    at_node = Outreach.id == event_id, Outreach.node_key == node_key
    if event_id is not None and session.scalar(select(Outreach.id).where(*at_node)) is None:
        raise Invalid.field("event_id", NO_SUCH_EVENT)


def require_past(happened_at: datetime, now: datetime) -> None:
    """Raise Invalid for a visit that is still to come."""
    if happened_at > now + AHEAD:
        raise Invalid.field("happened_at", NOT_YET)


def _checked(session: Session, node_key: str, said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    values = {"answers": {}, **columns_of(said, {}), **linked(session, said)}
    values.setdefault("channel", "event" if values.get("event_id") else "visit")
    require_consented(values)
    require_past(values["happened_at"], now)
    require_event(session, node_key, values.get("event_id"))
    return values


def _stored(session: Session, lead: Lead) -> bool:
    """Whether the lead is the first of its client id: the constraint decides, so that two at once are one."""
    if lead.client_id is None:
        session.add(lead)
        session.flush()
        return True
    try:
        with session.begin_nested():
            session.add(lead)
            session.flush()
    except IntegrityError as clash:
        if "client_id" not in str(clash.orig):
            raise
        return False
    return True


def _by_client_id(session: Session, node_key: str, client_id: Any) -> Lead | None:
    same = select(Lead).where(Lead.node_key == node_key, Lead.client_id == client_id)
    return session.scalar(same)


def _the_same(known: Lead | None, content: str) -> Lead:
    if known is None:
        raise AssertionError("unreachable: the constraint has just found it")
    if known.content_digest != content:
        raise ClientIdTaken(client_id=str(known.client_id), number=known.number, id=known.id)
    return known


def _content_of(said: Mapping[str, Any]) -> str:
    """A digest of what was said, the same for the same words in whatever order."""
    told = {name: value for name, value in said.items() if name not in ("client_id", "node_key")}
    return audit.digest(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str))
