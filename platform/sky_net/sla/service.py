"""What other features do to the promise clocks of a subject. Stopping one is not among it: see `stops`.

A clock is opened once, by the first submission, and never reset. Pauses and cancellations speak of all clocks of the
subject; those that are met already stay met.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from sky_net.sla.errors import ResumeWithoutPause
from sky_net.sla.event_log import EventKind
from sky_net.sla.log import Entry, Log, Subject, append, lock_log, open_log
from sky_net.sla.reading import list_clocks, readings
from sky_net.sla.refusals import spoken


def open_promise_clocks(session: Session, actor: Actor, subject: Subject, *, now: datetime) -> None:
    """Start confirm, communicate and propose under the policy of this day; a repetition changes nothing.

    Raises CalendarMissing when a deadline lies past what the calendar can tell.
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


def cancel(session: Session, actor: Actor, subject_id: UUID, reason: str, *, now: datetime) -> None:
    """End the subject's clocks without an answer; what was met or breached before stays so. Raises ClocksNotOpen."""
    log = lock_log(session, subject_id)
    append(session, actor, log, [Entry(EventKind.CANCEL, reason=reason)], now=now)


def _open_pauses(log: Log) -> list[str]:
    """Reasons of the pauses of all clocks that are still open, the oldest first."""
    names: list[str] = []
    for event in log.events:
        if event.stage is None and event.reason is not None:
            if event.kind == EventKind.PAUSE:
                names.append(event.reason)
            elif event.kind == EventKind.RESUME:
                names.remove(event.reason)
    return names


__all__ = ["Subject", "cancel", "list_clocks", "open_promise_clocks", "pause", "readings", "resume"]
