"""Reading open clocks anew under another calendar or policy, with what was before and what is after.

Each subject with an open clock gets one event that names the calendar or policy from then on, the deadlines that moved,
and the stages that were breached or answered in time at that moment: those stay so, although the deadline of each is
shown under the new one. A subject with nothing open keeps what it was read under.
"""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from backbone import events
from backbone.actor import Actor
from sky_net.sla import projection
from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.calendars.in_use import calendar_for, calendar_of
from sky_net.sla.clocks import ClockState
from sky_net.sla.event_log import EventKind
from sky_net.sla.log import Log, note_revision
from sky_net.sla.models import SlaClock, SlaEvent
from sky_net.sla.policy import policy_named
from sky_net.sla.silenced import silent_subjects

SUBJECTS_AT_ONCE = 500
OVERDUE = (ClockState.BREACHED.value, ClockState.WAIVED.value)
SETTLED = (ClockState.MET.value, ClockState.NO_SOLUTION.value)


@dataclass(frozen=True)
class Move:
    """A clock whose deadline, verdict or finality is another after a revision."""

    subject_id: UUID
    subject_number: str
    stage: str
    due_before: datetime | None
    due_after: datetime | None
    state_before: str
    state_after: str
    provisional_before: bool
    provisional_after: bool
    kept_breached: bool


@dataclass(frozen=True)
class ClocksRevised:
    """Deadlines moved; published after the write, in the same transaction."""

    moves: Sequence[Move]
    actor: Actor
    now: datetime


def manifest_of(moves: Sequence[Move]) -> str:
    """SHA-256 of every move in order: what one audit event says of all of them."""
    lines = (f"{move.subject_id} {move.stage} {move.due_after} {move.state_after}" for move in moves)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def revise_calendars(
    session: Session, actor: Actor, zones: Collection[str] | None, *, now: datetime
) -> list[Move]:
    """Read every open clock of these zones (None: all) under the calendar that its zone has now.

    Returns what moved; a subject whose calendar is the same as before is left alone.
    """

    def revision(log: Log, rows: Sequence[SlaClock]) -> tuple[EventKind, dict[str, Any], WorkCalendar] | None:
        calendar = calendar_for(session, rows[0].zone_code)
        if all(row.calendar_version == calendar.version for row in rows):
            return None
        return EventKind.CALENDAR_REVISED, {"calendar": calendar.version}, calendar

    stale = _stale_zones(session, zones, now)
    return _revise(session, actor, stale, revision, now) if stale else []


def revise_policy(
    session: Session, actor: Actor, version: str, zones: Collection[str] | None, *, now: datetime
) -> list[Move]:
    """Read every open clock of these zones under another shipped version of the policy.

    Raises PolicyUnknown for a version that was never shipped.
    """
    policy_named(version)

    def revision(log: Log, rows: Sequence[SlaClock]) -> tuple[EventKind, dict[str, Any], WorkCalendar] | None:
        if all(row.policy_version == version for row in rows):
            return None
        return EventKind.POLICY_CHANGED, {"policy": version}, calendar_of(session, log.events)

    return _revise(session, actor, zones, revision, now)


def _revise(session: Session, actor: Actor, zones: Any, revision: Any, now: datetime) -> list[Move]:
    moves: list[Move] = []
    silent = silent_subjects(session, now)
    for subject_ids in _open_subjects(session, zones, now):
        for log, rows in _locked(session, subject_ids):
            if (rows[0].about_id or log.subject_id) in silent:
                continue  # ended by that, whether or not a job has written it
            wanted = revision(log, rows)
            if wanted is not None:
                moves += _note(session, actor, log, rows, wanted, now)
        session.flush()
    if moves:
        events.publish(session, ClocksRevised(moves, actor, now))
    return moves


def _note(
    session: Session, actor: Actor, log: Log, rows: Sequence[SlaClock], wanted: Any, now: datetime
) -> list[Move]:
    kind, named, calendar = wanted
    at = log.time_of_revision(now)
    before = {
        row.stage: (row.due_at, _state(row.phase_starts, row.phase_states, at), row.provisional)
        for row in rows
    }
    kept = [stage for stage, (_, state, _) in before.items() if state in OVERDUE]
    settled = [stage for stage, (_, state, _) in before.items() if state in SETTLED]
    said = named | {
        "kept": kept,
        "settled": settled,
        "before": {stage: _said(told) for stage, told in before.items()},
    }
    projected = note_revision(session, actor, log, kind, said, calendar, now=now)
    moves = []
    for row in projected:
        due, state, provisional = before[row["stage"]]
        state_after = _state(row["phase_starts"], row["phase_states"], at)
        if (due, state, provisional) != (row["due_at"], state_after, row["provisional"]):
            moves.append(Move(
                log.subject_id, row["subject_number"], row["stage"], due, row["due_at"], state, state_after,
                provisional, row["provisional"], row["stage"] in kept,
            ))  # fmt: skip
    return moves


def _stale_zones(session: Session, zones: Collection[str] | None, now: datetime) -> list[str]:
    """Those of the zones with an open clock that was read under another calendar than theirs now."""
    read_under = select(SlaClock.zone_code, SlaClock.calendar_version).where(*_open(zones, now)).distinct()
    return sorted({
        zone_code for zone_code, version in session.execute(read_under)
        if calendar_for(session, zone_code).version != version
    })  # fmt: skip


def _open(zones: Collection[str] | None, now: datetime) -> list[ColumnElement[bool]]:
    running = or_(SlaClock.stop_holds_from.is_(None), SlaClock.stop_holds_from > now)
    within = [] if zones is None else [SlaClock.zone_code.in_(zones)]
    return [SlaClock.cancelled_at.is_(None), running, *within]


def _open_subjects(
    session: Session, zones: Collection[str] | None, now: datetime
) -> Iterator[Sequence[UUID]]:
    last: UUID | None = None
    query = select(SlaClock.subject_id).where(*_open(zones, now)).distinct()
    while True:
        further = query if last is None else query.where(SlaClock.subject_id > last)
        found = session.scalars(further.order_by(SlaClock.subject_id).limit(SUBJECTS_AT_ONCE)).all()
        if not found:
            return
        yield found
        last = found[-1]


def _locked(session: Session, subject_ids: Sequence[UUID]) -> Iterator[tuple[Log, list[SlaClock]]]:
    clocks: dict[UUID, list[SlaClock]] = defaultdict(list)
    locking = (
        select(SlaClock)
        .where(SlaClock.subject_id.in_(subject_ids))
        .order_by(SlaClock.subject_id, SlaClock.id)
    )
    for row in session.scalars(locking.with_for_update(), execution_options={"populate_existing": True}):
        clocks[row.subject_id].append(row)
    logs: dict[UUID, list[SlaEvent]] = defaultdict(list)
    for event in session.scalars(
        select(SlaEvent).where(SlaEvent.subject_id.in_(subject_ids)).order_by(SlaEvent.seq)
    ):
        logs[event.subject_id].append(event)
    for subject_id, rows in clocks.items():
        start = projection.start_of(logs[subject_id])
        if start is not None:
            yield Log(subject_id, start, logs[subject_id]), rows


def _state(starts: Sequence[datetime], states: Sequence[str], now: datetime) -> str:
    return states[max(0, bisect_right(starts, now) - 1)]


def _said(told: tuple[datetime | None, str, bool]) -> dict[str, Any]:
    due_at, state, provisional = told
    return {"due_at": due_at and due_at.isoformat(), "state": state, "provisional": provisional}
