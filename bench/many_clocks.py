"""Deadlines and elapsed time of many clocks at once, over the same sums that one clock is computed from.

Instants are wall microseconds as in `prefix`, in arrays of int64. A clock's pauses are one row of two arrays, padded
with pauses of no length; their ends may be `OPEN`. What comes out equals `working_time.Course` to the microsecond, which
a property holds: the same sums written a second time, for the benchmark of a million clocks and against the platform's own,
which reads one course after the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.errors import (
    BudgetInvalid,
    CalendarNotPublished,
    CalendarWithoutWorkdays,
    PauseEndsBeforeItStarts,
)
from sky_net.sla.prefix import DAY, date_of, day_number, instant, wall
from sky_net.sla.working_time import DayEnds, Pause

Instants = NDArray[np.int64]

OPEN = np.iinfo(np.int64).max
"""The end of a pause that nobody has ended."""
HIDDEN = np.iinfo(np.int64).min
"""The deadline of a clock that an open pause hides."""


@dataclass(frozen=True, eq=False)
class Pauses:
    """`starts` and `ends`, one row a clock and as many columns as the most that any clock has."""

    starts: Instants
    ends: Instants

    @classmethod
    def of(cls, pauses: Sequence[Iterable[Pause]], starts: Instants) -> "Pauses":
        """Rows of `Pause`s, padded at each clock's own start, where a pause of no length is out of the way."""
        rows = [list(row) for row in pauses]
        width = max(map(len, rows), default=0)
        padded = np.repeat(starts[:, None], width, axis=1)
        begin, end = padded.copy(), padded.copy()
        for index, row in enumerate(rows):
            for column, pause in enumerate(row):
                begin[index, column] = wall(pause.start)
                end[index, column] = OPEN if pause.end is None else wall(pause.end)
        return cls(begin, end)


class Courses:
    """Starts with their pauses, ready to be read in both directions; `working_time.Course`, many at once.

    Raises CalendarNotPublished for an instant out of the calendar's reach, CalendarWithoutWorkdays, PauseEndsBeforeItStarts.
    """

    def __init__(
        self,
        calendar: WorkCalendar,
        starts: Instants,
        pauses: Pauses | None = None,
        count_start_day: bool = False,
    ) -> None:
        self.calendar, self._sums = calendar, _sums(calendar)
        self._within(starts)
        if count_start_day:
            self._first_day = np.searchsorted(self._sums.day_closes, starts, side="right")
            self._opening = starts
        else:
            self._first_day = np.searchsorted(self._sums.days, starts // DAY, side="right")
            self._require_days(self._first_day, starts)
            self._opening = self._sums.day_opens[self._first_day]
        self._starts = starts
        self._origin = self._sums.before(self._opening)
        self._spans = [] if pauses is None else self._disjoint(pauses)

    def due(self, days: int, day_ends: DayEnds = DayEnds.CLOSE) -> Instants:
        """When each has used up the working time of its first `days` working days; HIDDEN under an open pause."""
        if days < 1:
            raise BudgetInvalid(days)
        last_day = self._first_day + (days - 1)
        self._require_days(last_day, self._starts)
        if not self._spans:
            at = self._sums.day_closes[last_day]
            return at if day_ends is DayEnds.CLOSE else _end_of_day(at)
        return self._due(self._sums.day_through[last_day], day_ends)

    def _due(self, target: Instants, day_ends: DayEnds) -> Instants:
        hidden = np.zeros(len(target), dtype=bool)
        for starts, ends in self._spans:
            reached = starts < target
            hidden |= reached & (ends > self._sums.total)
            target = target + np.where(reached, ends - starts, 0)
        target = np.where(hidden, self._origin, target)
        late = target > self._sums.total
        self._require_days(np.where(late, len(self._sums.days), 0), self._starts)
        at = np.maximum(self._opening, self._sums.first_at(target))
        at = at if day_ends is DayEnds.CLOSE else _end_of_day(at)
        return np.where(hidden, HIDDEN, at)

    def elapsed(self, ends: Instants) -> Instants:
        """Working microseconds that each has used up at its end."""
        self._within(ends)
        reached = np.maximum(self._origin, self._sums.before(ends))
        used = reached - self._origin
        for starts, ends_of in self._spans:
            used = used - np.maximum(0, np.minimum(ends_of, reached) - starts)
        return used

    def _disjoint(self, pauses: Pauses) -> list[tuple[Instants, Instants]]:
        """The pauses of each clock as spans of working time, in order and apart, one pair of arrays a column."""
        ordered = np.argsort(pauses.starts, axis=1, kind="stable")
        starts = np.take_along_axis(pauses.starts, ordered, axis=1)
        ends = np.take_along_axis(pauses.ends, ordered, axis=1)
        if np.any(ends < starts):
            row, column = np.argwhere(ends < starts)[0]
            raise PauseEndsBeforeItStarts(instant(int(starts[row, column])), instant(int(ends[row, column])))
        is_open = ends == OPEN
        self._within(starts)
        self._within(np.where(is_open, starts, ends))
        began = np.maximum(self._sums.before(starts), self._origin[:, None])
        ended = np.maximum(self._sums.before(np.where(is_open, starts, ends)), self._origin[:, None])
        ended[is_open] = self._sums.total + 1
        spans, covered = [], self._origin
        for column in range(began.shape[1]):
            begin = np.maximum(began[:, column], covered)
            covered = np.maximum(ended[:, column], covered)
            spans.append((begin, covered))
        return spans

    def _require_days(self, indices: Instants, starts: Instants) -> None:
        """Refuse as one course does when a working day is out of reach."""
        out = indices >= len(self._sums.days)
        if not np.any(out):
            return
        started_on = date_of(int(starts[np.argmax(out)]) // DAY)
        is_empty = not len(self._sums.days) or date_of(int(self._sums.days[-1])) <= started_on
        if is_empty and started_on <= self.calendar.horizon:
            raise CalendarWithoutWorkdays(started_on)
        raise CalendarNotPublished(
            self.calendar.last + timedelta(days=1), self.calendar.first, self.calendar.last
        )

    def _within(self, at: Instants) -> None:
        first, last = day_number(self.calendar.first) * DAY, (day_number(self.calendar.last) + 1) * DAY
        out = (at < first) | (at > last)
        if np.any(out):
            shown = instant(int(at[out][0])).isoformat(timespec="minutes")
            raise CalendarNotPublished(shown, self.calendar.first, self.calendar.last)


@dataclass(frozen=True, eq=False)
class _Sums:
    """The sorted lists of `prefix.WorkedTime` as arrays."""

    opens: Instants
    closes: Instants
    through: Instants
    days: Instants
    day_opens: Instants
    day_closes: Instants
    day_through: Instants
    total: int

    def before(self, at: Instants) -> Instants:
        """W(t) of each."""
        if not self.total:
            return np.zeros_like(at)
        reached = np.searchsorted(self.opens, at, side="right") - 1
        known = np.maximum(reached, 0)
        worked = self.through[known] - np.maximum(0, self.closes[known] - at)
        return np.where(reached < 0, 0, worked)

    def first_at(self, worked: Instants) -> Instants:
        """The first wall time at which W equals each."""
        segment = np.searchsorted(self.through, worked, side="left")
        at: Instants = self.closes[segment] - (self.through[segment] - worked)
        return at


@lru_cache(maxsize=4)
def _sums(calendar: WorkCalendar) -> _Sums:
    sums = calendar.worked
    names = ("opens", "closes", "through", "days", "day_opens", "day_closes", "day_through")
    arrays: dict[str, Any] = {name: np.array(getattr(sums, name), dtype=np.int64) for name in names}
    return _Sums(total=sums.total, **arrays)


def _end_of_day(at: Instants) -> Instants:
    return ((at - 1) // DAY + 1) * DAY


def walls(instants: Iterable[datetime]) -> Instants:
    """Aware instants as an array; raises NaiveInstant."""
    return np.fromiter((wall(at) for at in instants), dtype=np.int64)


def dates(at: Instants) -> list[date]:
    """The Shanghai dates on which these wall times fall."""
    return [date_of(int(number)) for number in at // DAY]
