"""The working calendar: one row per date, because a make-up Saturday cannot be expressed by subtraction.

Weekly hours minus a list of holidays, as help desks keep it, has no place for 调休上班. Here every date
says for itself whether it is worked, during which hours, and by which authority. Past the last
published year Monday to Friday count and no holiday is assumed, for at most 366 days; whatever falls
there is provisional.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.metadata import version as installed_version

from sky_net.sla.errors import CalendarInvalid, CalendarNotPublished
from sky_net.sla.prefix import DAY, SHANGHAI, WorkedTime, date_of, day_number, wall

Segments = tuple[tuple[int, int], ...]
"""Working hours of one day as (opening, close) in minutes since its midnight."""

DEFAULT_HOURS: Segments = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
REACH_PAST_HORIZON = timedelta(days=366)
WEEKLY_SOURCE = "《国务院关于职工工作时间的规定》第七条"
_MINUTES_A_DAY = 24 * 60
_SATURDAY = 5


class Origin(StrEnum):
    """Why a date is what it is; the proof card shows it."""

    STATUTORY = "statutory"
    """放假 by the State Council's notice, days in lieu included."""
    MAKE_UP = "make_up"
    """调休上班: a weekend day worked for a holiday."""
    WEEKLY = "weekly"
    """The ordinary week of a published year."""
    LOCAL_OVERRIDE = "local_override"
    """A local order, such as a typhoon day."""
    SEASONAL_HOURS = "seasonal_hours"
    """Worked as usual, at other hours (夏令作息)."""
    ASSUMED = "assumed"
    """Past the last published notice."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One date. ``segments`` is empty exactly when the date is not worked; ``source`` is the legal ground."""

    on: date
    is_workday: bool
    segments: Segments
    origin: Origin
    name: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.is_workday != bool(self.segments):
            raise CalendarInvalid(
                f"{self.on}:工作日须有作息时段,非工作日不得有。",
                f"{self.on}: a workday needs hours and a day off has none.",
            )
        reached = 0
        for opening, close in self.segments:
            if not reached <= opening < close <= _MINUTES_A_DAY:
                raise CalendarInvalid(
                    f"{self.on}:作息时段须按先后排列、互不重叠,且在 0 至 1440 分钟之内。",
                    f"{self.on}: hours must be in order, must not overlap and lie within 0 to 1440 minutes.",
                )
            reached = close

    @classmethod
    def work(
        cls, on: date, origin: Origin, segments: Segments = DEFAULT_HOURS, name: str = "", source: str = ""
    ) -> "CalendarDay":
        """A worked date."""
        return cls(on, True, segments, origin, name, source)

    @classmethod
    def rest(cls, on: date, origin: Origin, name: str = "", source: str = "") -> "CalendarDay":
        """A date off."""
        return cls(on, False, (), origin, name, source)


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Immutable: a revision is a new calendar with its own ``version``, which a verdict can name.

    ``rows`` holds every date from ``first`` to ``horizon`` (the last officially published date) and any
    override after it. ``hours`` are the hours of an ordinary working day.
    """

    version: str
    first: date
    horizon: date
    rows: Mapping[date, CalendarDay]
    hours: Segments = DEFAULT_HOURS

    def __post_init__(self) -> None:
        for on in _dates(self.first, self.horizon):
            if on not in self.rows:
                raise CalendarInvalid(f"工作日历缺少 {on}。", f"The calendar has no row for {on}.")

    @property
    def last(self) -> date:
        """The last date that can be computed with: 366 days past the horizon."""
        return self.horizon + REACH_PAST_HORIZON

    @property
    def standard_day(self) -> timedelta:
        """Working time of an ordinary day; a pause maximum of n working days is n of these."""
        return timedelta(minutes=sum(close - opening for opening, close in self.hours))

    @cached_property
    def worked(self) -> WorkedTime:
        """The prefix sums, built on first use (about 20 ms for twenty years) and kept."""
        days = (self.day(on) for on in _dates(self.first, self.last))
        return WorkedTime.over((day_number(day.on), day.segments) for day in days)

    def day(self, on: date) -> CalendarDay:
        """The row of a date, made up (origin ``assumed``) past the horizon."""
        if not self.first <= on <= self.last:
            raise CalendarNotPublished(on, self.first, self.last)
        return self.rows.get(on) or _weekly_day(on, Origin.ASSUMED, self.hours, "")

    def days(self, start: date, end: date) -> Iterator[CalendarDay]:
        """The rows from ``start`` to ``end``, both included."""
        return (self.day(on) for on in _dates(start, end))

    def wall_within(self, at: datetime) -> int:
        """Its :func:`prefix.wall`, if this calendar can compute with it; CalendarNotPublished otherwise."""
        micros = wall(at)
        if not day_number(self.first) * DAY <= micros <= (day_number(self.last) + 1) * DAY:
            raise CalendarNotPublished(at.isoformat(timespec="minutes"), self.first, self.last)
        return micros

    def is_provisional(self, at: datetime) -> bool:
        """Whether an instant lies past the published dates; 24:00 of the horizon does not."""
        return (wall(at) - 1) // DAY > day_number(self.horizon)

    def with_rows(self, rows: Iterable[CalendarDay], version: str) -> "WorkCalendar":
        """A calendar in which these dates are replaced: a typhoon day, seasonal hours, a corrected notice.

        Rows past the horizon are taken too, but stay provisional: a single order does not publish a year.
        """
        changed = dict(self.rows)
        for row in rows:
            changed[self.day(row.on).on] = row
        return WorkCalendar(version, self.first, self.horizon, changed, self.hours)

    def with_notice(
        self, year: int, rows: Iterable[CalendarDay], source: str, version: str
    ) -> "WorkCalendar":
        """A calendar published through ``year``: the notice's rows, its other dates by the ordinary week.

        Rows may reach back into the year before, as a notice does when the New Year holiday needs a
        make-up day in December; only the year after the horizon can be loaded, so that no gap opens.
        """
        start, end = date(year, 1, 1), date(year, 12, 31)
        if self.horizon + timedelta(days=1) != start:
            raise CalendarInvalid(
                f"只能载入 {self.horizon} 之后的下一年度,不能载入 {year} 年;已公布日期请逐行更正。",
                f"Only the year after {self.horizon} can be loaded, not {year}; correct known dates row by row.",
            )
        changed = dict(self.rows)
        for on in _dates(start, end):
            changed.setdefault(on, _weekly_day(on, Origin.WEEKLY, self.hours, source))
        for row in rows:
            if not self.first <= row.on <= end:
                raise CalendarNotPublished(row.on, self.first, end)
            changed[row.on] = row
        return WorkCalendar(version, self.first, end, changed, self.hours)


def shanghai_date(at: datetime) -> date:
    """The date an instant falls on in Shanghai, whatever the host's or the instant's own zone."""
    return date_of(wall(at) // DAY)


@lru_cache(maxsize=4)
def published_calendar(hours: Segments = DEFAULT_HOURS) -> WorkCalendar:
    """The State Council's calendar as ``chinesecalendar`` carries it; read once per process."""
    from chinese_calendar.constants import holidays, workdays  # here: 40 ms that a policy lookup need not pay

    release = installed_version("chinesecalendar")
    first, horizon = date(min(holidays).year, 1, 1), date(max(holidays).year, 12, 31)
    names = _chinese_names()
    rows: dict[date, CalendarDay] = {}
    for on in _dates(first, horizon):
        if on in workdays:
            name = f"{names[workdays[on]]}调休上班"
            rows[on] = CalendarDay.work(on, Origin.MAKE_UP, hours, name, _notice_of(on, release))
        elif on in holidays:
            rows[on] = CalendarDay.rest(on, Origin.STATUTORY, names[holidays[on]], _notice_of(on, release))
        else:
            rows[on] = _weekly_day(on, Origin.WEEKLY, hours, WEEKLY_SOURCE)
    return WorkCalendar(f"chinesecalendar-{release}", first, horizon, rows, hours)


def _chinese_names() -> dict[str, str]:
    from chinese_calendar.constants import Holiday

    return {holiday.value: holiday.chinese for holiday in Holiday}


def _notice_of(on: date, release: str) -> str:
    """Days around New Year belong to the notice of the year that begins."""
    year = on.year + (on.month == 12)
    return f"国务院办公厅 {year} 年节假日安排(数据:chinesecalendar {release})"


def _weekly_day(on: date, origin: Origin, hours: Segments, source: str) -> CalendarDay:
    if on.weekday() < _SATURDAY:
        return CalendarDay.work(on, origin, hours, source=source)
    return CalendarDay.rest(on, origin, source=source)


def _dates(start: date, end: date) -> Iterator[date]:
    return (date.fromordinal(n) for n in range(start.toordinal(), end.toordinal() + 1))


__all__ = [
    "DEFAULT_HOURS",
    "SHANGHAI",
    "CalendarDay",
    "Origin",
    "Segments",
    "WorkCalendar",
    "published_calendar",
    "shanghai_date",
]
