"""What to do next, and by when: the open clocks that are at risk or overdue, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Select, func, literal, or_
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.pages import Page, read_page
from sky_net.monitoring import models
from sky_net.monitoring.actions import NextAction, next_action
from sky_net.monitoring.dimensions import Part, parts_of
from sky_net.monitoring.states import MISSED
from sky_net.needs.models import Need
from sky_net.sla.attribution import MINUTE
from sky_net.sla.clocks import ClockReading
from sky_net.sla.parties import PLATFORM
from sky_net.sla.permissions import watched_zones
from sky_net.sla.phases import AT_RISK
from sky_net.sla.reporting import Clocks, clocks_of
from sky_net.sla.service import readings

_NEVER = literal(datetime.fromisoformat("2200-12-31T00:00:00+00:00"), DateTime(timezone=True))


@dataclass(frozen=True)
class AtRisk:
    """One clock that wants something done. `left_minutes` is working time and negative when overdue."""

    need_id: UUID
    need_number: str
    zone_code: str
    industry: str | None
    need_state: str
    stage: str
    reading: ClockReading
    left_minutes: int
    owner: Part
    action: NextAction


def list_at_risk(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Page[AtRisk]:
    """A page of the clocks of the actor's zones that are at risk or overdue and that nobody has answered; raises Forbidden.

    Sorted by deadline, which is the order of the working time left.
    """
    zones = watched_zones(actor)
    clocks = clocks_of(session, PLATFORM, None, now)
    query = open_clocks(models.facts(clocks, zones, asked, None), clocks).where(
        clocks.state.in_((AT_RISK, MISSED))
    )
    if asked.get("owner_id"):
        query = query.where(Need.owner_id == asked["owner_id"])
    query = query.add_columns(*_NEED, clocks.c.stage)
    page = read_page(
        session, query, asked, {"due_at": func.coalesce(clocks.c.due_at, _NEVER)}, clocks.c.id, _Found
    )
    return Page(_entries(session, page.items, now), page.next_cursor)


def open_clocks(query: Select[Any], clocks: Clocks) -> Select[Any]:
    """Those of the query that neither an answer nor a cancellation has ended: a small part, by an index of its own."""
    held = clocks.c.stop_holds_from
    return query.where(clocks.c.cancelled_at.is_(None), or_(held.is_(None), held > clocks.as_of))


@dataclass(frozen=True)
class _Found:
    need_id: UUID
    number: str
    zone_code: str
    industry: str | None
    state: str
    owner_id: UUID | None
    stage: str


_NEED = (Need.id, Need.number, Need.zone_code, Need.industry, Need.state, Need.owner_id)


def _entries(session: Session, found: Sequence[_Found], now: datetime) -> list[AtRisk]:
    read = readings(session, {each.need_id for each in found}, now=now)
    owners = parts_of(session, ["operator"], {(each.owner_id,) for each in found})
    entries = []
    for each in found:
        reading = next(reading for reading in read[each.need_id] if reading.stage == each.stage)
        action = next_action(each.state, each.stage, awaits_agreement=reading.awaiting_until is not None)
        entries.append(
            AtRisk(each.need_id, each.number, each.zone_code, each.industry, each.state, each.stage, reading,
                   minutes_left(reading), owners[(each.owner_id,)][0], action)
        )  # fmt: skip
    return entries


def minutes_left(reading: ClockReading) -> int:
    """Working minutes to the deadline, begun ones not counted; negative by those since."""
    return -(reading.over // MINUTE) if reading.over else reading.remaining // MINUTE
