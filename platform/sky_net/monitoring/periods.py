"""The days that a report is about, as people in Wuhan count days, and the months or weeks in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from backbone.clock import SHANGHAI
from backbone.errors import Bilingual, Invalid

BUCKETS = ("month", "week")
_DAY = timedelta(days=1)
REVERSED = Bilingual("截止日早于起始日", "The last day lies before the first")
AHEAD = Bilingual("时点不能晚于现在", "The instant may not lie ahead")


@dataclass(frozen=True)
class Period:
    """From the beginning of the first day to the end of the last."""

    first: date
    last: date

    @property
    def begins_at(self) -> datetime:
        """Its first instant."""
        return datetime.combine(self.first, time(), SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.last + _DAY, time(), SHANGHAI)

    def buckets(self, size: str) -> Iterator[date]:
        """The first day of each month or week (Monday) that it touches."""
        at = bucket_of(self.first, size)
        while at <= self.last:
            yield at
            at = bucket_of(at + timedelta(days=7 if size == "week" else 31), size)


def bucket_of(on: date, size: str) -> date:
    """The first day of the month or week of a date."""
    return on.replace(day=1) if size == "month" else on - timedelta(days=on.weekday())


def period_of(asked: Mapping[str, Any], now: datetime) -> Period:
    """The days asked for; the month of `now` where none are, and from its first day or to its last. Raises Invalid."""
    today = now.astimezone(SHANGHAI).date()
    last = asked.get("to_on") or max(today, asked.get("from_on") or today)
    if not asked.get("to_on") and not asked.get("from_on"):
        last = bucket_of(today.replace(day=1) + timedelta(days=31), "month") - _DAY
    first = asked.get("from_on") or last.replace(day=1)
    if last < first:
        raise Invalid.field("to_on", REVERSED)
    return Period(first, last)


def instant_of(asked: Mapping[str, Any], now: datetime) -> datetime | None:
    """The instant that a report is asked for, None for now; raises Invalid for one ahead."""
    as_of: datetime | None = asked.get("as_of")
    if as_of is not None and as_of > now:
        raise Invalid.field("as_of", AHEAD)
    return as_of
