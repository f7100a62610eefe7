"""Everything the platform holds about a person, for the person: where it stands, in clear, and since when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.audit import AuditEvent
from backbone.people.finding import Asked, Mention, find, holders, texts_naming
from backbone.people.models import VALUES


def export(session: Session, asked: Asked, *, now: datetime) -> dict[str, Any]:
    """The person's data as JSON values; raises NobodyFound, SharedByNames."""
    mentions = find(session, asked)
    return {
        "made_at": now.isoformat(),
        "asked_by": asked.by,
        "records": [_record(session, mention) for mention in mentions],
        "named_in_texts": _texts(session, mentions),
        "acts": _acts(session, mentions),
    }


def counts(exported: Mapping[str, Any]) -> dict[str, int]:
    """How many places of each kind: table and part, or table and text."""
    places = [f"{record['record']}.{record['part']}" for record in exported["records"]]
    places += [f"{text['record']}.{text['field']}" for text in exported["named_in_texts"]]
    places += ["audit_events" for act in exported["acts"] for _ in range(act["times"])]
    return {place: places.count(place) for place in sorted(set(places))}


def _record(session: Session, mention: Mention) -> dict[str, Any]:
    """One row of the person with the record it belongs to."""
    person = mention.person
    kind = holders()[person.holder]
    record = session.get(kind, person.holder_id)
    return {
        "id": str(person.id),
        "found_by": mention.how,
        "record": person.holder,
        "record_id": str(person.holder_id),
        "record_number": getattr(record, "number", None),
        "part": person.part,
        "values": {name: getattr(person, name) for name in VALUES if getattr(person, name) is not None},
        "erased_at": _said(person.erased_at),
        "since": _said(getattr(record, "created_at", None)),
        "changed_at": _said(getattr(record, "updated_at", None)),
        "besides": kind.held_besides(session, person.holder_id),
    }


def _texts(session: Session, mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    """Texts that hold the name, in records of the same organisations."""
    living = [mention.person for mention in mentions if mention.person.erased_at is None]
    return [
        {
            "record": record.__tablename__, "record_id": str(record.id),
            "record_number": getattr(record, "number", None), "field": record.free_text,
            "value": record.words_naming(name), "since": _said(getattr(record, "created_at", None)),
        }
        for record, name in texts_naming(session, living)
    ]  # fmt: skip


def _acts(session: Session, mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    """What the person's accounts did, by action: the audit names them by id alone."""
    accounts = {mention.person.holder_id for mention in mentions if mention.person.holder == "accounts"}
    times, first, last = func.count(), func.min(AuditEvent.occurred_at), func.max(AuditEvent.occurred_at)
    done = select(AuditEvent.action, times, first, last).where(AuditEvent.actor_id.in_(accounts))
    grouped = done.group_by(AuditEvent.action).order_by(AuditEvent.action)
    return [
        {"action": action, "times": many, "first_at": _said(begun), "last_at": _said(ended)}
        for action, many, begun, ended in session.execute(grouped)
    ]


def _said(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
