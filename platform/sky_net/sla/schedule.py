"""When somebody is to be called about a clock: reminders at shares of the budget, the next level up, the breach.

Call times are working time, so that half of a budget is never midnight. What is called *for* depends on the reading at
that moment and not on who looks when: `calls_due` gives the same calls to a worker that looks on time and to one that
comes a month late, except for those that have lost their object meanwhile (the clock was stopped, a later reminder
stands for an earlier one, the deadline has passed and the breach is what there is to say).
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sky_net.sla.calendar import WorkCalendar, shanghai_date
from sky_net.sla.clocks import ClockReading, ClockState
from sky_net.sla.corrections import effective
from sky_net.sla.errors import CalendarWithoutWorkdays
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.parties import ENTERPRISE, PLATFORM
from sky_net.sla.phases import Expectation
from sky_net.sla.policy import ResponsePolicy, StagePolicy
from sky_net.sla.prefix import DAY, MINUTE, instant

_INSTANT = timedelta(microseconds=1)


class CallKind(StrEnum):
    """What a call is about."""

    REMINDER = "reminder"
    """The party whose clock it is, while there is time; `level` counts the shares of the policy."""
    ESCALATION = "escalation"
    """The next one up the chain of the platform; `level` is the place in `policy.ESCALATION_LEVELS`, from 1."""
    BREACH = "breach"
    """The deadline has passed."""


@dataclass(frozen=True, slots=True)
class Call:
    """Something to say about one clock from `at` on, and not after `until`; unique by kind, cycle and level.

    `cycle` counts how often the clock was reopened: what was called for before it was answered can be called for again.
    """

    at: datetime
    kind: CallKind
    level: int
    cycle: int
    until: datetime | None = None


def calls_of(
    ahead: Expectation, events: Sequence[Event], party: str, stage: StagePolicy, policy: ResponsePolicy
) -> tuple[Call, ...]:
    """Every call of a clock as known from its log, in order; none once an answer is on record or it was cancelled."""
    if ahead.log.stops or ahead.log.cancelled_at is not None:
        return ()
    reopened = [event.occurred_at for event in effective(events)
                if event.kind is EventKind.REOPEN and event.stage in (None, stage.name)]  # fmt: skip
    cycle, begun = len(reopened), max(reopened, default=None)
    calls = (
        Call(at, kind, level, cycle, until)
        for kind, level, at, until in _instants(ahead, party, policy)
        if at is not None and (begun is None or at > begun)
    )
    return tuple(sorted(calls, key=lambda call: (call.at, call.kind, call.level)))


def calls_due(calls: Sequence[Call], reading: ClockReading, *, in_hours: bool, now: datetime) -> list[Call]:
    """What is to be said at `now`; outside business hours a breach alone."""
    if reading.stopped_at is not None or reading.state not in (ClockState.RUNNING, ClockState.BREACHED):
        return []
    standing = [call for call in calls if call.at <= now and (call.until is None or now <= call.until)]
    last = max((call.level for call in standing if call.kind is CallKind.REMINDER), default=0)
    return [
        call
        for call in standing
        if call.kind is CallKind.BREACH
        or (in_hours and (call.kind is CallKind.ESCALATION or call.level == last))
    ]


def next_look(calls: Sequence[Call], now: datetime) -> datetime | None:
    """When the clock is to be looked at again after `now` if nothing more is recorded; None for never."""
    return min((call.at for call in calls if call.at > now), default=None)


def is_open(calendar: WorkCalendar, at: datetime) -> bool:
    """Whether an instant lies within business hours, the close excluded; raises CalendarNotPublished."""
    minute = (calendar.wall_within(at) % DAY) // MINUTE
    return any(opens <= minute < closes for opens, closes in calendar.day(shanghai_date(at)).segments)


def opens_after(calendar: WorkCalendar, at: datetime) -> datetime:
    """The next opening after an instant; raises CalendarWithoutWorkdays where there is none."""
    opens, now = calendar.worked.opens, calendar.wall_within(at)
    following = bisect_right(opens, now)
    if following == len(opens):
        raise CalendarWithoutWorkdays(shanghai_date(at))
    return instant(opens[following])


def _instants(
    ahead: Expectation, party: str, policy: ResponsePolicy
) -> Iterator[tuple[CallKind, int, datetime | None, datetime | None]]:
    course, budget = ahead.course, ahead.budget
    if party == ENTERPRISE:
        # Its reminders go on past the deadline, until the need is set aside.
        for level, days in enumerate(policy.parties.enterprise_reminder_days, 1):
            yield CallKind.REMINDER, level, course.due(course.budget(days)), None
    else:
        for level, share in enumerate(policy.reminders.shares, 1):
            yield CallKind.REMINDER, level, course.due(share * budget), ahead.due_at
    if party == PLATFORM:
        for level, share in enumerate(policy.reminders.escalation, 1):
            yield CallKind.ESCALATION, level, course.due(share * budget), None
    yield CallKind.BREACH, 0, ahead.due_at and ahead.due_at + _INSTANT, None
