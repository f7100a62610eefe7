"""How fast deadlines are computed, beside numpy's own business-day arithmetic on the same dates in the same run.

``numpy.busday_offset`` works on whole arrays and knows neither hours nor pauses: it is the anchor of a million clocks at
once, and shown for orientation beside one clock at a time.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np

from bench.many_clocks import Courses, Instants, Pauses
from sky_net.sla.calendar import WorkCalendar, published_calendar
from sky_net.sla.prefix import DAY, MINUTE, day_number, instant
from sky_net.sla.working_time import Course, Pause, due

_FIRST = datetime(2004, 1, 1, tzinfo=UTC)
_DAYS_OF_STARTS = 365 * 22
_BUDGET = 15
_MANY = 1_000_000
_PAUSES = 3
_SAMPLE = 500


def clocks_per_second(count: int = 20_000, repeats: int = 3) -> dict[str, object]:
    """Deadlines per second of :func:`due` (15 working days, no pause) and of ``numpy.busday_offset``.

    Both run over the same starts and the same working days; a disagreement on a single date is an error.
    ``ratio`` is numpy's rate over ours.
    """
    calendar = published_calendar()
    draw = random.Random(20260213)
    starts = [_FIRST + timedelta(minutes=draw.randrange(_DAYS_OF_STARTS * 24 * 60)) for _ in range(count)]
    dates = np.array([(start + timedelta(hours=8)).date() for start in starts], dtype="datetime64[D]")
    busdays = _numpy_calendar(calendar)

    def ours() -> list[datetime | None]:
        return [due(calendar, start, _BUDGET) for start in starts]

    def anchor() -> np.ndarray:
        return np.busday_offset(dates, _BUDGET, roll="backward", busdaycal=busdays)

    expected = [day.item() for day in anchor()]
    if [at.date() for at in ours() if at is not None] != expected:
        raise AssertionError("due() and numpy.busday_offset disagree on the same working days")
    own_rate, anchor_rate = count / _best(ours, repeats), count / _best(anchor, repeats)
    return {
        "name": "clock: deadlines without pauses, one at a time",
        "ours": round(own_rate),
        "anchor": round(anchor_rate),
        "anchor_version": f"numpy {np.__version__} busday_offset, vectorised, whole days",
        "ratio": round(anchor_rate / own_rate, 2),
        "goal": None,
        "met": None,
        "unit": "deadlines/s",
    }


def a_million_clocks() -> dict[str, object]:
    """Deadlines per second of a million clocks without pauses at once; every date is compared with numpy's."""
    calendar, starts = published_calendar(), _starts()
    expected, anchor = _anchor(calendar, starts)
    ours = _best(lambda: Courses(calendar, starts).due(_BUDGET), 3)
    found = Courses(calendar, starts).due(_BUDGET)
    if not np.array_equal(found // DAY, expected.astype("datetime64[D]").astype(np.int64)):
        raise AssertionError("the deadlines and numpy.busday_offset disagree on the same working days")
    _check_sample(calendar, starts, None, found)
    return _row("100 万个时钟，无暂停 / 1M clocks without pauses", ours, anchor, 5)


def a_million_paused_clocks() -> dict[str, object]:
    """The same with three pauses each, some overlapping, some outside working time; a sample is compared one by one."""
    calendar, starts = published_calendar(), _starts()
    _, anchor = _anchor(calendar, starts)
    pauses = _pauses(starts)
    ours = _best(lambda: Courses(calendar, starts, pauses).due(_BUDGET), 3)
    _check_sample(calendar, starts, pauses, Courses(calendar, starts, pauses).due(_BUDGET))
    return _row("100 万个时钟，各暂停三次 / 1M clocks with three pauses each", ours, anchor, 20)


def _starts() -> Instants:
    minutes = np.random.default_rng(20260213).integers(0, _DAYS_OF_STARTS * 24 * 60, _MANY)
    return day_number(_FIRST.date()) * DAY + minutes * MINUTE


def _pauses(starts: Instants) -> Pauses:
    """Up to ten days each, begun within thirty days of the start."""
    draw = np.random.default_rng(20260214)
    begun = starts[:, None] + draw.integers(0, 30 * 24 * 60, (_MANY, _PAUSES)) * MINUTE
    return Pauses(begun, begun + draw.integers(0, 10 * 24 * 60, (_MANY, _PAUSES)) * MINUTE)


def _anchor(calendar: WorkCalendar, starts: Instants) -> tuple[np.ndarray, float]:
    """What numpy says of the same starts, and the seconds it takes."""
    dates, busdays = (starts // DAY).astype("datetime64[D]"), _numpy_calendar(calendar)

    def offset() -> np.ndarray:
        return np.busday_offset(dates, _BUDGET, roll="backward", busdaycal=busdays)

    return offset(), _best(offset, 3)


def _check_sample(calendar: WorkCalendar, starts: Instants, pauses: Pauses | None, found: Instants) -> None:
    for index in random.Random(20260215).sample(range(_MANY), _SAMPLE):
        rows = [] if pauses is None else zip(pauses.starts[index], pauses.ends[index], strict=True)
        own = [Pause(instant(int(begin)), instant(int(end))) for begin, end in rows]
        course = Course(calendar, instant(int(starts[index])), own)
        if course.due(course.budget(_BUDGET)) != instant(int(found[index])):
            raise AssertionError(f"clock {index} of the million has another deadline than it has alone")


def _row(name: str, seconds: float, anchor: float, most: int) -> dict[str, object]:
    ratio = seconds / anchor
    return {
        "name": name,
        "ours": round(_MANY / seconds),
        "anchor": round(_MANY / anchor),
        "anchor_version": f"numpy {np.__version__} busday_offset, whole days, no hours, no pauses",
        "ratio": round(ratio, 2),
        "goal": f"<= {most}x",
        "met": ratio <= most,
        "unit": "deadlines/s",
    }


def _numpy_calendar(calendar: WorkCalendar) -> np.busdaycalendar:
    """All seven days open and every day off listed: numpy's only way to express a make-up Saturday."""
    days = calendar.days(calendar.first, calendar.last)
    return np.busdaycalendar(weekmask="1111111", holidays=[row.on for row in days if not row.is_workday])


def _best(work: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest run."""
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


ROWS: list[Callable[[], dict[str, object]]] = [clocks_per_second, a_million_clocks, a_million_paused_clocks]
