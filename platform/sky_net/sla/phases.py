"""What a clock will show from now on if nothing more is recorded: its states with the instants at which they begin.

Only four things happen to a clock by the passing of time alone: a stop begins to hold, a pause reaches its maximum,
the clock comes to be at risk, its deadline passes. Reading the clock at each of these instants gives its whole future,
which a list can be filtered by without replaying a single log.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sky_net.sla.calendar import SHANGHAI, WorkCalendar
from sky_net.sla.clocks import ClockReading, ClockState, read_clock
from sky_net.sla.event_log import Event, Replay, replay
from sky_net.sla.pause_limits import within_limits
from sky_net.sla.policy import PausePolicy, StagePolicy
from sky_net.sla.working_time import Course, Pause

AT_RISK = "at_risk"
SHOWN_STATES = (*(state.value for state in ClockState if state is not ClockState.PENDING), AT_RISK)
"""The states of an open clock as lists show and filter them: at risk is told apart from running."""

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Expectation:
    """When a clock that nothing halts comes to its deadline; every open pause is counted at the longest it may last.

    `due_at` is None when it lies past the calendar.
    """

    log: Replay
    pauses: tuple[Pause, ...]
    course: Course
    budget: timedelta
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outlook(Expectation):
    """A clock as known at `known_at`, the recording of its last event, which was number `last_seq` of the log.

    `starts[i]` is when `states[i]` begins; the first is `known_at`. `at_risk_at` is None when it lies past the calendar. A pause that began after the clock was
    halted neither moves `due_at` nor counts in `paused`, which is working time; one during which it was halted counts in `due_at`
    at the longest it might have lasted.
    """

    known_at: datetime
    last_seq: int
    paused: timedelta
    at_risk_at: datetime | None
    starts: tuple[datetime, ...]
    states: tuple[str, ...]


def shown_state(reading: ClockReading) -> str:
    """One word for a reading, at risk told apart from running."""
    return AT_RISK if reading.at_risk else reading.state.value


def expectation(
    log: Replay, stage: StagePolicy, limits: PausePolicy, calendar: WorkCalendar
) -> Expectation | None:
    """What one stage's replayed log comes to; None before its start."""
    if log.started_at is None:
        return None
    pauses = within_limits(log.every_pause(), limits, calendar, _reach(calendar))
    course = Course(calendar, log.started_at, (*pauses, *log.gaps), stage.count_start_day)
    budget = course.budget(stage.days)
    return Expectation(log, pauses, course, budget, course.due(budget, stage.day_ends))


def outlook(
    events: Sequence[Event], stage: StagePolicy, limits: PausePolicy, calendar: WorkCalendar
) -> Outlook | None:
    """The clock of one stage under this policy and calendar; None before its start. Raises ClockRefusal."""
    own = [event for event in events if event.stage in (None, stage.name)]
    if not own:
        return None
    known_at, last_seq = max(event.recorded_at for event in own), max(event.seq for event in own)
    expected = expectation(replay(events, stage.name, known_at), stage, limits, calendar)
    if expected is None:
        return None
    log, reach, due_at = expected.log, _reach(calendar), expected.due_at
    at_risk_at = expected.course.due(stage.at_risk_share * expected.budget)
    turns = {
        known_at,
        at_risk_at,
        *(pause.end for pause in expected.pauses),
        *(stop.holds_from for stop in log.stops),
    }
    turns.add(due_at and due_at + _INSTANT)
    ahead = sorted(turn for turn in turns if turn is not None and known_at <= turn <= reach)
    shown = [(turn, shown_state(read_clock(events, stage, limits, calendar, turn))) for turn in ahead]
    starts, states = zip(*_changes(shown), strict=True)
    final = read_clock(events, stage, limits, calendar, reach)
    return Outlook(
        log, expected.pauses, expected.course, expected.budget, final.due_at or due_at, known_at, last_seq, final.paused,
        at_risk_at, starts, states,
    )  # fmt: skip


def _reach(calendar: WorkCalendar) -> datetime:
    return datetime.combine(calendar.last, time(), SHANGHAI)


def _changes(shown: Sequence[tuple[datetime, str]]) -> Iterator[tuple[datetime, str]]:
    """Only the entries whose state differs from the one before."""
    before = None
    for turn, state in shown:
        if state != before:
            yield turn, state
        before = state
