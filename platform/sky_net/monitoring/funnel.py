"""How far the needs of a period have come, step by step, and where they stay behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, func, literal_column, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.permissions import reported_zones
from backbone.errors import Bilingual
from sky_net.monitoring import models
from sky_net.monitoring.dimensions import Part, areas, bucket, parts_of
from sky_net.monitoring.periods import Period, instant_of, period_of
from sky_net.monitoring.tally import share
from sky_net.needs.models import Need, NeedTransition
from sky_net.needs.states import OF_CONTRACTS, STATES, TRANSITIONS

STEPS = ("submitted", "confirmed", "matched", "communicating", "proposed", "selected")
PAST_THE_LAST = tuple(step.to for step in TRANSITIONS if step.action in OF_CONTRACTS and step.to not in STEPS)
BY = ("zone", "industry", "month")


@dataclass(frozen=True)
class Step:
    """How many needs reached a step or went past it; `conversion` is their share of the step before, `overall` of all."""

    state: str
    label: Bilingual
    needs: int
    conversion: float | None
    overall: float | None


@dataclass(frozen=True)
class FunnelLine:
    """The steps of one group of needs."""

    group: list[Part]
    steps: list[Step]


@dataclass(frozen=True)
class Funnel:
    """The whole, and its rows."""

    period: Period
    as_of: datetime
    total: list[Step]
    rows: list[FunnelLine]


def report_funnel(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Funnel:
    """The needs first submitted in the period, each counted once at every step that it had reached or passed.

    Raises Invalid, and Forbidden for who reports on none.
    """
    zones, period = reported_zones(actor), period_of(asked, now)
    as_of = instant_of(asked, now) or now
    by = asked["by"]
    found = {} if not by else _reached(session, zones, asked, period, as_of, by)
    named = parts_of(session, by, found)
    keys = sorted(found, key=lambda key: tuple((part is None, str(part)) for part in key))
    total = _reached(session, zones, asked, period, as_of, ()).get((), {})
    return Funnel(
        period, as_of, steps_of(total), [FunnelLine(named[key], steps_of(found[key])) for key in keys]
    )


def steps_of(furthest: Mapping[int, int]) -> list[Step]:
    """The funnel of needs by the furthest step that each has reached (its place in STEPS)."""
    reached = [sum(needs for place, needs in furthest.items() if place >= step) for step in range(len(STEPS))]
    before = [reached[0], *reached[:-1]]
    return [
        Step(state, STATES[state], needs, share(needs, earlier), share(needs, reached[0]))
        for state, needs, earlier in zip(STEPS, reached, before, strict=True)
    ]


def place_of(state: str) -> int | None:
    """The place of a state in the funnel; None for one that is no step forward (returned, parked, withdrawn)."""
    if state in PAST_THE_LAST:
        return len(STEPS) - 1
    return STEPS.index(state) if state in STEPS else None


def _reached(
    session: Session,
    zones: frozenset[str] | None,
    asked: Mapping[str, Any],
    period: Period,
    as_of: datetime,
    by: Sequence[str],
) -> dict[tuple[Any, ...], dict[int, int]]:
    """How many needs have come how far, by the values of these dimensions."""
    furthest = _furthest(models.of_needs(zones, asked), period, as_of).subquery("furthest")
    columns = [_column(furthest, name, period) for name in by]
    query = select(*columns, furthest.c.place, func.count()).where(furthest.c.place.is_not(None))
    if "zone" in by:
        area = areas(zones)
        query = query.join_from(furthest, area, area.c.region == furthest.c.zone_code)
    grouped: list[ColumnElement[Any]] = [literal_column(str(n)) for n in range(1, len(columns) + 2)]
    months = list(period.buckets("month"))
    found: dict[tuple[Any, ...], dict[int, int]] = {}
    for *key, place, needs in session.execute(query.group_by(*grouped)):
        dated = (months[part - 1] if name == "month" else part for name, part in zip(by, key, strict=True))
        found.setdefault(tuple(dated), {})[place] = needs
    return found


def _furthest(
    wanted: Sequence[ColumnElement[bool]], period: Period, as_of: datetime
) -> Select[Any, Any, Any, Any, Any]:
    """Each need first submitted in the period, with the furthest step that it had reached."""
    places = [
        (NeedTransition.to_state == state, place)
        for state in STATES
        if (place := place_of(state)) is not None
    ]
    within = (Need.submitted_at >= period.begins_at, Need.submitted_at < period.ends_at)
    query = select(
        Need.id, Need.zone_code, Need.industry, Need.submitted_at, func.max(case(*places)).label("place")
    )
    joined = query.join(NeedTransition, NeedTransition.need_id == Need.id)
    return joined.where(NeedTransition.occurred_at <= as_of, *within, *wanted).group_by(Need.id)


def _column(furthest: Any, by: str, period: Period) -> ColumnElement[Any]:
    columns: dict[str, Any] = {
        "zone": literal_column("areas.area", String),
        "industry": furthest.c.industry,
        "month": bucket(furthest.c.submitted_at, period, "month"),
    }
    found: ColumnElement[Any] = columns[by]
    return found
