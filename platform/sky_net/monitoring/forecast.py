"""Which of the clocks that fall due within the next ten working days will be breached, and what that is said from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.regions import HUBEI, regions_of
from backbone.errors import Bilingual
from sky_net.monitoring import breach_model as model
from sky_net.monitoring.dimensions import Part, parts_of
from sky_net.monitoring.past import Past, read_past
from sky_net.sla.calendar import WorkCalendar, shanghai_date
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.parties import PLATFORM
from sky_net.sla.permissions import watched_zones
from sky_net.sla.reporting import clocks_of

WORKING_DAYS = int(model.HORIZON)
LOGISTIC, BASE_RATE = "logistic", "base_rate"
FITTED = Bilingual(
    "按近 {window} 个工作日内到期的时钟拟合的逻辑回归，近期权重较大",
    "a logistic regression on the clocks due in the last {window} working days, recent ones weighing more",
)
TOO_LITTLE = Bilingual(
    "历史不足：{have} / {needed} 个已有结果的时钟（且按时、超时各须 {each} 个），给出的是各阶段的历史超时率",
    "not enough history: {have} of {needed} clocks with a known outcome (and {each} each kept and breached); "
    "what is given is the rate of each stage so far",
)
NOTHING = Bilingual("尚无任何到期的时钟，无从预测", "no clock has fallen due yet: there is nothing to go by")


@dataclass(frozen=True)
class DayForecast:
    """The clocks due on a day; the numbers are None where there is nothing to go by."""

    on: date
    clocks: int
    expected: float | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class ClockForecast:
    """One open clock."""

    need_id: UUID
    need_number: str
    zone_code: str
    stage: str
    due_at: datetime
    owner: Part
    probability: float | None


@dataclass(frozen=True)
class Forecast:
    """What will be breached, from which model and how much history."""

    as_of: datetime
    model: str | None
    enough_history: bool
    history: int
    needed: int
    note: Bilingual
    fitted_from: date | None
    fitted_to: date | None
    days: list[DayForecast]
    clocks: list[ClockForecast]


def forecast_breaches(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Forecast:
    """The forecast for the actor's zones, learnt from the whole province's outcomes; raises Forbidden."""
    # One calendar says which days are worked: the forecast learns from all zones together.
    zones, calendar = watched_zones(actor), calendar_for(session, HUBEI)
    past = read_past(session, clocks_of(session, PLATFORM, None, now), calendar)
    days = next_working_days(calendar, now)
    chosen = _chosen(past, zones, asked, now, set(days))
    known = past.history.known(past.at)
    enough = model.is_enough(past.history, past.at)
    chances = _chances(past, chosen, enough)
    kind = None if not known.any() else LOGISTIC if enough else BASE_RATE
    due_on = [shanghai_date(past.rows[place].due_at) for place in np.flatnonzero(known).tolist()]
    window = past.at - model.WINDOW
    fitted = [
        on for on, due in zip(due_on, past.history.due[known], strict=True) if not enough or due > window
    ]
    return Forecast(
        now, kind, enough, int(known.sum()), model.NEEDED, _note(kind, int(known.sum())), min(fitted, default=None),
        max(fitted, default=None), _by_day(past, chosen, chances, days), _by_clock(session, past, chosen, chances),
    )  # fmt: skip


def next_working_days(calendar: WorkCalendar, now: datetime) -> list[date]:
    """The ten working days from today on, today included where it is one; fewer at the calendar's end."""
    today = shanghai_date(now)
    reach = min(today + timedelta(days=60), calendar.last)
    return [day.on for day in calendar.days(today, reach) if day.is_workday][:WORKING_DAYS]


def _chosen(
    past: Past, zones: frozenset[str] | None, asked: Mapping[str, Any], now: datetime, days: set[date]
) -> Sequence[int]:
    """Places of the open clocks of the actor's zones that fall due on these days."""
    areas = regions_of(asked["zone"]) if asked.get("zone") else None
    found = []
    for place in np.flatnonzero(np.isinf(past.history.ended) & (past.history.opened <= past.at)).tolist():
        row = past.rows[place]
        is_own = zones is None or row.zone_code in zones
        is_asked = (areas is None or row.zone_code in areas) and row.stage in (
            asked.get("stage") or (row.stage,)
        )
        is_asked = is_asked and row.industry in (asked.get("industry") or (row.industry,))
        if is_own and is_asked and row.due_at >= now and shanghai_date(row.due_at) in days:
            found.append(place)
    return sorted(found, key=lambda place: (past.rows[place].due_at, past.rows[place].subject_number))


def _chances(past: Past, chosen: Sequence[int], enough: bool) -> model.Floats:
    """The probability of each chosen clock, not a number where there is nothing to go by."""
    if not chosen:
        return np.zeros(0)
    if not enough:
        return model.base_rate(past.history, past.at)[past.history.stage[list(chosen)]]
    which = np.zeros(len(past.rows), dtype=bool)
    which[list(chosen)] = True
    fitted = model.predict(model.fit(past.history, past.at), past.history, which, past.at)
    by_place = dict(zip(np.flatnonzero(which).tolist(), fitted, strict=True))
    return np.array([by_place[place] for place in chosen])


def _note(kind: str | None, have: int) -> Bilingual:
    if kind is None:
        return NOTHING
    if kind == BASE_RATE:
        return TOO_LITTLE.format(have=have, needed=model.NEEDED, each=model.NEEDED_EACH)
    return FITTED.format(window=int(model.WINDOW))


def _by_day(
    past: Past, chosen: Sequence[int], chances: model.Floats, days: Sequence[date]
) -> list[DayForecast]:
    by_day: dict[date, list[float]] = defaultdict(list)
    for place, chance in zip(chosen, chances, strict=True):
        by_day[shanghai_date(past.rows[place].due_at)].append(float(chance))
    return [_of_day(on, np.array(by_day[on])) for on in days]


def _of_day(on: date, chances: model.Floats) -> DayForecast:
    if np.isnan(chances).any():
        return DayForecast(on, chances.size, None, None, None)
    low, high = model.counts_within(chances)
    return DayForecast(on, chances.size, round(float(chances.sum()), 2), low, high)


def _by_clock(
    session: Session, past: Past, chosen: Sequence[int], chances: model.Floats
) -> list[ClockForecast]:
    owners = parts_of(session, ["operator"], {(past.rows[place].owner_id,) for place in chosen})
    found = []
    for place, chance in zip(chosen, chances, strict=True):
        row = past.rows[place]
        probability = None if np.isnan(chance) else round(float(chance), 4)
        found.append(
            ClockForecast(row.subject_id, row.subject_number, row.zone_code, row.stage, row.due_at,
                          owners[(row.owner_id,)][0], probability)
        )  # fmt: skip
    return found
