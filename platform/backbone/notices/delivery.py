"""Delivering what is due: one worker at a time holds a delivery while it is on its way.

The row stays locked from before the message leaves until its outcome is written, so that no other worker sends it
meanwhile. A worker that dies in between gives the lock back with its connection, and the message goes out once more
under the same Message-ID or webhook-id: at least once on the wire, and never unnoticed.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.notices import hooks, mail, texts
from backbone.notices.models import EMAIL, Delivery, Notice, WebhookEndpoint
from backbone.notices.outcomes import Failed, Refused

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))
"""Waiting after the first, second … failure; after the last one more failure is the end."""
OVERDUE = timedelta(minutes=2)
"""How long a delivery may be due before its job counts as lost."""


def attempt(session: Session, delivery_id: UUID, *, now: datetime) -> Delivery | None:
    """Try a delivery that is due and that nobody else holds; None for any other.

    What came of it stands in the returned row: delivered, dead, or due again at `next_attempt_at`.
    """
    due = select(Delivery).where(
        Delivery.id == delivery_id, Delivery.delivered_at.is_(None), Delivery.dead_at.is_(None),
        Delivery.next_attempt_at <= now,
    )  # fmt: skip
    delivery: Delivery | None = session.scalar(due.with_for_update(skip_locked=True, of=Delivery))
    if delivery is None:
        return None
    delivery.attempts += 1
    try:
        _send(session, delivery, now)
    except Refused as refusal:
        delivery.dead_at, delivery.last_error = now, str(refusal)
    except Failed as failure:
        delivery.last_error = str(failure)
        if delivery.attempts > len(BACKOFF):
            delivery.dead_at = now
        else:
            delivery.next_attempt_at = now + BACKOFF[delivery.attempts - 1]
    else:
        delivery.delivered_at, delivery.last_error = now, None
    session.flush()
    return delivery


def overdue(session: Session, *, now: datetime, at_most: int = 500) -> list[UUID]:
    """Deliveries that are due for longer than a job takes to come: theirs was lost."""
    waiting = select(Delivery.id).where(
        Delivery.delivered_at.is_(None), Delivery.dead_at.is_(None), Delivery.next_attempt_at < now - OVERDUE
    )
    return list(session.scalars(waiting.order_by(Delivery.next_attempt_at).limit(at_most)))


def _send(session: Session, delivery: Delivery, now: datetime) -> None:
    notice = session.get_one(Notice, delivery.notice_id)
    if delivery.channel == EMAIL:
        address = None if notice.recipient_id is None else mail.address_of(session, notice.recipient_id)
        if address is None:
            raise Refused("no_address")
        mail.send(delivery.id, address, texts.worded(notice.kind, notice.subject_number, notice.payload), now)
    else:
        hooks.send(delivery, notice, session.get_one(WebhookEndpoint, delivery.endpoint_id), now)
