"""A notice that changes the working calendar, as a file of YAML or JSON that a person can write from the paper.

    year: 2027                        # publishes this year; left out, the notice corrects single dates
    source: 国务院办公厅关于2027年部分节假日安排的通知
    version: state-council-2027       # optional name of the calendar that results
    rows:
      - {date: 2027-01-01, to: 2027-01-03, kind: holiday, name: 元旦}
      - {date: 2026-12-26, kind: make_up, name: 元旦调休上班}
      - {date: 2027-08-03, kind: closed, name: 台风停工, source: 市防汛抗旱指挥部通告}
      - {date: 2027-08-04, kind: open, hours: ["13:30-17:30"], name: 台风后半日复工}
      - {date: 2027-07-01, to: 2027-08-31, kind: hours, hours: ["09:00-12:00", "14:00-18:00"], name: 夏令作息}

``holiday`` and ``make_up`` are the State Council's, ``closed`` and ``open`` a local order; ``hours`` changes when the
worked dates of a stretch are worked, and leaves its days off alone. A date has one kind; a row's own ``source`` goes
before the notice's. Every fault is named by its line and field.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sky_net.sla.calendar import CalendarDay, Origin, Segments, WorkCalendar
from sky_net.sla.notice_file import Fields, NoticeInvalid, read_fields


class RowKind(StrEnum):
    """What a row says of its dates."""

    HOLIDAY = "holiday"
    """放假."""
    MAKE_UP = "make_up"
    """调休上班, on a Saturday or Sunday."""
    CLOSED = "closed"
    """Off by a local order, such as a typhoon."""
    OPEN = "open"
    """Worked by a local order, at the row's hours or the ordinary ones."""
    HOURS = "hours"
    """Other hours on those dates of the stretch that are worked anyway (夏令作息)."""


_ORIGINS = {
    RowKind.HOLIDAY: Origin.STATUTORY,
    RowKind.MAKE_UP: Origin.MAKE_UP,
    RowKind.CLOSED: Origin.LOCAL_OVERRIDE,
    RowKind.OPEN: Origin.LOCAL_OVERRIDE,
    RowKind.HOURS: Origin.SEASONAL_HOURS,
}
_OFF = (RowKind.HOLIDAY, RowKind.CLOSED)
_SATURDAY = 5
_LONGEST = 3660
"""Dates one row may span: ten years, far beyond any order and small enough for a mistyped century to show."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Dates from ``on`` to ``until``, both included. ``hours`` None are the ordinary ones; ``line`` is its own in the file."""

    on: date
    until: date
    kind: RowKind
    hours: Segments | None
    name: str
    source: str
    line: int

    def dates(self) -> Iterator[date]:
        """Every date of the row."""
        return (self.on + timedelta(days=count) for count in range((self.until - self.on).days + 1))

    def day(self, on: date, ordinary: Segments) -> CalendarDay:
        """The calendar's row for one of the dates."""
        origin = _ORIGINS[self.kind]
        if self.kind in _OFF:
            return CalendarDay.rest(on, origin, self.name, self.source)
        return CalendarDay.work(on, origin, self.hours or ordinary, self.name, self.source)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as read. ``year`` None corrects dates of a calendar without publishing a year; ``sha256`` is the text's."""

    year: int | None
    source: str
    version: str
    rows: tuple[NoticeRow, ...]
    sha256: str

    def applied_to(self, calendar: WorkCalendar) -> WorkCalendar:
        """The calendar after this notice.

        Raises CalendarInvalid when its year is not the one after the horizon, CalendarNotPublished for a date out of reach.
        """
        stated = [row.day(on, calendar.hours) for row in self._stating() for on in row.dates()]
        if self.year is None:
            changed = calendar.with_rows(stated, self.version)
        else:
            changed = calendar.with_notice(self.year, stated, self.source, self.version)
        timed = [
            _at_hours(changed.day(on), row)
            for row in self.rows
            if row.kind is RowKind.HOURS
            for on in row.dates()
            if self._takes_hours(changed.day(on))
        ]
        return changed.with_rows(timed, self.version) if timed else changed

    def _takes_hours(self, day: CalendarDay) -> bool:
        """A stretch of hours moves neither a day off nor a day whose own hours somebody ordered."""
        own = any(row.hours and row.on <= day.on <= row.until for row in self._stating())
        return day.is_workday and day.origin is not Origin.LOCAL_OVERRIDE and not own

    def _stating(self) -> Iterator[NoticeRow]:
        return (row for row in self.rows if row.kind is not RowKind.HOURS)


def read_notice(text: str) -> Notice:
    """The notice of a YAML or JSON file; NoticeInvalid names line and field of the first fault."""
    fields = read_fields(text)
    fields.expect(required=("source", "rows"), optional=("year", "version"))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    year = fields.year("year") if "year" in fields else None
    source = fields.text("source")
    version = fields.text("version") if "version" in fields else f"{year or 'order'}-{digest[:12]}"
    rows = tuple(_row(row, source, year) for row in fields.records("rows"))
    _one_kind_a_date(rows)
    return Notice(year, source, version, rows, digest)


def _row(fields: Fields, source: str, year: int | None) -> NoticeRow:
    fields.expect(required=("date", "kind"), optional=("to", "hours", "name", "source"))
    kind = RowKind(fields.choice("kind", tuple(RowKind)))
    on = fields.on("date")
    until = fields.on("to") if "to" in fields else on
    if not 0 <= (until - on).days < _LONGEST:
        fields.fault(
            "to", f"{until} 早于 {on} 或相隔十年以上", f"{until} lies before {on} or ten years after it"
        )
    hours = fields.hours("hours") if "hours" in fields else None
    _check_hours(fields, kind, hours)
    row = NoticeRow(
        on=on,
        until=until,
        kind=kind,
        hours=hours,
        name=fields.text("name") if "name" in fields else "",
        source=fields.text("source") if "source" in fields else source,
        line=fields.line,
    )
    _check_dates(fields, row, year)
    return row


def _check_hours(fields: Fields, kind: RowKind, hours: Segments | None) -> None:
    if kind is RowKind.HOURS and hours is None:
        fields.fault("hours", "缺少作息时段", "the hours are missing")
    if kind in _OFF and hours is not None:
        fields.fault("hours", "放假日不得有作息时段", "a day off has no hours")


def _check_dates(fields: Fields, row: NoticeRow, year: int | None) -> None:
    if row.kind is RowKind.MAKE_UP and any(on.weekday() < _SATURDAY for on in row.dates()):
        fields.fault("date", "调休上班须在周六或周日", "a make-up day is a Saturday or a Sunday")
    if year is not None and not date(year - 1, 12, 1) <= row.on <= row.until <= date(year, 12, 31):
        zh = f"{year} 年的通知只能涉及 {year - 1}-12-01 至 {year}-12-31"
        fields.fault("date", zh, f"the notice of {year} speaks of {year - 1}-12-01 to {year}-12-31 only")


def _one_kind_a_date(rows: tuple[NoticeRow, ...]) -> None:
    """Two statements on one date contradict each other, two sets of hours likewise; hours beside a statement do not."""
    settled: dict[tuple[date, bool], int] = {}
    for index, row in enumerate(rows):
        for on in row.dates():
            earlier = settled.setdefault((on, row.kind is RowKind.HOURS), index)
            if earlier != index:
                zh, en = f"{on} 已由 rows[{earlier}] 规定", f"{on} is already settled by rows[{earlier}]"
                raise NoticeInvalid(row.line, f"rows[{index}].date", zh, en)


def _at_hours(day: CalendarDay, row: NoticeRow) -> CalendarDay:
    """A worked day at the row's hours; a make-up day stays one, since that is why its Saturday is worked."""
    origin = day.origin if day.origin is Origin.MAKE_UP else Origin.SEASONAL_HOURS
    name, source = _both(day.name, row.name), _both(day.source, row.source)
    return CalendarDay.work(day.on, origin, row.hours or day.segments, name, source)


def _both(first: str, also: str) -> str:
    return "、".join(dict.fromkeys(part for part in (first, also) if part))


__all__ = ["Notice", "NoticeInvalid", "NoticeRow", "RowKind", "read_notice"]
