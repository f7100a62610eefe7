"""The append-only log of one subject, replayed into the intervals that a clock is read from.

Corrections are applied first (`corrections`). Order of arrival does not matter: events are replayed by ``occurred_at`` and, at the same instant, by
``seq``. An event recorded late therefore has the effect it would have had on time; whether a verdict
may change for it is for whoever keeps the verdicts to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sky_net.sla.corrections import effective
from sky_net.sla.errors import (
    EventBeforeStart,
    EventFromTheFuture,
    PausedTwice,
    PauseEndsBeforeItStarts,
    ReopenWithoutStop,
    RepeatedSeq,
    ResumeWithoutPause,
    StartedTwice,
    StopBeforeStart,
)
from sky_net.sla.event import Event, EventKind, PauseKey
from sky_net.sla.prefix import fixed
from sky_net.sla.working_time import Pause


@dataclass(slots=True)
class Replay:
    """Where a clock stands after its events.

    ``gaps`` are the times between a stop or cancellation and the reopening that undid it: they count
    for nobody. ``stops`` are the stops that no reopening undid, in order, whether they hold already or
    not.
    """

    started_at: datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    gaps: list[Pause] = field(default_factory=list)
    stops: list[Event] = field(default_factory=list)
    cancelled_at: datetime | None = None
    waived_at: datetime | None = None
    kept_breached: bool = False
    settled_at: datetime | None = None
    """The last revision before which the stop that stands was in time: no later calendar makes it late."""
    open: dict[PauseKey, datetime] = field(default_factory=dict)

    def every_pause(self) -> list[Pause]:
        """Closed and open pauses."""
        return [*self.pauses, *(Pause(start) for start in self.open.values())]

    def stopped_at(self, now: datetime) -> datetime | None:
        """The earliest stop that holds."""
        return min((stop.occurred_at for stop in self.stops if stop.holds(now)), default=None)

    def outcome_at(self, halted_at: datetime, now: datetime) -> str | None:
        """What the stop at this instant came to; None where it was no stop that halted the clock."""
        return next(
            (stop.outcome for stop in self.stops if stop.occurred_at == halted_at and stop.holds(now)), None
        )

    def apply(self, event: Event, stage: str) -> None:
        """Take the next event of this stage in order, or refuse it."""
        if event.kind is EventKind.START:
            self._start(event)
            return
        if self.started_at is None:
            refusal = StopBeforeStart if event.kind is EventKind.STOP else EventBeforeStart
            raise refusal(event.seq, event.occurred_at)
        match event.kind:
            case EventKind.PAUSE:
                self._pause(event)
            case EventKind.RESUME:
                self._resume(event)
            case EventKind.STOP:
                if self.cancelled_at is None:
                    self.stops.append(event)
            case EventKind.CANCEL:
                self.cancelled_at = self.cancelled_at or event.occurred_at
            case EventKind.REOPEN:
                self._reopen(event)
            case _:
                self._remark(event, stage)

    def _remark(self, event: Event, stage: str) -> None:
        """What changes the verdict and not the time: a waiver, or a breach that a revision may not undo."""
        if event.kind is EventKind.WAIVE:
            self.waived_at = self.waived_at or event.occurred_at
        elif stage in event.kept:
            self.kept_breached = True
        elif stage in event.settled:
            self.settled_at = event.occurred_at

    def _start(self, event: Event) -> None:
        if self.started_at is not None:
            raise StartedTwice(event.seq, event.occurred_at)
        self.started_at = event.occurred_at

    def _pause(self, event: Event) -> None:
        if event.pause_key in self.open:
            raise PausedTwice(event.seq, event.occurred_at)
        self.open[event.pause_key] = event.occurred_at

    def _resume(self, event: Event) -> None:
        if event.pause_key not in self.open:
            raise ResumeWithoutPause(event.seq, event.occurred_at)
        self.pauses.append(Pause(self.open.pop(event.pause_key), event.occurred_at))

    def _reopen(self, event: Event) -> None:
        """One stage's reopening undoes its stop or cancellation; the subject's undoes the cancellation alone.

        A need that is taken up again after a withdrawal does not lose the confirmation it already had.
        """
        halts = [] if self.cancelled_at is None else [self.cancelled_at]
        if event.stage is not None:
            halts += [stop.occurred_at for stop in self.stops]
        if not halts:
            raise ReopenWithoutStop(event.seq, event.occurred_at)
        self.gaps.append(Pause(min(halts), event.occurred_at))
        self.cancelled_at = None
        if event.stage is not None:
            self.stops.clear()
            self.settled_at = None


def replay(events: Iterable[Event], stage: str, now: datetime) -> Replay:
    """One stage's clock after what had occurred by ``now``; LogInvalid where the log contradicts itself, NaiveInstant."""
    now = fixed(now)
    ordered = sorted(effective(events), key=lambda event: (event.occurred_at, event.seq))
    _check(ordered)
    state = Replay()
    for event in ordered:
        if event.occurred_at <= now and event.stage in (None, stage):
            state.apply(event, stage)
    return state


def cancelled_from(events: Sequence[Event], at: datetime, now: datetime) -> list[Event]:
    """The log as it would be if all clocks had been cancelled then, and that was recorded now."""
    last = events[-1]
    return [*events, Event(last.seq + 1, None, EventKind.CANCEL, at, max(now, last.recorded_at))]


def _check(ordered: list[Event]) -> None:
    seen: set[int] = set()
    for event in ordered:
        if event.occurred_at > event.recorded_at:
            raise EventFromTheFuture(event.seq, event.occurred_at)
        if event.seq in seen:
            raise RepeatedSeq(event.seq, event.occurred_at)
        seen.add(event.seq)
    pauses = [event for event in ordered if event.kind is EventKind.PAUSE]
    for resume in (event for event in ordered if event.kind is EventKind.RESUME):
        own = [pause for pause in pauses if pause.pause_key == resume.pause_key]
        is_ahead = all(pause.occurred_at > resume.occurred_at for pause in own)
        if is_ahead and any(pause.seq < resume.seq for pause in own):
            raise PauseEndsBeforeItStarts(own[0].occurred_at, resume.occurred_at)


__all__ = ["Event", "EventKind", "Replay", "cancelled_from", "replay"]
