"""The clocks of the last months as the breach model takes them: in working days, with what ended each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from sky_net.monitoring.breach_model import HORIZON, WINDOW, Floats, History
from sky_net.needs.models import Need
from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.policy import STAGES
from sky_net.sla.prefix import wall
from sky_net.sla.reporting import Clocks

MOST = 40_000
"""Clocks that are read, those due last: what is older has been forgotten."""
REACH = timedelta(days=1.6 * (WINDOW + HORIZON))
"""Calendar days that hold so many working days, holidays included."""
LONG_BREAK = 3  # days off in a row
_SECOND, _HOURS_AHEAD = 1_000_000, 8 * 3600
_LATER = 1e-9


@dataclass(frozen=True)
class Past:
    """`rows` are parallel to the arrays of `history`; `at` is the instant of asking in working days."""

    rows: Sequence[Row[Any]]
    history: History
    due_at: NDArray[np.float64]
    at: float


def read_past(session: Session, clocks: Clocks, calendar: WorkCalendar) -> Past:
    """Every promise clock due since `REACH` ago, whatever its zone: one pace is learnt from all."""
    stopped = func.extract("epoch", clocks.c.stopped_at)
    query = (
        select(
            clocks.c.subject_id, clocks.c.subject_number, Need.zone_code, Need.industry, Need.owner_id, clocks.c.stage,
            clocks.c.due_at, func.extract("epoch", clocks.c.started_at).label("opened"),
            func.extract("epoch", clocks.c.due_at).label("due"), func.least(stopped, func.extract("epoch", clocks.c.cancelled_at)).label("ended"),
            func.coalesce(clocks.c.cancelled_at < func.coalesce(clocks.c.stopped_at, clocks.as_of), False).label("cancelled"),
        )
        .join(Need, Need.id == clocks.c.subject_id)
        .where(clocks.c.due_at >= clocks.as_of - REACH)
        .order_by(clocks.c.due_at.desc())
        .limit(MOST)
    )  # fmt: skip
    rows = session.execute(query).all()
    return Past(
        rows,
        _history(rows, calendar),
        _column(rows, "due"),
        _days(np.array([_now(clocks.as_of)]), calendar)[0],
    )


def _history(rows: Sequence[Row[Any]], calendar: WorkCalendar) -> History:
    opened, due, ended = (_column(rows, name) for name in ("opened", "due", "ended"))
    due_days, ended_days = _days(due, calendar), np.where(np.isinf(ended), np.inf, _days(ended, calendar))
    # In the evening after the deadline no working time has passed since, and yet it is late.
    ended_days = np.where(
        ended > due, np.maximum(ended_days, due_days + _LATER), np.minimum(ended_days, due_days)
    )
    stage = np.array([STAGES.index(row.stage) for row in rows], dtype=np.int64)
    owners: dict[UUID | None, int] = {}
    owner = np.array([owners.setdefault(row.owner_id, len(owners)) for row in rows], dtype=np.int64)
    ends = {(row.subject_id, place): end for row, place, end in zip(rows, stage, ended_days, strict=True)}
    before = [ends.get((row.subject_id, place - 1), 0.0) for row, place in zip(rows, stage, strict=True)]
    cancelled = np.array([row.cancelled for row in rows], dtype=bool)
    return History(
        stage,
        owner,
        _days(opened, calendar),
        due_days,
        ended_days,
        np.array(before),
        cancelled,
        breaks(calendar),
    )


def breaks(calendar: WorkCalendar) -> Floats:
    """The working days, counted from the calendar's first, after which at least three days are off."""
    days = np.array(calendar.worked.days)
    after = np.flatnonzero(np.diff(days) > LONG_BREAK)
    return np.array(calendar.worked.day_through)[after] / _standard(calendar)


def _days(seconds: Floats, calendar: WorkCalendar) -> Floats:
    """Instants (seconds since 1970, UTC) as working days since the calendar's first: W(t), all at once."""
    sums = calendar.worked
    at = np.where(np.isfinite(seconds), seconds, 0.0) * _SECOND + _HOURS_AHEAD * _SECOND
    reached = np.maximum(np.searchsorted(np.array(sums.opens), at, side="right") - 1, 0)
    worked = np.array(sums.through)[reached] - np.maximum(0.0, np.array(sums.closes)[reached] - at)
    days: Floats = np.maximum(worked, 0.0) / _standard(calendar)
    return days


def _standard(calendar: WorkCalendar) -> float:
    return calendar.standard_day.total_seconds() * _SECOND


def _column(rows: Sequence[Row[Any]], name: str) -> Floats:
    """Seconds since 1970; infinity for what has not happened."""
    return np.array(
        [np.inf if (value := getattr(row, name)) is None else float(value) for row in rows], dtype=float
    )


def _now(at: datetime) -> float:
    return wall(at) / _SECOND - _HOURS_AHEAD
