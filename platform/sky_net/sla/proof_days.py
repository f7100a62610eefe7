"""The dates of a period, folded into stretches that count or do not count for one and the same reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from backbone.errors import Bilingual
from sky_net.sla.calendar import SHANGHAI, CalendarDay, Segments, WorkCalendar, shanghai_date
from sky_net.sla.prefix import MICROSECOND
from sky_net.sla.proof_lines import ProofLine
from sky_net.sla.proof_words import clock_time, hours_of, minutes_of, stretch, why

_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class _Counted:
    """A date with the working time it has within the period and its number among the period's working days."""

    day: CalendarDay
    ordinal: int
    starts: datetime
    ends: datetime
    worked: timedelta

    @property
    def is_cut(self) -> bool:
        """Whether the period begins or ends inside this date's hours, so that only a part of it counts."""
        full = sum(close - opening for opening, close in self.day.segments)
        return self.day.is_workday and self.worked != timedelta(minutes=full)


def day_lines(calendar: WorkCalendar, first: date, opening: datetime, edge: datetime) -> Iterator[ProofLine]:
    """From the date `first` on, what each date has between `opening`, where counting begins, and `edge`, where it ends."""
    if edge <= opening:
        return
    days = calendar.days(first, shanghai_date(edge - MICROSECOND))
    for _, alike in groupby(_counted(calendar, days, opening, edge), key=_sort_of):
        stretch_of = list(alike)
        yield _worked_line(calendar, stretch_of) if stretch_of[0].day.is_workday else _off_line(stretch_of)


def _counted(
    calendar: WorkCalendar, days: Iterable[CalendarDay], opening: datetime, edge: datetime
) -> Iterator[_Counted]:
    ordinal = 0
    for day in days:
        from_hour, to_hour = _hours(day)
        starts, ends = (
            (max(from_hour, opening), min(to_hour, edge)) if day.is_workday else (from_hour, to_hour)
        )
        worked = _between(calendar, starts, ends)
        if day.is_workday and not worked:
            continue  # its hours lie before the opening or after the edge: it is no day of the period
        ordinal += day.is_workday
        yield _Counted(day, ordinal, starts, ends, worked)


def _hours(day: CalendarDay) -> tuple[datetime, datetime]:
    """From the first opening to the last close of a working day, the whole of a day off."""
    opening, close = (day.segments[0][0], day.segments[-1][1]) if day.segments else (0, _MINUTES_A_DAY)
    midnight = datetime.combine(day.on, time(), SHANGHAI)
    return midnight + timedelta(minutes=opening), midnight + timedelta(minutes=close)


def _between(calendar: WorkCalendar, starts: datetime, ends: datetime) -> timedelta:
    sums = calendar.worked
    before = sums.before(calendar.wall_within(starts))
    return max(0, sums.before(calendar.wall_within(ends)) - before) * MICROSECOND


def _sort_of(counted: _Counted) -> tuple[object, ...]:
    """What makes neighbouring dates one stretch: the same reason, hours and source; a cut day stands alone."""
    day = counted.day
    alone = day.on if counted.is_cut else None
    return day.is_workday, day.origin, day.name, day.source, day.segments, alone


def _worked_line(calendar: WorkCalendar, days: list[_Counted]) -> ProofLine:
    first, last = days[0], days[-1]
    worked = sum((each.worked for each in days), timedelta())
    dates, minutes = stretch(first.day.on, last.day.on), minutes_of(worked)
    reason, hours = why(first.day), _unusual(first.day.segments, calendar.hours)
    part = _part(first) if first.is_cut else Bilingual("", "")
    number = Bilingual(f"第 {first.ordinal} 个工作日", f"Working day {first.ordinal}")
    if first.ordinal != last.ordinal:
        number = Bilingual(
            f"第 {first.ordinal} 至 {last.ordinal} 个工作日",
            f"Working days {first.ordinal} to {last.ordinal}",
        )
    said = Bilingual(
        f"{number.zh}：{dates.zh}{reason.zh}{hours.zh}{part.zh}，计 {minutes} 分钟",
        f"{number}: {dates}{_after(reason)}{hours}{part}: {minutes} minutes count",
    )
    return ProofLine(
        "working_days", said, starts=first.starts, ends=last.ends, worked=worked, source=first.day.source
    )


def _off_line(days: list[_Counted]) -> ProofLine:
    first, last = days[0], days[-1]
    dates, reason = stretch(first.day.on, last.day.on), why(first.day)
    said = Bilingual(
        f"{dates.zh}{reason.zh} {len(days)} 天，不计",
        f"{dates}{_after(reason)}, {len(days)} day{'s' if len(days) > 1 else ''}, not counted",
    )
    return ProofLine("days_off", said, starts=first.starts, ends=last.ends, source=first.day.source)


def _part(cut: _Counted) -> Bilingual:
    """Which part of a cut day lies in the period."""
    opening, close = _hours(cut.day)
    from_start = "" if cut.starts == opening else clock_time(cut.starts)
    to_end = "" if cut.ends == close else clock_time(cut.ends)
    zh = (f"自 {from_start} " if from_start else "") + (f"至 {to_end}" if to_end else "")
    en = (f" from {from_start}" if from_start else "") + (f" until {to_end}" if to_end else "")
    return Bilingual(f" {zh.strip()}", en)


def _unusual(segments: Segments, ordinary: Segments) -> Bilingual:
    if segments == ordinary:
        return Bilingual("", "")
    hours = hours_of(segments)
    return Bilingual(f"（作息 {hours.zh}）", f" (hours {hours})")


def _after(reason: Bilingual) -> str:
    return f", {reason}" if reason else ""
