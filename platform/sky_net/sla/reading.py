"""Reading clocks: every verdict is derived at the instant of reading, whether or not any job has run.

Lists are filtered by the projected phases in SQL; what is shown of each clock comes from replaying its log. Both say
the same at every instant from the last event on, which a test compares.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.regions import regions_of
from backbone.pages import Page, read_page
from sky_net.sla.calendars.in_use import calendar_of
from sky_net.sla.clocks import ClockReading, read_clock
from sky_net.sla.corrections import effective
from sky_net.sla.event_log import EventKind, cancelled_from
from sky_net.sla.models import ClockReason, SlaClock, SlaEvent
from sky_net.sla.parties import PLATFORM, stages_of
from sky_net.sla.permissions import watched_zones
from sky_net.sla.projection import about_of, policy_of, start_of
from sky_net.sla.refusals import spoken
from sky_net.sla.silenced import ended_rows, silent_subjects


@dataclass(frozen=True)
class Watched:
    """One clock of a list: whose it is, whom it binds, and what it shows."""

    id: UUID
    subject_id: UUID
    subject_number: str
    zone_code: str
    party: str
    organisation_id: UUID | None
    policy_version: str
    reading: ClockReading


def readings(
    session: Session, subject_ids: Collection[UUID], *, now: datetime
) -> dict[UUID, list[ClockReading]]:
    """The clocks of these subjects in the order of their party's stages, by two queries; none for one never opened.

    Those of a subject that its enterprise is silent about are cancelled since then, although no job may have written that yet.
    """
    logs: dict[UUID, list[SlaEvent]] = defaultdict(list)
    query = select(SlaEvent).where(SlaEvent.subject_id.in_(subject_ids)).order_by(SlaEvent.seq)
    for event in session.scalars(query):
        logs[event.subject_id].append(event)
    about = {subject_id: about_of(logs[subject_id]) or subject_id for subject_id in subject_ids}
    silent = silent_subjects(session, now, set(about.values()))
    return {
        subject_id: _read(session, logs[subject_id], silent.get(about[subject_id]), now)
        for subject_id in subject_ids
    }


def _read(
    session: Session, events: list[SlaEvent], cancelled_at: datetime | None, now: datetime
) -> list[ClockReading]:
    start = start_of(events)
    if start is None:
        return []
    with spoken():
        log, policy, calendar = (
            [event.pure for event in events],
            policy_of(events),
            calendar_of(session, events),
        )
        if cancelled_at is not None:
            log = cancelled_from(log, max(cancelled_at, start.occurred_at), now)
        stages = stages_of(policy, start.party).values()
        return [read_clock(log, stage, policy.pauses, calendar, now) for stage in stages]


def events_of(session: Session, subject_id: UUID) -> list[dict[str, Any]]:
    """The log of one subject as people read it: every event with what was written about it, none left out."""
    query = select(SlaEvent, ClockReason.words).outerjoin(ClockReason, ClockReason.event_id == SlaEvent.id)
    found = session.execute(query.where(SlaEvent.subject_id == subject_id).order_by(SlaEvent.seq)).all()
    standing = {event.seq for event in effective(row.pure for row, _ in found)}
    return [
        {
            "id": row.id, "seq": row.seq, "kind": row.kind, "stage": row.stage, "occurred_at": row.occurred_at,
            "recorded_at": row.recorded_at, "holds_from": row.holds_from, "actor_id": row.actor_id,
            "reason": row.reason, "words": words, "corrects": row.pure.corrects, "moved_to": row.pure.moved_to,
            "stands": row.seq in standing or row.kind == EventKind.CORRECTION,
            "calendar": (row.evidence or {}).get("calendar"), "policy": (row.evidence or {}).get("policy"),
            "kept": list(row.pure.kept), "moves": _moves(row.evidence or {}),
        }
        for row, words in found
    ]  # fmt: skip


def _moves(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a revision did to each stage, as its event keeps it; nothing of any other event."""
    before, after = said.get("before", {}), said.get("after", {})
    return [
        {
            "stage": stage, "due_before": _instant(before[stage]["due_at"]), "due_after": _instant(after[stage]["due_at"]),
            "state_before": before[stage]["state"],
        }
        for stage in before if stage in after
    ]  # fmt: skip


def _instant(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)


def clocks_about(session: Session, subject_id: UUID, *, now: datetime) -> list[Watched]:
    """The parties' own clocks about this subject, the oldest first: who owed an answer, and from when to when."""
    query = select(SlaClock).where(SlaClock.about_id == subject_id).order_by(SlaClock.started_at, SlaClock.id)
    return _watched_rows(session, session.scalars(query).all(), now)


def state_at(now: datetime) -> ColumnElement[str]:
    """The state that a row of `sla_clocks` shows at `now`, as one of `phases.SHOWN_STATES`, if its enterprise is not silent.

    Before the row's first phase (a reader whose clock is behind the writer's) the first one is shown.
    """
    begun = func.width_bucket(literal(now, DateTime(timezone=True)), SlaClock.phase_starts)
    state: ColumnElement[str] = SlaClock.phase_states[func.greatest(begun, 1)]
    return state


def _shows(session: Session, states: Collection[str], now: datetime) -> ColumnElement[bool]:
    """Whether a row shows one of the states at `now`; the few of a silent enterprise that nobody has set aside yet are replayed."""
    shows = state_at(now).in_(states)
    ended = ended_rows(session, silent_subjects(session, now), now)
    if not ended:
        return shows
    wanted = [row["id"] for row in ended if row["phase_states"][-1] in states]
    return or_(and_(shows, SlaClock.id.not_in([row["id"] for row in ended])), SlaClock.id.in_(wanted))


def list_clocks(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Page[Watched]:
    """A page of the clocks of the actor's zones, filtered by party, state, stage and zone; raises Forbidden."""
    rows = read_page(session, _watched(session, actor, asked, now), asked, _SORTS, SlaClock.id.expression)
    return Page(_watched_rows(session, rows.items, now), rows.next_cursor)


def _watched(session: Session, actor: Actor, asked: Mapping[str, Any], now: datetime) -> Select[Any]:
    query = select(SlaClock).where(SlaClock.party.in_(asked.get("party") or (PLATFORM,)))
    zones = watched_zones(actor)
    if zones is not None:
        query = query.where(SlaClock.zone_code.in_(zones))
    if asked.get("zone"):
        query = query.where(SlaClock.zone_code.in_(regions_of(asked["zone"])))
    if asked.get("stage"):
        query = query.where(SlaClock.stage.in_(asked["stage"]))
    if asked.get("state"):
        query = query.where(_shows(session, asked["state"], now))
    return query


# A clock whose deadline lies past the calendar sorts behind every known one.
_UNKNOWN_DEADLINE = literal(datetime.fromisoformat("2200-12-31T00:00:00+00:00"), DateTime(timezone=True))
_SORTS: Mapping[str, ColumnElement[Any]] = {
    "due_at": func.coalesce(SlaClock.due_at, _UNKNOWN_DEADLINE),
    "started_at": SlaClock.started_at.expression,
}


def _watched_rows(session: Session, rows: Sequence[SlaClock], now: datetime) -> list[Watched]:
    read = readings(session, {row.subject_id for row in rows}, now=now)
    return [_entry(row, read[row.subject_id]) for row in rows]


def _entry(row: SlaClock, read: list[ClockReading]) -> Watched:
    reading = next(reading for reading in read if reading.stage == row.stage)
    return Watched(
        row.id, row.subject_id, row.subject_number, row.zone_code, row.party, row.organisation_id,
        row.policy_version, reading,
    )  # fmt: skip
