"""Writing notices: once for each key, with their deliveries and the jobs that make them, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone.absences.service import deputies
from backbone.clock import local_date
from backbone.db import new_id
from backbone.jobs import defer
from backbone.notices import mail, models, texts
from backbone.notices.models import EMAIL, WEBHOOK, Delivery, WebhookEndpoint


@dataclass(frozen=True)
class Notice:
    """What is to be said to one account, or with `recipient_id` None to the webhooks of the zone."""

    dedupe_key: str
    recipient_id: UUID | None
    kind: str
    subject_id: UUID
    subject_number: str
    zone_code: str
    payload: Mapping[str, Any]


def notify(session: Session, *notices: Notice, now: datetime) -> int:
    """Write the notices and everything that delivers them; returns how many keys were not there before.

    A recipient on leave is replaced by the deputy. ValueError for a kind without words: a notice nobody could read.
    """
    if not notices:
        return 0
    for notice in notices:
        texts.worded(notice.kind, notice.subject_number, notice.payload)
    readers = deputies(
        session, {one.recipient_id for one in notices if one.recipient_id is not None}, local_date(now)
    )
    # In the order of their keys, so that two writers of the same notices wait for each other instead of locking up.
    rows = [_row(notice, readers, now) for notice in sorted(notices, key=attrgetter("dedupe_key"))]
    written = insert(models.Notice).on_conflict_do_nothing(index_elements=["dedupe_key"])
    columns = (models.Notice.id, models.Notice.recipient_id, models.Notice.kind, models.Notice.zone_code)
    new = session.execute(written.returning(*columns), rows).all()
    _deliver(session, new, now)
    return len(new)


def _row(notice: Notice, readers: Mapping[UUID, UUID], now: datetime) -> dict[str, Any]:
    reader_id = None if notice.recipient_id is None else readers[notice.recipient_id]
    return {
        "id": new_id(), "dedupe_key": notice.dedupe_key, "recipient_id": reader_id,
        "on_behalf_of": notice.recipient_id if reader_id != notice.recipient_id else None,
        "kind": notice.kind, "subject_id": notice.subject_id, "subject_number": notice.subject_number,
        "zone_code": notice.zone_code, "payload": dict(notice.payload), "created_at": now,
    }  # fmt: skip


def _deliver(session: Session, written: Sequence[Any], now: datetime) -> None:
    """Queue the ways of each written notice: by mail to a reader who gave an address, else to every system that listens."""
    from backbone.notices.jobs import deliver  # the job's module reads deliveries, which are written here

    to_systems = any(notice.recipient_id is None for notice in written)
    endpoints = _open_endpoints(session) if to_systems else []
    by_mail = {notice.recipient_id for notice in written} - {None} if mail.is_configured() else set()
    by_mail = {reader_id for reader_id in by_mail if mail.address_of(session, reader_id) is not None}
    ways = []
    for notice in written:
        if notice.recipient_id is None:
            ways += [_way(notice.id, WEBHOOK, one.id, now) for one in endpoints if one.wants(notice)]
        elif notice.recipient_id in by_mail:
            ways.append(_way(notice.id, EMAIL, None, now))
    session.add_all(ways)
    session.flush()
    for way in ways:
        defer(session, deliver, delivery_id=str(way.id))


def has_webhooks(session: Session) -> bool:
    """Whether any system at all wants to be told: where none does, nothing need be written for them."""
    return (
        session.scalar(select(WebhookEndpoint.id).where(WebhookEndpoint.closed_at.is_(None)).limit(1))
        is not None
    )


def _open_endpoints(session: Session) -> Sequence[WebhookEndpoint]:
    is_open = WebhookEndpoint.closed_at.is_(None)
    return session.scalars(select(WebhookEndpoint).where(is_open).order_by(WebhookEndpoint.id)).all()


def _way(notice_id: UUID, channel: str, endpoint_id: UUID | None, now: datetime) -> Delivery:
    return Delivery(notice_id=notice_id, channel=channel, endpoint_id=endpoint_id, next_attempt_at=now)
