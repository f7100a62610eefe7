"""How the promises were kept over time: by month or week, empty ones included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.permissions import reported_zones
from sky_net.monitoring import models
from sky_net.monitoring.compliance import Cut, tally_by
from sky_net.monitoring.dimensions import bucket
from sky_net.monitoring.periods import Period, instant_of, period_of
from sky_net.monitoring.tally import Tally
from sky_net.needs.models import Need
from sky_net.sla.reporting import clocks_of


@dataclass(frozen=True)
class Point:
    """A month or week by its first day: needs first submitted in it, and the clocks due in it."""

    begins_on: date
    submitted: int
    tally: Tally


@dataclass(frozen=True)
class Trend:
    """The points of a period, in order; days outside the period are in none."""

    period: Period
    as_of: datetime
    size: str
    points: list[Point]


def report_trend(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Trend:
    """The trend within the actor's zones; raises Invalid, and Forbidden for who reports on none."""
    zones, period, size = reported_zones(actor), period_of(asked, now), asked["by"]
    clocks = clocks_of(session, asked["party"], instant_of(asked, now), now)
    due = tally_by(session, Cut(clocks, zones, asked, period, (size,)))
    submitted = _submitted(session, zones, asked, period, clocks.as_of, size)
    points = []
    for begins_on in period.buckets(size):
        points.append(Point(begins_on, submitted.get(begins_on, 0), due.get((begins_on,), Tally())))
    return Trend(period, clocks.as_of, size, points)


def _submitted(
    session: Session,
    zones: frozenset[str] | None,
    asked: Mapping[str, Any],
    period: Period,
    as_of: datetime,
    size: str,
) -> dict[date, int]:
    within = (
        Need.submitted_at >= period.begins_at,
        Need.submitted_at < period.ends_at,
        Need.submitted_at <= as_of,
    )
    query = select(bucket(Need.submitted_at, period, size), func.count()).where(
        *within, *models.of_needs(zones, asked)
    )
    starts = list(period.buckets(size))
    return {starts[place - 1]: count for place, count in session.execute(query.group_by(literal_column("1")))}
