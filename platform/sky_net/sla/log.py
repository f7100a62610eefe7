"""Appending to the log of one subject: locked, checked by replay, audited, and projected at once.

Which events may be appended is decided above: `service` for what callers do to all clocks, `stops` for the stop table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from sky_net.sla import projection
from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.calendars.in_use import calendar_for, calendar_of
from sky_net.sla.corrections import effective
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.models import ClockReason, SlaClock, SlaEvent
from sky_net.sla.parties import PLATFORM
from sky_net.sla.refusals import ClocksNotOpen

# Two machines' clocks differ by moments while the lock says which of them came first. More than that is a clock that
# was set wrong, and is refused where it contradicts the log.
SKEW = timedelta(seconds=30)


@dataclass(frozen=True)
class Subject:
    """Whose clocks they are: an id, the number that people know it by, and the region whose operators answer.

    `party` is whom they bind. Those of another party than the platform name the subject they are about and the
    organisation that owes the answer.
    """

    id: UUID
    number: str
    zone_code: str
    party: str = PLATFORM
    about_id: UUID | None = None
    organisation_id: UUID | None = None

    @property
    def said(self) -> dict[str, str]:
        """What the start of its log keeps of it."""
        known = {"number": self.number, "zone_code": self.zone_code,
                 "about_id": self.about_id, "organisation_id": self.organisation_id}  # fmt: skip
        return {name: str(value) for name, value in known.items() if value is not None}


@dataclass(frozen=True)
class Entry:
    """One event to append, as its writer knows it; `occurred_at` None means now."""

    kind: EventKind
    stage: str | None = None
    reason: str | None = None
    occurred_at: datetime | None = None
    holds_from: datetime | None = None
    evidence: dict[str, Any] | None = None


@dataclass
class Log:
    """The events of one subject, in order, locked until the transaction ends."""

    subject_id: UUID
    start: SlaEvent
    events: list[SlaEvent]

    @property
    def pure(self) -> list[Event]:
        """The events as the clocks are computed from them."""
        return [event.pure for event in self.events]

    @property
    def standing(self) -> list[SlaEvent]:
        """The events that no correction struck, as they were recorded."""
        left = {event.seq for event in effective(self.pure)}
        return [event for event in self.events if event.seq in left]

    def time(self, now: datetime) -> datetime:
        """`now`, not before the last event by mere differences between machines."""
        last = self.events[-1].recorded_at
        return last if timedelta(0) < last - now <= SKEW else now

    def time_of_revision(self, now: datetime) -> datetime:
        """`now`, not before the last event at all: a machine whose clock was once ahead must not keep a calendar from the rest."""
        return max(now, self.events[-1].recorded_at)


def open_log(
    session: Session, actor: Actor, subject: Subject, *, since: datetime | None = None, inherits: UUID | None = None,
    now: datetime,
) -> bool:  # fmt: skip
    """Start the clocks of the subject's party, `since` an instant gone by where they are inherited.

    A second start changes nothing, since a clock is never reset: False.
    """
    calendar = calendar_for(session, subject.zone_code)
    start = SlaEvent(
        subject_id=subject.id, seq=1, kind=EventKind.START, party=subject.party, occurred_at=since or now, recorded_at=now, actor_id=actor.account_id,
        evidence=subject.said | {"calendar": calendar.version} | ({"inherits": str(inherits)} if inherits else {}),
        idempotency_key="start",
    )  # fmt: skip
    rows = projection.project([start], calendar)
    if not _insert(session, start):
        return False
    projection.store(session, rows)
    _audit(session, actor, start, now)
    return True


def lock_log(session: Session, subject_id: UUID) -> Log:
    """The subject's log for somebody who will append to it; raises ClocksNotOpen."""
    session.scalars(select(SlaClock.id).where(SlaClock.subject_id == subject_id).with_for_update()).all()
    query = select(SlaEvent).where(SlaEvent.subject_id == subject_id).order_by(SlaEvent.seq)
    events = list(session.scalars(query))
    start = projection.start_of(events)
    if start is None:
        raise ClocksNotOpen(subject_id)
    return Log(subject_id, start, events)


def append(
    session: Session, actor: Actor, log: Log, entries: Sequence[Entry], *, now: datetime
) -> list[SlaEvent]:
    """Write the entries after the log's last event and project the clocks they speak of.

    Raises ClockRefused when an entry cannot follow, and nothing is written.
    """
    recorded_at = log.time(now)
    new = [
        SlaEvent(
            subject_id=log.subject_id, seq=log.events[-1].seq + count, stage=entry.stage, kind=entry.kind, party=log.start.party,
            occurred_at=entry.occurred_at or recorded_at, recorded_at=recorded_at, holds_from=entry.holds_from,
            actor_id=actor.account_id, reason=entry.reason, evidence=entry.evidence,
        )
        for count, entry in enumerate(entries, 1)
    ]  # fmt: skip
    stages = {entry.stage for entry in entries if entry.stage is not None}
    concerned = None if any(entry.stage is None for entry in entries) else stages
    rows = projection.project([*log.events, *new], calendar_of(session, log.events), stages=concerned)
    for event in new:
        event.stamp()
    session.add_all(new)
    session.flush()
    projection.store(session, rows)
    log.events += new
    for event in new:
        _audit(session, actor, event, now)
    return new


def explain(session: Session, event: SlaEvent, words: str, *, now: datetime) -> None:
    """Keep what somebody wrote about an event beside the log, where it can be erased."""
    session.add(ClockReason(event_id=event.id, words=words, written_at=now))
    session.flush()


def note_revision(
    session: Session, actor: Actor, log: Log, kind: EventKind, said: dict[str, Any], calendar: WorkCalendar, *,
    now: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """Write the event of a revision and the rows under it; the whole revision leaves one audit event, not each of these."""
    recorded_at = log.time_of_revision(now)
    event = SlaEvent(
        subject_id=log.subject_id, seq=log.events[-1].seq + 1, kind=kind, party=log.start.party, occurred_at=recorded_at,
        recorded_at=recorded_at, actor_id=actor.account_id, evidence=said,
    )  # fmt: skip
    rows = projection.project([*log.events, event], calendar)
    after = {row["stage"]: {"due_at": row["due_at"] and row["due_at"].isoformat(), "provisional": row["provisional"]}
             for row in rows}  # fmt: skip
    event.evidence = said | {"after": after}
    event.stamp()
    session.add(event)
    projection.store(session, rows)
    return rows


_OWN = [
    column.key for column in SlaEvent.__table__.columns if column.key != "written_xid"
]  # that one is a trigger's
# Made once: every first submission runs it.
_START = (
    insert(SlaEvent)
    .values({key: bindparam(key) for key in _OWN})
    .on_conflict_do_nothing()
    .returning(SlaEvent.id)
)


def _insert(session: Session, start: SlaEvent) -> bool:
    """Whether the start is new: of two at once the second waits here and then changes nothing."""
    start.stamp()
    values = {key: getattr(start, key) for key in _OWN}
    return session.connection().execute(_START, values).first() is not None


def _audit(session: Session, actor: Actor, event: SlaEvent, now: datetime) -> None:
    said = {
        "subject_id": event.subject_id,
        "stage": event.stage,
        "reason": event.reason,
        "holds_from": event.holds_from,
    }
    after = {name: value for name, value in said.items() if value is not None}
    audit.record(session, actor, f"{event.kind}_clock", event, now=now, after=after)
