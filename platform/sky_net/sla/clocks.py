"""What a clock shows: a pure function of the event log, the policy, the calendar and the time of reading.

Nothing here depends on a worker having run. A clock is breached from the first instant after its
deadline, stays breached after a late answer or a cancellation, and is met by a stop at the deadline
itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.errors import EventBeforeStart
from sky_net.sla.event_log import Event, EventKind, Replay, replay
from sky_net.sla.pause_limits import within_limits
from sky_net.sla.policy import PausePolicy, ResponsePolicy, StagePolicy
from sky_net.sla.working_time import Course, Pause

_NOTHING = timedelta(0)


class ClockState(StrEnum):
    """Exactly one of these at any time."""

    PENDING = "pending"
    """Not started."""
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"
    NO_SOLUTION = "no_solution"
    """Ended in time by a signed finding that nobody has a solution: neither met nor breached."""
    WAIVED = "waived"
    """Over its deadline, and excused by somebody who may."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One clock at one time. Durations are working time; instants are aware.

    ``due_at`` is None before the start and while a pause without end hides it. ``stopped_at`` is the
    stop or cancellation that counts, shown for a late one too. ``awaiting_until`` is set while a
    recorded stop still waits for agreement: if that stop was in time, the clock is not breached
    meanwhile, even past its deadline. ``kept_breached`` says that it was breached before its policy or
    calendar was revised, and is so whatever the deadline says now. ``consumed`` includes the over-run ``over``; ``paused`` is the
    working time that the pauses took out.
    """

    stage: str
    state: ClockState
    started_at: datetime | None = None
    due_at: datetime | None = None
    provisional: bool = False
    at_risk: bool = False
    stopped_at: datetime | None = None
    awaiting_until: datetime | None = None
    budget: timedelta = _NOTHING
    consumed: timedelta = _NOTHING
    paused: timedelta = _NOTHING
    remaining: timedelta = _NOTHING
    over: timedelta = _NOTHING
    kept_breached: bool = False


def read_clocks(
    events: Iterable[Event], policy: ResponsePolicy, calendar: WorkCalendar, now: datetime
) -> dict[str, ClockReading]:
    """Every promise clock of one subject, by stage."""
    log = tuple(events)
    return {
        name: read_clock(log, stage, policy.pauses, calendar, now) for name, stage in policy.stages.items()
    }


def read_clock(
    events: Iterable[Event], stage: StagePolicy, limits: PausePolicy, calendar: WorkCalendar, now: datetime
) -> ClockReading:
    """One clock; a party's own clock is read the same way, with its limit as a :class:`StagePolicy`."""
    return read_replay(replay(events, stage.name, now), stage, limits, calendar, now)


def read_replay(
    log: Replay, stage: StagePolicy, limits: PausePolicy, calendar: WorkCalendar, now: datetime
) -> ClockReading:
    """One clock whose log was replayed as of `now`."""
    if log.started_at is None:
        return ClockReading(stage.name, ClockState.PENDING)
    halted_at = _halted_at(log, now)
    until = halted_at or now
    pauses = _pauses_until(log, limits, calendar, halted_at, now)
    course = Course(calendar, log.started_at, (*pauses, *log.gaps), stage.count_start_day)
    budget, consumed = course.budget(stage.days), course.elapsed(until)
    due_at = course.due(budget, stage.day_ends)
    waiting = [stop for stop in log.stops if not stop.holds(now)]
    overdue_since = due_at if due_at is not None and until > due_at else None
    if overdue_since is not None and any(stop.occurred_at <= overdue_since for stop in waiting):
        overdue_since = halted_at = None
    if overdue_since is not None and _was_settled(log, now):
        overdue_since = None
    if overdue_since is not None or log.kept_breached:
        state = ClockState.BREACHED if log.waived_at is None else ClockState.WAIVED
    else:
        state = _state(log, halted_at, pauses, now)
    return ClockReading(
        stage=stage.name,
        state=state,
        started_at=log.started_at,
        due_at=due_at,
        provisional=due_at is not None and calendar.is_provisional(due_at),
        at_risk=state is ClockState.RUNNING and consumed >= stage.at_risk_share * budget,
        stopped_at=halted_at,
        awaiting_until=_awaiting_until(waiting, halted_at),
        budget=budget,
        consumed=consumed,
        # without the gaps: the time between a stop and its reopening was nobody's pause
        paused=Course(calendar, log.started_at, pauses, stage.count_start_day).paused(until),
        remaining=max(_NOTHING, budget - consumed),
        over=_NOTHING if overdue_since is None else consumed - course.elapsed(overdue_since),
        kept_breached=log.kept_breached,
    )


def course_of(
    events: Iterable[Event], stage: StagePolicy, limits: PausePolicy, calendar: WorkCalendar, now: datetime
) -> Course:
    """The working time of a clock that has started, as `read_clock` counts it at `now`; LogInvalid for one that has not."""
    log = replay(events, stage.name, now)
    if log.started_at is None:
        raise EventBeforeStart(0, now)
    pauses = _pauses_until(log, limits, calendar, _halted_at(log, now), now)
    return Course(calendar, log.started_at, (*pauses, *log.gaps), stage.count_start_day)


def _was_settled(log: Replay, now: datetime) -> bool:
    """Whether the stop that counts was found in time before a revision moved its deadline."""
    stopped_at = log.stopped_at(now)
    return log.settled_at is not None and stopped_at is not None and stopped_at <= log.settled_at


def _halted_at(log: Replay, now: datetime) -> datetime | None:
    halts = [at for at in (log.stopped_at(now), log.cancelled_at) if at is not None]
    return min(halts, default=None)


def _pauses_until(
    log: Replay, limits: PausePolicy, calendar: WorkCalendar, halted_at: datetime | None, now: datetime
) -> tuple[Pause, ...]:
    """The pauses that stop the clock; what began once it was halted is not its affair."""
    begun = [pause for pause in log.every_pause() if halted_at is None or pause.start < halted_at]
    return within_limits(begun, limits, calendar, halted_at or now)


def _state(log: Replay, halted_at: datetime | None, pauses: tuple[Pause, ...], now: datetime) -> ClockState:
    """The state of a clock that is not breached; a stop and a cancellation at one instant are a stop."""
    if halted_at is not None:
        return ClockState(log.outcome_at(halted_at, now) or ClockState.CANCELLED)
    return ClockState.PAUSED if any(pause.end is None for pause in pauses) else ClockState.RUNNING


def _awaiting_until(waiting: list[Event], halted_at: datetime | None) -> datetime | None:
    if halted_at is not None:
        return None
    return min((stop.holds_from for stop in waiting if stop.holds_from is not None), default=None)


__all__ = ["ClockReading", "ClockState", "Event", "EventKind", "course_of", "read_clock", "read_clocks"]
