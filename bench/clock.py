"""How fast one deadline is computed, beside numpy's own business-day arithmetic on the same dates.

``numpy.busday_offset`` works on whole arrays and knows neither hours nor pauses, so its rate is shown for
orientation and sets no goal for the scalar function.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np

from sky_net.sla.calendar import WorkCalendar, published_calendar
from sky_net.sla.working_time import due

_FIRST = datetime(2004, 1, 1, tzinfo=UTC)
_DAYS_OF_STARTS = 365 * 22
_BUDGET = 15


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


ROWS: list[Callable[[], dict[str, object]]] = [clocks_per_second]
