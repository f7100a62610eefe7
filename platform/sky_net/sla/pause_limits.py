"""Past its maximum a pause no longer stops the clock, whether or not anyone resumed it.

A maximum of n working days is n ordinary days' working time, counted from the minute of the pause:
unlike whole days it adds up over several pauses. It is applied when the log is read, never by a job
that might run late.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.policy import PausePolicy
from sky_net.sla.working_time import Course, Pause


def within_limits(
    pauses: Iterable[Pause], limits: PausePolicy, calendar: WorkCalendar, until: datetime
) -> tuple[Pause, ...]:
    """What of the pauses stops the clock, disjoint and in order; one still open at ``until`` stays open."""
    each = limits.max_days_each * calendar.standard_day
    left = limits.max_days_total * calendar.standard_day
    granted: list[Pause] = []
    for pause in joined(_cut(pause, each, calendar, until) for pause in pauses):
        kept = _cut(pause, left, calendar, until)
        granted.append(kept)
        if kept != pause:
            break
        left -= _worked(pause, calendar, until)
    return tuple(granted)


def joined(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The union of pauses as disjoint ones in order; an open one swallows all that follows."""
    union: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        last = union[-1] if union else None
        if last is None or (last.end is not None and last.end < pause.start):
            union.append(pause)
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            union[-1] = Pause(last.start, pause.end)
    return tuple(union)


def _cut(pause: Pause, limit: timedelta, calendar: WorkCalendar, until: datetime) -> Pause:
    worked = _worked(pause, calendar, until)
    if worked < limit or (worked == limit and pause.end is not None):
        return pause
    return Pause(pause.start, Course(calendar, pause.start, count_start_day=True).due(limit))


def _worked(pause: Pause, calendar: WorkCalendar, until: datetime) -> timedelta:
    return Course(calendar, pause.start, count_start_day=True).elapsed(pause.end or until)
