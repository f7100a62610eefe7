"""Dates, hours and durations as a proof card writes them, in Chinese and English."""

from datetime import date, datetime, time, timedelta

from backbone.errors import Bilingual
from sky_net.sla.calendar import CalendarDay, Origin, Segments
from sky_net.sla.prefix import SHANGHAI

_MINUTE = timedelta(minutes=1)
_WEEKDAYS = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def minutes_of(worked: timedelta) -> int | float:
    """Working time in minutes, whole where it is; a card needs no more than thousandths."""
    whole, rest = divmod(worked, _MINUTE)
    return whole + round(rest / _MINUTE, 3) if rest else whole


def on_date(on: date) -> Bilingual:
    """2026-02-15(周日) / Sun 2026-02-15."""
    return Bilingual(f"{on}（周{_WEEKDAYS[on.weekday()]}）", f"{_WEEKDAYS_EN[on.weekday()]} {on}")


def stretch(first: date, last: date) -> Bilingual:
    """One date, or the first and the last of several; the year is repeated only where it changes."""
    if first == last:
        return on_date(first)
    start, end = on_date(first), on_date(last)
    if first.year == last.year:
        year = f"{last.year}-"
        end = Bilingual(end.zh.removeprefix(year), str(end).replace(year, "", 1))
    return Bilingual(f"{start.zh}至 {end.zh}", f"{start} to {end}")


def clock_time(at: datetime) -> str:
    """Shanghai's, 09:30, with seconds only where there are any; nobody reads fractions, which the instants beside keep."""
    local = at.astimezone(SHANGHAI).time()
    return local.isoformat("seconds" if local.second or local.microsecond else "minutes")


def moment(at: datetime, at_end: bool = False) -> Bilingual:
    """Date and time of day. With `at_end` midnight is 24:00 of the day that ends."""
    local = at.astimezone(SHANGHAI)
    if at_end and local.time() == time():
        on, shown = on_date(local.date() - timedelta(days=1)), "24:00"
    else:
        on, shown = on_date(local.date()), clock_time(at)
    return Bilingual(f"{on.zh}{shown}", f"{on} {shown}")


def hours_of(segments: Segments) -> Bilingual:
    """09:00–12:00、13:30–17:30."""
    spans = [f"{a // 60:02d}:{a % 60:02d}–{b // 60:02d}:{b % 60:02d}" for a, b in segments]
    return Bilingual("、".join(spans), ", ".join(spans))


def why(day: CalendarDay) -> Bilingual:
    """What makes a date a working day or a day off, in the notice's own name for it; empty for the ordinary week."""
    return _why_worked(day) if day.is_workday else _why_off(day)


def _why_worked(day: CalendarDay) -> Bilingual:
    match day.origin:
        case Origin.MAKE_UP:
            name = day.name if "调休" in day.name else f"{day.name}调休上班"
            return Bilingual(name, f"make-up workday ({name})")
        case Origin.LOCAL_OVERRIDE:
            return _named(day, Bilingual("按当地通知上班", "worked by a local order"))
        case Origin.SEASONAL_HOURS:
            return _named(day, Bilingual("季节作息", "seasonal hours"))
        case Origin.ASSUMED:
            return Bilingual("放假安排未公布，暂按工作日", "no notice published yet, taken as a workday")
        case _:
            return Bilingual("", "")


def _why_off(day: CalendarDay) -> Bilingual:
    match day.origin:
        case Origin.STATUTORY:
            return Bilingual(
                f"{day.name}放假", f"public holiday ({day.name})" if day.name else "public holiday"
            )
        case Origin.LOCAL_OVERRIDE:
            return _named(day, Bilingual("按当地通知停工", "closed by a local order"))
        case Origin.ASSUMED:
            return Bilingual(
                "周末（放假安排未公布，暂按周末）", "weekend (no notice published yet, taken as one)"
            )
        case _:
            return Bilingual("周末", "weekend")


def _named(day: CalendarDay, plain: Bilingual) -> Bilingual:
    return Bilingual(day.name, f"{plain} ({day.name})") if day.name else plain
