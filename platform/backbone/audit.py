"""Who did what to what: one event per write, recorded by the service in the writer's own transaction.

Events hold no personal data in clear: fields named in `personal` are replaced by a keyed digest, so that two
events can still be compared and nothing needs erasing. The table refuses UPDATE, DELETE and TRUNCATE by trigger, and
its rows are sealed in a chain (`backbone.chain`), so that whoever gets round the trigger is found.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from backbone.actor import Actor
from backbone.chain.models import Chained, chain_over
from backbone.db import Base
from backbone.digests import configure_digests, digest


class AuditEvent(Chained, Base):
    """One write: its actor, its subject, and the fields it changed, before and after."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "subject_kind", "subject_id", "id"),
        Index(None, "occurred_at", "id"),
        Index(None, "actor_id", "occurred_at", "id"),
        Index(None, "written_xid", "id"),
    )

    occurred_at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    token_id: Mapped[UUID | None]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


CHAIN = chain_over("audit", AuditEvent)


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Any,
    *,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Collection[str] = (),
) -> AuditEvent:
    """Add the event of one write to `session`; `subject` is the row written (its id and table are kept)."""
    event = event_of(actor, action, subject, now=now, before=before, after=after, personal=personal)
    session.add(event)
    return event


def event_of(
    actor: Actor,
    action: str,
    subject: Any,
    *,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Collection[str] = (),
) -> AuditEvent:
    """The event, stamped and in no session: for a writer that inserts it together with the row, or not at all."""
    event = AuditEvent(
        occurred_at=now,
        actor_id=actor.account_id,
        token_id=actor.token_id,
        action=action,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        before=None if before is None else _plain(before, personal),
        after=None if after is None else _plain(after, personal),
    )
    event.stamp()
    return event


def changes(row: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of the columns that `values` would really change on `row`."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    return {name: getattr(row, name) for name in changed}, changed


def _plain(values: Mapping[str, Any], personal: Collection[str]) -> dict[str, Any]:
    return {
        str(name): digest(value) if name in personal and value is not None else _json(value)
        for name, value in values.items()
    }


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_json(entry) for entry in value]
    if isinstance(value, Mapping):
        return {str(name): _json(entry) for name, entry in value.items()}
    return value


__all__ = ["AuditEvent", "changes", "configure_digests", "digest", "event_of", "record"]
