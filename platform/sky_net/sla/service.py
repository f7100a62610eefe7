"""What other features do to the clocks of a subject. Stopping one is not among it: see `stops`.

A clock is opened once and never reset: the promise clocks by the first submission, a party's own by what it is asked. Pauses and cancellations speak of all clocks of the
subject; those that are met already stay met.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import NotFound
from sky_net.sla.clocks import ClockState
from sky_net.sla.errors import NoSuchClock, NothingToWaive, ResumeWithoutPause
from sky_net.sla.event_log import EventKind
from sky_net.sla.log import Entry, Log, Subject, append, explain, lock_log, open_log
from sky_net.sla.models import SlaClock
from sky_net.sla.parties import STAGES_OF
from sky_net.sla.reading import clocks_about, list_clocks, readings
from sky_net.sla.refusals import spoken


def open_promise_clocks(session: Session, actor: Actor, subject: Subject, *, now: datetime) -> None:
    """Start confirm, communicate and propose under the policy of this day; a repetition changes nothing.

    Raises CalendarMissing when a deadline lies past what the calendar can tell.
    """
    open_log(session, actor, subject, now=now)


def open_party_clock(session: Session, actor: Actor, subject: Subject, *, now: datetime) -> None:
    """Start the own clock of `subject.party` about `subject.about_id`; a repetition changes nothing.

    Raises CalendarMissing when its deadline lies past what the calendar can tell.
    """
    open_log(session, actor, subject, now=now)


def pause(session: Session, actor: Actor, subject_id: UUID, reason: str, *, now: datetime) -> None:
    """Halt the subject's clocks; `reason` is a code and names the pause. Past its maximum it no longer counts.

    Raises ClocksNotOpen, and ClockRefused (paused_twice) while the same pause is open.
    """
    log = lock_log(session, subject_id)
    append(session, actor, log, [Entry(EventKind.PAUSE, reason=reason)], now=now)


def resume(
    session: Session, actor: Actor, subject_id: UUID, reason: str | None = None, *, now: datetime
) -> None:
    """Let the clocks run on at their remaining budget: end every open pause, or the one of this reason.

    Raises ClocksNotOpen, and ClockRefused (resume_without_pause) when there is nothing to end.
    """
    log = lock_log(session, subject_id)
    ending = [name for name in _open_pauses(log) if reason in (None, name)]
    if not ending:
        with spoken():
            raise ResumeWithoutPause(log.events[-1].seq + 1, now)
    append(session, actor, log, [Entry(EventKind.RESUME, reason=name) for name in ending], now=now)


def cancel(
    session: Session,
    actor: Actor,
    subject_id: UUID,
    reason: str,
    *,
    as_of: datetime | None = None,
    now: datetime,
) -> None:
    """End the subject's clocks without an answer, and those of the parties about it; `as_of` an instant gone by.

    What was met or breached before stays so. Raises ClocksNotOpen.
    """
    log = lock_log(session, subject_id)
    append(session, actor, log, [Entry(EventKind.CANCEL, reason=reason, occurred_at=as_of)], now=now)
    release_parties(session, actor, subject_id, reason, as_of=as_of, now=now)


def release_parties(
    session: Session,
    actor: Actor,
    subject_id: UUID,
    reason: str,
    *,
    as_of: datetime | None = None,
    now: datetime,
) -> None:
    """End the parties' own clocks about this subject: nobody owes an answer any more. One opened after `as_of` ends where it began."""
    for about_it in _running_about(session, subject_id, as_of):
        log = lock_log(session, about_it)
        ended_at = as_of and max(as_of, log.start.occurred_at)
        append(session, actor, log, [Entry(EventKind.CANCEL, reason=reason, occurred_at=ended_at)], now=now)


def reopen_cancelled(session: Session, actor: Actor, subject_id: UUID, reason: str, *, now: datetime) -> None:
    """Undo the cancellation of a subject's clocks: they run on at their remaining budget, its open pauses ended.

    The time since the cancellation counts for nobody; a clock that was met before stays met. Raises ClocksNotOpen, and
    ClockRefused (reopen_without_stop) when nothing was cancelled.
    """
    log = lock_log(session, subject_id)
    entries = [Entry(EventKind.REOPEN, reason=reason)]
    entries += [Entry(EventKind.RESUME, reason=name) for name in _open_pauses(log)]
    append(session, actor, log, entries, now=now)


def waive(
    session: Session, actor: Actor, subject_id: UUID, stage: str, reason: str, words: str, *, now: datetime
) -> None:
    """Excuse the over-run of one clock: who and why stand in the log, by a code there and in words beside it.

    Raises ClocksNotOpen, and ClockRefused: no_such_clock for a stage that the subject's party does not have,
    nothing_to_waive for a clock that is not breached.
    """
    log = lock_log(session, subject_id)
    _require_stage(log, stage)
    read = {one.stage: one.state for one in readings(session, [subject_id], now=log.time(now))[subject_id]}
    if read[stage] is not ClockState.BREACHED:
        with spoken():
            raise NothingToWaive(stage, read[stage])
    entry = Entry(EventKind.WAIVE, stage, reason=reason, evidence={"words": audit.digest(words)})
    explain(session, append(session, actor, log, [entry], now=now)[0], words, now=now)


def correct(
    session: Session, actor: Actor, subject_id: UUID, event_id: UUID, moved_to: datetime | None, reason: str, words: str,
    *, now: datetime,
) -> None:  # fmt: skip
    """Say that an event of the log happened at another instant, or with None that it never did.

    Raises ClocksNotOpen, NotFound, and ClockRefused where the log would contradict itself.
    """
    log = lock_log(session, subject_id)
    wrong = next((event for event in log.events if event.id == event_id), None)
    if wrong is None:
        raise NotFound()
    said = {
        "corrects": wrong.seq,
        "moved_to": moved_to and moved_to.isoformat(),
        "words": audit.digest(words),
    }
    entry = Entry(EventKind.CORRECTION, reason=reason, evidence=said)
    explain(session, append(session, actor, log, [entry], now=now)[0], words, now=now)


def _require_stage(log: Log, stage: str) -> None:
    if stage not in STAGES_OF[log.start.party]:
        with spoken():
            raise NoSuchClock(stage)


def _running_about(session: Session, subject_id: UUID, as_of: datetime | None) -> Sequence[UUID]:
    """Subjects whose party's clock about this one was neither stopped by then (now for None) nor cancelled, in order of locking."""
    is_running: ColumnElement[bool] = SlaClock.stopped_at.is_(None)
    if as_of is not None:
        is_running = or_(is_running, SlaClock.stopped_at > as_of)
    running = (
        SlaClock.about_id == subject_id,
        is_running,
        SlaClock.cancelled_at.is_(None),
    )
    return session.scalars(select(SlaClock.subject_id).where(*running).order_by(SlaClock.subject_id)).all()


def _open_pauses(log: Log) -> list[str]:
    """Reasons of the pauses of all clocks that are still open, the oldest first."""
    names: list[str] = []
    for event in log.standing:
        if event.stage is None and event.reason is not None:
            if event.kind == EventKind.PAUSE:
                names.append(event.reason)
            elif event.kind == EventKind.RESUME:
                names.remove(event.reason)
    return names


__all__ = [
    "Subject", "cancel", "clocks_about", "correct", "list_clocks", "open_party_clock", "open_promise_clocks", "pause", "readings",
    "release_parties", "reopen_cancelled", "resume", "waive",
]  # fmt: skip
