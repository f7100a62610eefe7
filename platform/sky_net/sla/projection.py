"""From the log to the rows that lists are read from: the same function after every event and for a rebuild.

A row says nothing that the log does not: dropping all of them and rebuilding gives the very same rows, ids included.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sky_net.sla.calendar import WorkCalendar, published_calendar, shanghai_date
from sky_net.sla.calendars.in_use import calendar_of
from sky_net.sla.event_log import EventKind, cancelled_from
from sky_net.sla.models import SlaClock, SlaEvent
from sky_net.sla.parties import stages_of
from sky_net.sla.phases import Outlook, outlook
from sky_net.sla.policy import ResponsePolicy, policy_named, policy_on
from sky_net.sla.refusals import spoken
from sky_net.sla.schedule import calls_of
from sky_net.sla.silence import heeds_silence_from, silence_after

ROWS_AT_ONCE = 1000
_MINUTE = timedelta(minutes=1)


def start_of(events: Iterable[SlaEvent]) -> SlaEvent | None:
    """The event that opened the subject's clocks."""
    return next((event for event in events if event.kind == EventKind.START), None)


def about_of(events: Iterable[SlaEvent]) -> UUID | None:
    """The subject that a party's own clock is about; None of a promise clock."""
    start = start_of(events)
    return _id((start.evidence or {}).get("about_id")) if start else None


def policy_of(events: Sequence[SlaEvent]) -> ResponsePolicy:
    """The policy that binds: the one in force on the day of the start, unless the log names another since."""
    changed = [event.evidence["policy"] for event in events
               if event.kind == EventKind.POLICY_CHANGED and event.evidence and "policy" in event.evidence]  # fmt: skip
    return policy_named(changed[-1]) if changed else policy_on(shanghai_date(events[0].occurred_at))


def project(
    events: Sequence[SlaEvent],
    calendar: WorkCalendar | None = None,
    stages: Collection[str] | None = None,
    *,
    cancelled_at: datetime | None = None,
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """The clocks of one subject as rows, in the order of its party's stages; only those of `stages` where given.

    `cancelled_at`: as they would be if all had been cancelled then and that was recorded `now`, which is given with it. Raises ClockRefused when the log contradicts itself, CalendarMissing or PolicyMissing when none covers it.
    """
    start = start_of(events)
    if start is None:
        return []
    with spoken():
        calendar = calendar or published_calendar()
        policy = policy_of(events)
        log = [event.pure for event in events]
        if cancelled_at is not None and now is not None:
            log = cancelled_from(log, cancelled_at, now)
        rows = []
        for name, stage in stages_of(policy, start.party).items():
            if stages is None or name in stages:
                ahead = outlook(log, stage, policy.pauses, calendar)
                if ahead is not None:
                    calls = calls_of(ahead, log, start.party, stage, policy)
                    rows.append(_row(start, name, policy.version, calendar, ahead) | {
                        "look_at": calls[0].at if calls else None,
                        "silent_from": silence_after(start.party, ahead.log, calendar),
                        "heeds_silence_from": heeds_silence_from(start.party, name, log, ahead.log),
                    })  # fmt: skip
    return rows


def _row(
    start: SlaEvent, stage: str, policy_version: str, calendar: WorkCalendar, ahead: Outlook
) -> dict[str, Any]:
    subject, log = start.evidence or {}, ahead.log
    first = min(log.stops, key=lambda stop: (stop.holds_from or stop.occurred_at, stop.seq), default=None)
    return {
        "id": uuid5(start.subject_id, f"{start.party}/{stage}"),
        "subject_id": start.subject_id,
        "subject_number": subject["number"],
        "zone_code": subject["zone_code"],
        "stage": stage,
        "party": start.party,
        "about_id": _id(subject.get("about_id")),
        "organisation_id": _id(subject.get("organisation_id")),
        "policy_version": policy_version,
        "calendar_version": calendar.version,
        "last_seq": ahead.last_seq,
        "recorded_at": ahead.known_at,
        "started_at": log.started_at,
        "due_at": ahead.due_at,
        "provisional": ahead.due_at is not None and calendar.is_provisional(ahead.due_at),
        "at_risk_at": ahead.at_risk_at,
        "budget_minutes": ahead.budget // _MINUTE,
        "paused_minutes": ahead.paused // _MINUTE,
        "paused_at": min(log.open.values(), default=None),
        "stopped_at": first and first.occurred_at,
        "stop_holds_from": first and (first.holds_from or first.occurred_at),
        "cancelled_at": log.cancelled_at,
        "phase_starts": list(ahead.starts),
        "phase_states": list(ahead.states),
    }


def _id(said: str | None) -> UUID | None:
    return None if said is None else UUID(said)


_NEW = insert(SlaClock)
_UPSERT = _NEW.on_conflict_do_update(
    index_elements=[SlaClock.id],
    set_={column.key: column for column in _NEW.excluded if column.key != "id"},
)


def store(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write projected rows, new or in the place of the older ones, in one statement; bare, every first submission asks."""
    if rows:
        session.connection().execute(_UPSERT, rows)


def rebuild(session: Session, calendar: WorkCalendar | None = None) -> int:
    """Make every row anew from the log, under another calendar where given; returns how many there are.

    For a calendar revision and after a fault. Whoever appends to a log locks or writes its clocks, so locking this
    table against all but readers keeps every log as it is until the transaction ends.
    """
    session.execute(text("LOCK TABLE sla_clocks IN EXCLUSIVE MODE"))
    session.execute(delete(SlaClock))
    query = select(SlaEvent).order_by(SlaEvent.subject_id, SlaEvent.seq)
    log = session.scalars(query, execution_options={"yield_per": ROWS_AT_ONCE})
    count, ready = 0, []
    for _, events in groupby(log, key=attrgetter("subject_id")):
        of_one = list(events)
        ready += project(of_one, calendar or calendar_of(session, of_one))
        if len(ready) >= ROWS_AT_ONCE:
            count += _flush(session, ready)
            ready = []
    return count + _flush(session, ready)


def refresh(session: Session) -> int:
    """Rebuild if any row was written by a release that wrote less; returns how many rows were made.

    A worker asks for it when it starts and every day.
    """
    if session.scalar(select(SlaClock.id).where(SlaClock.paused_minutes.is_(None)).limit(1)) is None:
        return 0
    return rebuild(session)


def _flush(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    store(session, rows)
    return len(rows)


__all__ = ["about_of", "policy_of", "project", "rebuild", "refresh", "start_of", "store"]
