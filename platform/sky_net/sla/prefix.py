"""Cumulative working time over a calendar, and its inverse, by bisection.

Instants are integers: microseconds of Shanghai wall-clock time since 1970-01-01 00:00. A datetime carries
nothing finer, so the sums are exact and no deadline is ever rounded. Shanghai has kept +08:00 without
daylight saving since 1991, before the first date of any calendar, so wall-clock time is a constant shift.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from sky_net.sla.errors import NaiveInstant

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000
DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=SHANGHAI)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def wall(at: datetime) -> int:
    """Microseconds of Shanghai wall-clock time since 1970, of an aware instant."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise NaiveInstant(at)
    return (at - _EPOCH) // MICROSECOND


def instant(micros: int) -> datetime:
    """The inverse of :func:`wall`, as an aware datetime at +08:00."""
    return _EPOCH + timedelta(microseconds=micros)


def fixed(at: datetime) -> datetime:
    """The same aware instant at a fixed offset.

    Python compares two instants of one zone by their wall clocks, and those repeat an hour every autumn: a database or
    a host in such a zone would have pauses end before they start. Raises NaiveInstant.
    """
    if at.utcoffset() is None:
        raise NaiveInstant(at)
    return at if isinstance(at.tzinfo, timezone) else at.astimezone(SHANGHAI)


def day_number(on: date) -> int:
    """Days since 1970-01-01, so that ``day_number(d) * DAY`` is the wall time of its midnight."""
    return on.toordinal() - _EPOCH_ORDINAL


def date_of(number: int) -> date:
    """The inverse of :func:`day_number`."""
    return date.fromordinal(number + _EPOCH_ORDINAL)


@dataclass(slots=True)
class WorkedTime:
    """Sorted plain lists, one entry per segment or per working day; numpy can take them as they are.

    ``opens``, ``closes``: wall microseconds of each working segment. ``through``: working microseconds up to
    and including it. ``days``: numbers of the working days. ``day_opens``, ``day_closes``: their first
    opening and last close. ``day_through``: working microseconds up to and including that day.
    """

    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    through: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    day_opens: list[int] = field(default_factory=list)
    day_closes: list[int] = field(default_factory=list)
    day_through: list[int] = field(default_factory=list)

    @classmethod
    def over(cls, days: Iterable[tuple[int, tuple[tuple[int, int], ...]]]) -> "WorkedTime":
        """From (day number, segments in minutes of the day), ascending; days without segments add nothing."""
        sums = cls()
        total = 0
        for number, segments in days:
            if not segments:
                continue
            midnight = number * DAY
            for opening, close in segments:
                total += (close - opening) * MINUTE
                sums.opens.append(midnight + opening * MINUTE)
                sums.closes.append(midnight + close * MINUTE)
                sums.through.append(total)
            sums.days.append(number)
            sums.day_opens.append(midnight + segments[0][0] * MINUTE)
            sums.day_closes.append(midnight + segments[-1][1] * MINUTE)
            sums.day_through.append(total)
        return sums

    @property
    def total(self) -> int:
        """Working microseconds of the whole calendar."""
        return self.through[-1] if self.through else 0

    def before(self, at: int) -> int:
        """W(t): working microseconds from the first day of the calendar until ``at``."""
        reached = bisect_right(self.opens, at) - 1
        if reached < 0:
            return 0
        return self.through[reached] - max(0, self.closes[reached] - at)

    def first_at(self, worked: int) -> int:
        """The first wall time at which W equals ``worked``: a close of business, never the next opening.

        ``worked`` must lie within 0 and ``total``, and the calendar must have a segment.
        """
        segment = bisect_left(self.through, worked)
        return self.closes[segment] - (self.through[segment] - worked)

    def working_day_after(self, number: int) -> int:
        """Index into ``days`` of the first working day after ``number``; len(days) if there is none."""
        return bisect_right(self.days, number)

    def working_day_left(self, at: int) -> int:
        """Index into ``days`` of the first working day that has working time after ``at``."""
        return bisect_right(self.day_closes, at)
