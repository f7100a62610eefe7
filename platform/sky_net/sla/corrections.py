"""Corrections: the log is never edited, and a mistake in it is another event that says what happened instead.

A correction names the event it corrects by its ``seq`` and gives the instant at which that one happened, or strikes it.
The last correction of an event holds; a correction that is struck itself corrects nothing. What is left is replayed as if
it had been recorded so in the first place.
"""

from collections.abc import Iterable
from dataclasses import replace

from sky_net.sla.errors import CorrectionInvalid, EventFromTheFuture
from sky_net.sla.event import Event, EventKind

REVISIONS = (EventKind.POLICY_CHANGED, EventKind.CALENDAR_REVISED)
"""What is never corrected: striking one would un-breach what it kept. Another revision goes on top of it."""


def effective(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events as corrected, without the corrections; raises CorrectionInvalid, EventFromTheFuture."""
    log = tuple(events)
    corrections = [event for event in log if event.kind is EventKind.CORRECTION]
    if not corrections:
        return log
    by_seq = {event.seq: event for event in log}
    holding: dict[int, Event] = {}
    struck: set[int] = set()
    for correction in sorted(corrections, key=lambda event: event.seq, reverse=True):
        target = by_seq.get(correction.corrects or 0)
        if target is None or target.seq >= correction.seq:
            raise CorrectionInvalid(correction.seq, correction.occurred_at)
        if correction.seq in struck:
            continue
        if target.kind in REVISIONS:
            raise CorrectionInvalid(correction.seq, correction.occurred_at)
        if target.kind is EventKind.CORRECTION:
            if correction.moved_to is not None:
                raise CorrectionInvalid(correction.seq, correction.occurred_at)
            struck.add(target.seq)
        else:
            holding.setdefault(target.seq, correction)
    corrected = (_corrected(event, holding.get(event.seq)) for event in log)
    return tuple(event for event in corrected if event is not None)


def _corrected(event: Event, correction: Event | None) -> Event | None:
    if event.kind is EventKind.CORRECTION:
        return None
    if correction is None:
        return event
    if correction.moved_to is None:
        if event.kind is EventKind.START:
            raise CorrectionInvalid(correction.seq, correction.occurred_at)
        return None
    if correction.moved_to > correction.recorded_at:
        raise EventFromTheFuture(correction.seq, correction.moved_to)
    holds_from = event.holds_from
    if holds_from is not None and holds_from < correction.moved_to:
        holds_from = correction.moved_to
    recorded_at = max(event.recorded_at, correction.moved_to)
    return replace(event, occurred_at=correction.moved_to, recorded_at=recorded_at, holds_from=holds_from)
