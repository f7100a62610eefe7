"""Lists of hand-overs: who had, has and gets which need, and until when they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.pages import Page, Sortable, read_page
from ground_net.routing.models import Handover
from ground_net.routing.permissions import readable
from ground_net.routing.service import is_standing
from ground_net.routing.states import LAPSED, OFFERED
from sky_net.needs.models import Need

SORTS: Mapping[str, Sortable] = {"due_at": Handover.due_at, "created_at": Handover.created_at}


@dataclass(frozen=True)
class Shown:
    """A hand-over with its need's number and owner; `state` is what it is now."""

    row: Handover
    need_number: str
    owner_id: UUID | None
    state: str


def shown(session: Session, handover: Handover, *, now: datetime) -> Shown:
    """One that was just written or read."""
    need = session.get_one(Need, handover.need_id)
    return Shown(handover, need.number, need.owner_id, state_at(handover, now))


def list_handovers(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Page[Shown]:
    """A page of those of which the actor may know."""
    query: Any = (
        select(Handover, Need.number, Need.owner_id)
        .join(Need, Need.id == Handover.need_id)
        .where(readable(actor))
    )
    for name, column in (
        ("from_id", Handover.from_id),
        ("to_id", Handover.to_id),
        ("need_id", Handover.need_id),
    ):
        if asked.get(name):
            query = query.where(column == asked[name])
    if asked.get("owner_id"):
        query = query.where(Need.owner_id == asked["owner_id"])
    if asked.get("due_before"):
        query = query.where(Handover.due_at < asked["due_before"])
    if asked.get("state"):
        query = query.where(or_(*(_in_state(state, now) for state in asked["state"])))

    def each(row: Handover, number: str, owner_id: UUID | None) -> Shown:
        return Shown(row, number, owner_id, state_at(row, now))

    return read_page(session, query, asked, SORTS, Handover.id, each)


def state_at(handover: Handover, now: datetime) -> str:
    """Its state; one that nobody answered in time has lapsed, whether or not it was written down."""
    return LAPSED if handover.state == OFFERED and not is_standing(handover, now) else handover.state


def _in_state(state: str, now: datetime) -> ColumnElement[bool]:
    if state == OFFERED:
        return and_(Handover.state == OFFERED, Handover.due_at > now)
    written = Handover.state == state
    return (
        or_(written, and_(Handover.state == OFFERED, Handover.due_at <= now)) if state == LAPSED else written
    )
