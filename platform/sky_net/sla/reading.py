"""Reading clocks: every verdict is derived at the instant of reading, whether or not any job has run.

Lists are filtered by the projected phases in SQL; what is shown of each clock comes from replaying its log. Both say
the same at every instant from the last event on, which a test compares.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, func, literal, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.regions import regions_of
from backbone.pages import Page, read_page
from sky_net.sla.calendar import published_calendar
from sky_net.sla.clocks import ClockReading, read_clocks
from sky_net.sla.models import PLATFORM, SlaClock, SlaEvent
from sky_net.sla.permissions import watched_zones
from sky_net.sla.projection import policy_of, start_of
from sky_net.sla.refusals import spoken


@dataclass(frozen=True)
class Watched:
    """One clock of a list: whose it is, and what it shows."""

    id: UUID
    subject_id: UUID
    subject_number: str
    zone_code: str
    party: str
    policy_version: str
    reading: ClockReading


def readings(
    session: Session, subject_ids: Collection[UUID], *, now: datetime
) -> dict[UUID, list[ClockReading]]:
    """The promise clocks of these subjects in the policy's order, by one query; none for one never submitted."""
    logs: dict[UUID, list[SlaEvent]] = defaultdict(list)
    query = select(SlaEvent).where(SlaEvent.subject_id.in_(subject_ids)).order_by(SlaEvent.seq)
    for event in session.scalars(query):
        logs[event.subject_id].append(event)
    return {subject_id: _read(logs[subject_id], now) for subject_id in subject_ids}


def _read(events: list[SlaEvent], now: datetime) -> list[ClockReading]:
    start = start_of(events)
    if start is None:
        return []
    with spoken():
        own = [event.pure for event in events if event.party == PLATFORM]
        return list(read_clocks(own, policy_of(start), published_calendar(), now).values())


def state_at(now: datetime) -> ColumnElement[str]:
    """The state that a row of `sla_clocks` shows at `now`, as one of `phases.SHOWN_STATES`.

    Before the row's first phase (a reader whose clock is behind the writer's) the first one is shown.
    """
    begun = func.width_bucket(literal(now, DateTime(timezone=True)), SlaClock.phase_starts)
    state: ColumnElement[str] = SlaClock.phase_states[func.greatest(begun, 1)]
    return state


def list_clocks(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Page[Watched]:
    """A page of the clocks of the actor's zones, filtered by state, stage and zone; raises Forbidden."""
    rows = read_page(session, _watched(actor, asked, now), asked, _SORTS, SlaClock.id.expression)
    read = readings(session, {row.subject_id for row in rows.items}, now=now)
    return Page([_entry(row, read[row.subject_id]) for row in rows.items], rows.next_cursor)


def _watched(actor: Actor, asked: Mapping[str, Any], now: datetime) -> Select[Any]:
    query = select(SlaClock)
    zones = watched_zones(actor)
    if zones is not None:
        query = query.where(SlaClock.zone_code.in_(zones))
    if asked.get("zone"):
        query = query.where(SlaClock.zone_code.in_(regions_of(asked["zone"])))
    if asked.get("stage"):
        query = query.where(SlaClock.stage.in_(asked["stage"]))
    if asked.get("state"):
        query = query.where(state_at(now).in_(asked["state"]))
    return query


# A clock whose deadline lies past the calendar sorts behind every known one.
_UNKNOWN_DEADLINE = literal(datetime.fromisoformat("2200-12-31T00:00:00+00:00"), DateTime(timezone=True))
_SORTS: Mapping[str, ColumnElement[Any]] = {
    "due_at": func.coalesce(SlaClock.due_at, _UNKNOWN_DEADLINE),
    "started_at": SlaClock.started_at.expression,
}


def _entry(row: SlaClock, read: list[ClockReading]) -> Watched:
    reading = next(reading for reading in read if reading.stage == row.stage)
    return Watched(
        row.id, row.subject_id, row.subject_number, row.zone_code, row.party, row.policy_version, reading
    )
