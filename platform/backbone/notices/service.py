"""Writing notices: once for each key, with their deliveries and the jobs that make them, in the caller's transaction.

However many are written at once, they take one statement for each kind of thing: whoever stands in, the keys, the
addresses, the webhooks, the deliveries, the jobs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone.absences.service import deputies_for
from backbone.clock import local_date
from backbone.db import IN_ONE, new_id
from backbone.directory.regions import regions_around
from backbone.identity.reaching import with_email
from backbone.jobs import defer_each
from backbone.notices import mail, models, texts
from backbone.notices.models import EMAIL, WEBHOOK, Delivery, WebhookEndpoint

Way = tuple[UUID, str, UUID | None]
"""Notice, channel and, for a webhook, its endpoint."""


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
    to_deputy: bool = True
    """Whether a deputy reads it while the recipient is on leave."""


About = tuple[UUID, str, str]
"""What a notice is of: its id, its number or name, and its zone."""


def the_same_to(
    accounts: Iterable[UUID],
    key: str,
    kind: str,
    about: About,
    payload: Mapping[str, Any] = MappingProxyType({}),
) -> list[Notice]:
    """One notice to each of the accounts, once for the key."""
    return [Notice(f"{key}:{account}", account, kind, *about, payload) for account in sorted(accounts)]


def notify(session: Session, notice: Notice, *, now: datetime) -> bool:
    """Write one notice as `notify_each` does; False, and nothing written, when its key was there before."""
    return notify_each(session, [notice], now=now) == 1


def notify_each(session: Session, notices: Sequence[Notice], *, now: datetime) -> int:
    """Write the notices and everything that delivers them; returns how many, those whose key was there before left out.

    Whoever reads several finds them in the order given. A recipient on leave is replaced by the deputy. KeyError for a
    kind without words: a notice nobody could read.
    """
    rows = _rows(session, notices, now)
    if not rows:
        return 0
    # Always in the order of the keys: of two who write the same ones one waits, and never each for the other.
    in_order = sorted(rows, key=itemgetter("dedupe_key"))
    new = insert(models.Notice).on_conflict_do_nothing(index_elements=["dedupe_key"])
    written = set(session.scalars(new.returning(models.Notice.id), in_order, execution_options=IN_ONE))
    _send(session, [row for row in rows if row["id"] in written], now)
    return len(written)


def has_webhooks(session: Session) -> bool:
    """Whether any system at all wants to be told: where none does, nothing need be written for them."""
    return (
        session.scalar(select(WebhookEndpoint.id).where(WebhookEndpoint.closed_at.is_(None)).limit(1))
        is not None
    )


def _rows(session: Session, notices: Sequence[Notice], now: datetime) -> list[dict[str, Any]]:
    for notice in notices:
        texts.worded(notice.kind, notice.subject_number, notice.payload)
    meant = {
        notice.recipient_id for notice in notices if notice.recipient_id is not None and notice.to_deputy
    }
    readers = deputies_for(session, meant, local_date(now)) if meant else {}
    return [_row(notice, _reader(notice, readers), now) for notice in notices]


def _reader(notice: Notice, readers: Mapping[UUID, UUID]) -> UUID | None:
    if notice.recipient_id is None or not notice.to_deputy:
        return notice.recipient_id
    return readers[notice.recipient_id]


def _row(notice: Notice, reader_id: UUID | None, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(), "dedupe_key": notice.dedupe_key, "recipient_id": reader_id,
        "on_behalf_of": notice.recipient_id if reader_id != notice.recipient_id else None,
        "kind": notice.kind, "subject_id": notice.subject_id, "subject_number": notice.subject_number,
        "zone_code": notice.zone_code, "payload": dict(notice.payload), "created_at": now,
    }  # fmt: skip


def _send(session: Session, written: Sequence[Mapping[str, Any]], now: datetime) -> None:
    from backbone.notices.jobs import deliver  # the job's module reads deliveries, which are written here

    deliveries = [
        {"id": new_id(), "notice_id": notice_id, "channel": channel, "endpoint_id": endpoint_id, "next_attempt_at": now}
        for notice_id, channel, endpoint_id in (*_mails(session, written), *_posts(session, written))
    ]  # fmt: skip
    if deliveries:
        session.execute(insert(Delivery), deliveries, execution_options=IN_ONE)
        defer_each(session, deliver, [{"delivery_id": str(delivery["id"])} for delivery in deliveries])


def _mails(session: Session, written: Sequence[Mapping[str, Any]]) -> Iterator[Way]:
    readers = {row["recipient_id"] for row in written if row["recipient_id"] is not None}
    if readers and mail.is_configured():
        reached = with_email(session, readers)
        yield from ((row["id"], EMAIL, None) for row in written if row["recipient_id"] in reached)


def _posts(session: Session, written: Sequence[Mapping[str, Any]]) -> Iterator[Way]:
    for_others = [row for row in written if row["recipient_id"] is None]
    if not for_others:
        return
    still_open = select(WebhookEndpoint).where(WebhookEndpoint.closed_at.is_(None))
    endpoints = session.scalars(still_open.order_by(WebhookEndpoint.id)).all()
    for row in for_others:
        around = regions_around(row["zone_code"])
        for endpoint in endpoints:
            is_near = endpoint.zone_code is None or endpoint.zone_code in around
            if is_near and (not endpoint.kinds or row["kind"] in endpoint.kinds):
                yield row["id"], WEBHOOK, endpoint.id
