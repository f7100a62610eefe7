"""Withdrawn and posted again: the clocks of the new need run from the first instant of the old one.

The old log is taken over as far as it says when the clock ran: its start, its pauses, and for each stage whenever it
was halted, be it by an answer, by silence or by the withdrawal, and ran on. From the last halt to the reposting the
time counts for nobody, and then each stage runs on from what it had used up. An answer is not taken over: it answered
the need as it was before. A breach is, as well what kept it one when a policy or a calendar was revised, and who excused it.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from sky_net.sla.corrections import effective
from sky_net.sla.event_log import Event, EventKind, replay
from sky_net.sla.log import Entry, Log, Subject, append, lock_log, open_log
from sky_net.sla.models import SlaEvent
from sky_net.sla.parties import STAGES_OF
from sky_net.sla.policy import ResponsePolicy
from sky_net.sla.projection import policy_of, start_of

REPOSTED = "reposted"
_PAUSES = (EventKind.PAUSE, EventKind.RESUME)


def inherit_promise_clocks(
    session: Session, actor: Actor, subject: Subject, earlier_id: UUID, *, now: datetime
) -> None:
    """Open the promise clocks of a need as the continuation of an earlier one; a repetition changes nothing.

    Raises CalendarMissing. An earlier one without clocks leaves nothing to inherit.
    """
    earlier = _log(session, earlier_id)
    start = start_of(earlier)
    if start is None:
        open_log(session, actor, subject, now=now)
        return
    events = effective(event.pure for event in earlier)
    began = next(event.occurred_at for event in events if event.kind is EventKind.START)
    if not open_log(session, actor, subject, since=began, inherits=earlier_id, now=now):
        return
    log = lock_log(session, subject.id)
    append(session, actor, log, list(_entries(log, events, policy_of(earlier), now)), now=now)


def _entries(log: Log, events: tuple[Event, ...], policy: ResponsePolicy, now: datetime) -> Iterator[Entry]:
    yield from _pauses(events)
    stages = {stage: replay(events, stage, now) for stage in STAGES_OF[log.start.party]}
    for stage, run in stages.items():
        for gap in run.gaps:
            yield Entry(EventKind.CANCEL, stage, reason=REPOSTED, occurred_at=gap.start)
            yield Entry(EventKind.REOPEN, stage, reason=REPOSTED, occurred_at=gap.end)
        halts = [at for at in (run.stopped_at(now), run.cancelled_at) if at is not None]
        if halts:
            yield Entry(EventKind.CANCEL, stage, reason=REPOSTED, occurred_at=min(halts))
            yield Entry(EventKind.REOPEN, stage, reason=REPOSTED)
        if run.waived_at is not None:
            yield Entry(EventKind.WAIVE, stage, reason=REPOSTED, occurred_at=run.waived_at)
    kept = [stage for stage, run in stages.items() if run.kept_breached]
    if kept or policy.version != policy_of([log.start]).version:
        yield Entry(
            EventKind.POLICY_CHANGED, reason=REPOSTED, evidence={"policy": policy.version, "kept": kept}
        )


def _pauses(events: tuple[Event, ...]) -> Iterator[Entry]:
    """Those of the old log; one that is still open ends with the reposting, which answers what it waited for."""
    still_open: set[tuple[str | None, str]] = set()
    for event in sorted(events, key=lambda one: (one.occurred_at, one.seq)):
        if event.kind in _PAUSES:
            still_open ^= {event.pause_key}
            yield Entry(event.kind, event.stage, reason=event.pause, occurred_at=event.occurred_at)
    for paused_stage, pause in sorted(still_open, key=str):
        yield Entry(EventKind.RESUME, paused_stage, reason=pause)


def _log(session: Session, subject_id: UUID) -> list[SlaEvent]:
    query = select(SlaEvent).where(SlaEvent.subject_id == subject_id).order_by(SlaEvent.seq)
    return list(session.scalars(query))
