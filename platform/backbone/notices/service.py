"""Writing notices: once for each key, with their deliveries and the jobs that make them, in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone.absences.service import deputy_for
from backbone.clock import local_date
from backbone.db import new_id
from backbone.directory.regions import regions_around
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


def notify(session: Session, notice: Notice, *, now: datetime) -> bool:
    """Write the notice and everything that delivers it; False, and nothing written, when its key was there before.

    A recipient on leave is replaced by the deputy. ValueError for a kind without words: a notice nobody could read.
    """
    texts.worded(notice.kind, notice.subject_number, notice.payload)
    reader_id = notice.recipient_id and deputy_for(session, notice.recipient_id, local_date(now))
    row = {
        "id": new_id(), "dedupe_key": notice.dedupe_key, "recipient_id": reader_id,
        "on_behalf_of": notice.recipient_id if reader_id != notice.recipient_id else None,
        "kind": notice.kind, "subject_id": notice.subject_id, "subject_number": notice.subject_number,
        "zone_code": notice.zone_code, "payload": dict(notice.payload), "created_at": now,
    }  # fmt: skip
    written = insert(models.Notice).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"])
    notice_id = session.scalar(written.returning(models.Notice.id))
    if notice_id is None:
        return False
    if reader_id is None:
        for endpoint_id in _endpoints(session, notice):
            _send(session, notice_id, WEBHOOK, endpoint_id, now)
    elif mail.is_configured() and mail.address_of(session, reader_id) is not None:
        _send(session, notice_id, EMAIL, None, now)
    return True


def has_webhooks(session: Session) -> bool:
    """Whether any system at all wants to be told: where none does, nothing need be written for them."""
    return (
        session.scalar(select(WebhookEndpoint.id).where(WebhookEndpoint.closed_at.is_(None)).limit(1))
        is not None
    )


def _endpoints(session: Session, notice: Notice) -> list[UUID]:
    here = or_(
        WebhookEndpoint.zone_code.is_(None), WebhookEndpoint.zone_code.in_(regions_around(notice.zone_code))
    )
    wanted = or_(WebhookEndpoint.kinds == [], WebhookEndpoint.kinds.contains([notice.kind]))
    query = select(WebhookEndpoint.id).where(WebhookEndpoint.closed_at.is_(None), here, wanted)
    return list(session.scalars(query.order_by(WebhookEndpoint.id)))


def _send(session: Session, notice_id: UUID, channel: str, endpoint_id: UUID | None, now: datetime) -> None:
    from backbone.notices.jobs import deliver  # the job's module reads deliveries, which are written here

    delivery = Delivery(notice_id=notice_id, channel=channel, endpoint_id=endpoint_id, next_attempt_at=now)
    session.add(delivery)
    session.flush()
    defer(session, deliver, delivery_id=str(delivery.id))
