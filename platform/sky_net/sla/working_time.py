"""Deadline and elapsed time from one function, so that the two can never disagree.

A :class:`Course` is a start and its pauses, translated once into working time: W(t) is the working time
before t, a pause is the interval [W(from), W(to)), and the clock shows W(t) - W(opening) minus the
union of the pauses before W(t). ``elapsed`` reads that function, ``due`` inverts it. A pause outside
working hours has length zero there and moves nothing; one of k working minutes moves the deadline by
exactly k.

The start day does not count (民法典 第二百零一条): the clock runs from the opening of the next working
day and, without pauses, ends with the close of the Nth (第二百零三条). The budget of N working days is
therefore the working time that those N days have in this calendar, shortened summer hours included.

An open pause (no end) has no deadline yet, so ``due`` is None, unless the budget was used up before it began.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sky_net.sla.calendar import WorkCalendar, shanghai_date
from sky_net.sla.errors import (
    BudgetInvalid,
    CalendarNotPublished,
    CalendarWithoutWorkdays,
    PauseEndsBeforeItStarts,
)
from sky_net.sla.prefix import DAY, MICROSECOND, date_of, fixed, instant, wall


class DayEnds(StrEnum):
    """When the last day of a period is over (民法典 第二百零三条)."""

    CLOSE = "close"
    """With the close of business: the exact inverse of ``elapsed``."""
    MIDNIGHT = "midnight"
    """At 24:00 of the day on which the budget is used up."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A half-open interval [start, end) that does not count; ``end`` None means still open."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        starts_at = wall(self.start)
        if self.end is not None and wall(self.end) < starts_at:
            raise PauseEndsBeforeItStarts(self.start, self.end)
        for name in self.__slots__:
            at = getattr(self, name)
            object.__setattr__(self, name, at and fixed(at))


Span = tuple[int, int]
"""Half-open interval of working time, in microseconds since the first day of the calendar."""


class Course:
    """A start with its pauses, ready to be read in both directions. Pauses may overlap and come in any order.

    ``opening`` is where counting begins: the opening of the next working day, or the start itself when
    the start day counts.
    """

    __slots__ = ("_first_day", "_opening", "_origin", "_spans", "calendar", "start")

    def __init__(
        self,
        calendar: WorkCalendar,
        start: datetime,
        pauses: Iterable[Pause] = (),
        count_start_day: bool = False,
    ) -> None:
        sums = calendar.worked
        self.calendar, self.start = calendar, start
        self._opening = calendar.wall_within(start)
        if count_start_day:
            self._first_day = sums.working_day_left(self._opening)
        else:
            self._first_day = sums.working_day_after(self._opening // DAY)
            self._require_day(self._first_day)
            self._opening = sums.day_opens[self._first_day]
        self._origin = sums.before(self._opening)
        self._spans = union(self._span(pause) for pause in pauses)

    @property
    def opening(self) -> datetime:
        """Where counting begins."""
        return instant(self._opening)

    def _span(self, pause: Pause) -> Span:
        sums = self.calendar.worked
        starts = sums.before(self.calendar.wall_within(pause.start))
        ends = sums.total + 1 if pause.end is None else sums.before(self.calendar.wall_within(pause.end))
        return max(starts, self._origin), max(ends, self._origin)

    def _require_day(self, index: int) -> None:
        """Refuse a working day out of reach: there is none left, or its year is not published."""
        days, started_on = self.calendar.worked.days, shanghai_date(self.start)
        if index < len(days):
            return
        is_empty = not days or date_of(days[-1]) <= started_on
        if is_empty and started_on <= self.calendar.horizon:
            raise CalendarWithoutWorkdays(started_on)
        raise CalendarNotPublished(
            self.calendar.last + timedelta(days=1), self.calendar.first, self.calendar.last
        )

    def budget(self, days: int) -> timedelta:
        """Working time of the first ``days`` (at least 1) working days of this course in its calendar."""
        if days < 1:
            raise BudgetInvalid(days)
        last_day = self._first_day + days - 1
        self._require_day(last_day)
        return (self.calendar.worked.day_through[last_day] - self._origin) * MICROSECOND

    def elapsed(self, end: datetime) -> timedelta:
        """Working time used up at ``end``; zero before the opening."""
        reached = self._worked_at(end)
        return (reached - self._origin - self._paused_before(reached)) * MICROSECOND

    def paused(self, end: datetime) -> timedelta:
        """Working time between the opening and ``end`` that did not count because of the pauses."""
        return self._paused_before(self._worked_at(end)) * MICROSECOND

    def due(self, budget: timedelta, day_ends: DayEnds = DayEnds.CLOSE) -> datetime | None:
        """When ``elapsed`` first equals the budget, or 24:00 of that day; None while paused openly."""
        if budget < timedelta(0):
            raise BudgetInvalid(budget)
        sums = self.calendar.worked
        target = self._origin + budget // MICROSECOND
        for starts, ends in self._spans:
            if starts >= target:
                break
            if ends > sums.total:
                return None
            target += ends - starts
        if target > sums.total:
            self._require_day(len(sums.days))
        at = max(self._opening, sums.first_at(target)) if target > self._origin else self._opening
        if day_ends is DayEnds.MIDNIGHT:
            at = ((at - 1) // DAY + 1) * DAY
        return instant(at)

    def _worked_at(self, end: datetime) -> int:
        return max(self._origin, self.calendar.worked.before(self.calendar.wall_within(end)))

    def _paused_before(self, reached: int) -> int:
        return sum(min(ends, reached) - starts for starts, ends in self._spans if starts < reached)


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same set of instants as disjoint spans in order; empty ones vanish, touching ones join."""
    merged: list[Span] = []
    for starts, ends in sorted(spans):
        if starts == ends:
            continue
        if merged and starts <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((starts, ends))
    return tuple(merged)


def elapsed(
    calendar: WorkCalendar,
    start: datetime,
    end: datetime,
    pauses: Iterable[Pause] = (),
    *,
    count_start_day: bool = False,
) -> timedelta:
    """Working time from ``start`` to ``end`` that counts; additive when the start day counts."""
    return Course(calendar, start, pauses, count_start_day).elapsed(end)


def due(
    calendar: WorkCalendar,
    start: datetime,
    budget: int | timedelta,
    pauses: Iterable[Pause] = (),
    *,
    count_start_day: bool = False,
    day_ends: DayEnds = DayEnds.CLOSE,
) -> datetime | None:
    """When a budget of working days (int) or working time is used up; None while openly paused."""
    course = Course(calendar, start, pauses, count_start_day)
    within = course.budget(budget) if isinstance(budget, int) else budget
    return course.due(within, day_ends)
