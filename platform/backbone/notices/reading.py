"""The inbox of an account, and the deliveries that administrators look after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.jobs import defer
from backbone.notices.errors import NotDead
from backbone.notices.jobs import deliver
from backbone.notices.models import Delivery, Notice
from backbone.notices.permissions import CAN_SEE_DELIVERIES, require
from backbone.notices.texts import worded
from backbone.pages import Page, read_page

MOST_READ = 200
"""Notices that one request marks as read: each is an event of the audit."""


def list_my_notices(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """The actor's notices, the newest first unless asked otherwise."""
    query = select(Notice).where(Notice.recipient_id == actor.account_id)
    if asked.get("unread"):
        query = query.where(Notice.read_at.is_(None))
    if asked.get("kind"):
        query = query.where(Notice.kind.in_(asked["kind"]))
    if asked.get("subject_id"):
        query = query.where(Notice.subject_id == asked["subject_id"])
    page = read_page(session, query, asked, {"created_at": Notice.created_at}, Notice.id)
    return Page([shown(notice) for notice in page.items], page.next_cursor)


def read_notice(session: Session, actor: Actor, notice_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Mark one as read; twice is once. Raises NotFound for another's."""
    own = select(Notice).where(Notice.id == notice_id, Notice.recipient_id == actor.account_id)
    notice = session.scalar(own.with_for_update())
    if notice is None:
        raise NotFound()
    if notice.read_at is None:
        notice.read_at = now
        session.flush()
        audit.record(session, actor, "read_notice", notice, now=now, after={"read_at": now})
    return shown(notice)


def read_notices(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> dict[str, int]:
    """Mark the own ones up to `until` as read, the oldest first and MOST_READ at most: how many were, how many are left.

    What comes in meanwhile stays unread, since nobody has seen it. Of a need alone where `subject_id` says which.
    """
    own = [
        Notice.recipient_id == actor.account_id,
        Notice.read_at.is_(None),
        Notice.created_at <= asked["until"],
    ]
    if asked.get("subject_id"):
        own.append(Notice.subject_id == asked["subject_id"])
    oldest = select(Notice).where(*own).order_by(Notice.created_at, Notice.id).limit(MOST_READ)
    read = session.scalars(oldest.with_for_update()).all()
    for notice in read:
        notice.read_at = now
    session.flush()
    for notice in read:
        audit.record(session, actor, "read_notice", notice, now=now, after={"read_at": now})
    left = session.scalar(select(func.count()).select_from(Notice).where(*own))
    return {"read": len(read), "left": left or 0}


def list_deliveries(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """Deliveries by state; the dead ones are the dead-letter list. Raises Forbidden."""
    require(actor, CAN_SEE_DELIVERIES)
    state = case(
        (Delivery.delivered_at.is_not(None), "delivered"), (Delivery.dead_at.is_not(None), "dead"), else_="waiting"
    )  # fmt: skip
    query = select(Delivery, Notice).join(Notice, Notice.id == Delivery.notice_id)
    if asked.get("state"):
        query = query.where(state.in_(asked["state"]))
    sorts = {"next_attempt_at": Delivery.next_attempt_at}
    return read_page(session, query, asked, sorts, Delivery.id, _delivery)


def retry_delivery(session: Session, actor: Actor, delivery_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Give a dead letter a whole new round of attempts. Raises Forbidden, NotFound, NotDead."""
    require(actor, CAN_SEE_DELIVERIES)
    delivery = session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None:
        raise NotFound()
    if delivery.state != "dead":
        raise NotDead(state=delivery.state)
    delivery.dead_at, delivery.attempts, delivery.next_attempt_at = None, 0, now
    session.flush()
    defer(session, deliver, delivery_id=str(delivery.id))
    audit.record(session, actor, "retry_delivery", delivery, now=now, after={"next_attempt_at": now})
    return _delivery(delivery, session.get_one(Notice, delivery.notice_id))


def shown(notice: Notice) -> dict[str, Any]:
    """A notice with its words in both languages."""
    wording = worded(notice.kind, notice.subject_number, notice.payload)
    return {
        "id": notice.id, "kind": notice.kind, "subject_id": notice.subject_id, "subject_number": notice.subject_number,
        "zone_code": notice.zone_code, "on_behalf_of": notice.on_behalf_of, "created_at": notice.created_at,
        "read_at": notice.read_at, "title": wording.subject, "text": wording.text,
    }  # fmt: skip


def _delivery(delivery: Delivery, notice: Notice) -> dict[str, Any]:
    return {
        "id": delivery.id, "notice_id": notice.id, "kind": notice.kind, "subject_number": notice.subject_number,
        "channel": delivery.channel, "endpoint_id": delivery.endpoint_id, "state": delivery.state,
        "attempts": delivery.attempts, "next_attempt_at": delivery.next_attempt_at,
        "delivered_at": delivery.delivered_at, "dead_at": delivery.dead_at, "last_error": delivery.last_error,
    }  # fmt: skip
