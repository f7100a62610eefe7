"""Which clocks somebody is to be called about, claimed by one worker at a time, and the record that the call was made.

A worker claims clocks by their row lock, which whoever appends to their log takes as well: between the look and the end of
its transaction no clock is answered, paused or reopened. What is due is read from the log then and there, so that a worker
may come arbitrarily late, die anywhere and come again; the unique key of `clock_calls` lets each call be made once.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone.db import IN_ONE, new_id
from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.calendars.in_use import calendar_of
from sky_net.sla.clocks import ClockReading, ClockState, read_replay
from sky_net.sla.errors import ClockRefusal
from sky_net.sla.event_log import replay
from sky_net.sla.models import ClockCall, SlaClock, SlaEvent
from sky_net.sla.parties import stages_of
from sky_net.sla.phases import expectation
from sky_net.sla.projection import policy_of, start_of
from sky_net.sla.schedule import Call, calls_due, calls_of, is_open, next_look, opens_after

log = logging.getLogger(__name__)
CLAIMED_AT_ONCE = 200
UNREADABLE_AGAIN_IN = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """A clock that the worker holds, what it shows, and the calls that stand for it, made already or not."""

    clock_id: UUID
    subject_id: UUID
    subject_number: str
    zone_code: str
    party: str
    about_id: UUID | None
    organisation_id: UUID | None
    reading: ClockReading
    calls: Sequence[Call]


def claim(session: Session, *, now: datetime, at_most: int = CLAIMED_AT_ONCE) -> list[Standing]:
    """The clocks whose time to look has come and that no other worker holds, each set to its next look.

    A clock that cannot be read is logged and put off by a day: it stands in nobody's way.
    """
    ready = select(SlaClock).where(SlaClock.look_at <= now).order_by(SlaClock.look_at, SlaClock.id)
    clocks = session.scalars(ready.limit(at_most).with_for_update(skip_locked=True)).all()
    logs: dict[UUID, list[SlaEvent]] = defaultdict(list)
    events = select(SlaEvent).where(SlaEvent.subject_id.in_({clock.subject_id for clock in clocks}))
    for event in session.scalars(events.order_by(SlaEvent.seq)):
        logs[event.subject_id].append(event)
    standing = []
    for clock in clocks:
        try:
            standing.append(_look(session, clock, logs[clock.subject_id], now))
        except ClockRefusal:
            log.exception("the clock %s cannot be read", clock.id)
            clock.look_at = now + UNREADABLE_AGAIN_IN
    session.flush()
    return standing


def standing_of(session: Session, subject_ids: Collection[UUID]) -> list[Standing]:
    """The clocks of these subjects, without reading them and without any call, whoever holds them."""
    found = select(SlaClock).where(SlaClock.subject_id.in_(subject_ids)).order_by(SlaClock.id)
    return [
        _standing(clock, ClockReading(clock.stage, ClockState.PENDING), ())
        for clock in session.scalars(found)
    ]


def make_calls(
    session: Session, claimed: Sequence[Standing], *, now: datetime
) -> list[tuple[UUID, Standing, Call]]:
    """Note that the calls which stand are being made, in one statement; those that were made before are left out."""
    standing = [(new_id(), one, call) for one in claimed for call in one.calls]
    if not standing:
        return []
    key = [ClockCall.clock_id, ClockCall.kind, ClockCall.cycle, ClockCall.level]
    new = insert(ClockCall).on_conflict_do_nothing(index_elements=key).returning(ClockCall.id)
    made = set(session.scalars(new, [
        {"id": call_id, "clock_id": one.clock_id, "subject_id": one.subject_id, "kind": call.kind, "level": call.level,
         "cycle": call.cycle, "stood_from": call.at, "due_at": one.reading.due_at, "called_at": now}
        for call_id, one, call in standing
    ], execution_options=IN_ONE))  # fmt: skip
    return [entry for entry in standing if entry[0] in made]


def calls_about(session: Session, subject_id: UUID) -> list[dict[str, Any]]:
    """Every call made about the subject's promise clocks and the parties' own, the oldest first."""
    columns = (ClockCall.id, SlaClock.stage, ClockCall.kind, ClockCall.level, ClockCall.cycle, ClockCall.due_at,
               ClockCall.called_at)  # fmt: skip
    concerned = or_(SlaClock.subject_id == subject_id, SlaClock.about_id == subject_id)
    made = select(*columns).join(SlaClock, SlaClock.id == ClockCall.clock_id).where(concerned)
    return [dict(row._mapping) for row in session.execute(made.order_by(ClockCall.called_at, ClockCall.id))]


def _look(session: Session, clock: SlaClock, events: list[SlaEvent], now: datetime) -> Standing:
    start, calendar = start_of(events), calendar_of(session, events)
    if start is None:
        raise AssertionError("unreachable: a clock is projected from its log")
    policy, own = policy_of(events), [event.pure for event in events]
    stage = stages_of(policy, start.party)[clock.stage]
    # On a host whose clock was set back, what is on record already is not forgotten again.
    as_of = max(now, *(event.recorded_at for event in own))
    replayed = replay(own, stage.name, as_of)
    reading = read_replay(replayed, stage, policy.pauses, calendar, as_of)
    ahead = expectation(replayed, stage, policy.pauses, calendar)
    calls = () if ahead is None else calls_of(ahead, own, start.party, stage, policy)
    return _stand(clock, reading, calls, calendar, now)


def _stand(
    clock: SlaClock, reading: ClockReading, calls: Sequence[Call], calendar: WorkCalendar, now: datetime
) -> Standing:
    in_hours = is_open(calendar, now)
    due = calls_due(calls, reading, in_hours=in_hours, now=now)
    clock.look_at = next_look(calls, now)
    if len(due) < len(calls_due(calls, reading, in_hours=True, now=now)):
        held = opens_after(calendar, now)
        clock.look_at = held if clock.look_at is None else min(held, clock.look_at)
    return _standing(clock, reading, due)


def _standing(clock: SlaClock, reading: ClockReading, calls: Sequence[Call]) -> Standing:
    return Standing(
        clock.id, clock.subject_id, clock.subject_number, clock.zone_code, clock.party, clock.about_id,
        clock.organisation_id, reading, calls,
    )  # fmt: skip
