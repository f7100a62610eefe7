"""Reading the audit: a page of events, each with who did it and what it changed."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.audit import AuditEvent
from backbone.auditing.permissions import require_auditor
from backbone.clock import SHANGHAI
from backbone.identity.service import names_of
from backbone.pages import Page, read_page

SORTS = {"occurred_at": AuditEvent.occurred_at}
FILTERS = ("subject_kind", "subject_id", "actor_id", "action")


def list_audit_events(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """The events that fit; raises Forbidden. Personal values are digests there, and stay so."""
    require_auditor(actor)
    query = select(AuditEvent)
    for name in FILTERS:
        if asked.get(name) is not None:
            query = query.where(getattr(AuditEvent, name) == asked[name])
    if asked.get("from_on") is not None:
        query = query.where(AuditEvent.occurred_at >= _begin(asked["from_on"]))
    if asked.get("to_on") is not None:
        query = query.where(AuditEvent.occurred_at < _begin(asked["to_on"] + timedelta(days=1)))
    page = read_page(session, query, asked, SORTS, AuditEvent.id)
    names = names_of(session, {event.actor_id for event in page.items if event.actor_id is not None})
    return Page([_view(event, names) for event in page.items], page.next_cursor)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def _view(event: AuditEvent, names: Mapping[UUID, str]) -> dict[str, Any]:
    told = {
        name: getattr(event, name)
        for name in ("id", "occurred_at", "actor_id", "token_id", "action", "subject_kind", "subject_id")
    }
    actor_name = names.get(event.actor_id) if event.actor_id is not None else None
    return told | {"actor_name": actor_name, "changes": _changes(event.before or {}, event.after or {})}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str | None]]:
    """Field by field, in the order in which they were written; values as JSON, None where the event says nothing of one."""
    return [
        {"field": field, "before": _spelled(before, field), "after": _spelled(after, field)}
        for field in dict.fromkeys((*before, *after))
    ]


def _spelled(values: Mapping[str, Any], field: str) -> str | None:
    return json.dumps(values[field], ensure_ascii=False) if field in values else None
