"""The compliance of the three promises over the needs due in a period, broken down as asked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, func, literal_column, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.permissions import reported_zones
from sky_net.invitations.models import Invitation
from sky_net.monitoring import models
from sky_net.monitoring.dimensions import Part, areas, bucket, parts_of
from sky_net.monitoring.periods import Period, instant_of, period_of
from sky_net.monitoring.tally import Tally
from sky_net.needs.models import Need, NeedTransition
from sky_net.sla.parties import PLATFORM
from sky_net.sla.reporting import Clocks, clocks_of

Key = tuple[Any, ...]
RETURN = "return"


@dataclass(frozen=True)
class Line:
    """One row of a report."""

    group: list[Part]
    tally: Tally


@dataclass(frozen=True)
class Compliance:
    """The whole, and its rows."""

    period: Period
    as_of: datetime
    total: Tally
    rows: list[Line]


def report_compliance(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> Compliance:
    """Compliance within the actor's zones; raises Invalid, and Forbidden for who reports on none."""
    zones, period = reported_zones(actor), period_of(asked, now)
    clocks = clocks_of(session, asked["party"], instant_of(asked, now), now)
    by = asked["by"]
    tallies = tally_by(session, clocks, zones, asked, period, by)
    named = parts_of(session, by, tallies)
    rows = [Line(named[key], tallies[key]) for key in sorted(tallies, key=_order)]
    total = tally_by(session, clocks, zones, asked, period, ()).get((), Tally())
    return Compliance(period, clocks.as_of, total, rows)


def tally_by(
    session: Session,
    clocks: Clocks,
    zones: frozenset[str] | None,
    asked: Mapping[str, Any],
    period: Period,
    by: Sequence[str],
) -> dict[Key, Tally]:
    """The tallies of the clocks due in the period, by the values of these dimensions."""
    query = _joined(models.facts(clocks, zones, asked, period), zones, by, asked["party"])
    columns = [_column(clocks, name, asked["party"]).label(name) for name in by]
    tallies: dict[Key, Tally] = defaultdict(Tally)
    _count(session, query, clocks, columns, tallies)
    _time(session, query, clocks, columns, tallies)
    _count_needs(session, query, clocks, columns, tallies)
    return dict(tallies)


def _count(
    session: Session, query: Select[Any], clocks: Clocks, columns: list[Any], tallies: Mapping[Key, Tally]
) -> None:
    flags: list[ColumnElement[Any]] = [
        models.state_column(clocks),
        models.is_past_due(clocks),
        models.is_unanswered(clocks),
    ]
    each = query.add_columns(*columns, *(flag.label(f"flag_{n}") for n, flag in enumerate(flags)), func.count(),
                             _sum(clocks.c.budget_minutes), _sum(clocks.c.paused_minutes))  # fmt: skip
    for row in session.execute(each.group_by(*_places(len(columns) + 3))):
        key, (state, past_due, unanswered, count, budget, paused) = tuple(row[:-6]), row[-6:]
        tally = tallies[key]
        tally.count(state, count, is_past_due=past_due, is_unanswered=unanswered)
        tally.budget_minutes += int(budget)
        tally.paused_minutes += int(paused)


def _time(
    session: Session, query: Select[Any], clocks: Clocks, columns: list[Any], tallies: Mapping[Key, Tally]
) -> None:
    hours = models.hours_to_answer(clocks)
    middle, tail = (func.percentile_cont(at).within_group(hours) for at in (0.5, 0.9))
    answered = query.add_columns(*columns, middle, tail).where(clocks.answered_at.is_not(None))
    for *key, median, p90 in session.execute(_grouped(answered, columns)):
        tallies[tuple(key)].median_hours = round(float(median), 2)
        tallies[tuple(key)].p90_hours = round(float(p90), 2)


def _count_needs(
    session: Session, query: Select[Any], clocks: Clocks, columns: list[Any], tallies: Mapping[Key, Tally]
) -> None:
    """How many needs there are, and how often they were returned: each need once, however many of its clocks are due."""
    returned = (
        select(NeedTransition.need_id, func.count().label("times"))
        .where(NeedTransition.action == RETURN, NeedTransition.occurred_at <= clocks.as_of)
        .group_by(NeedTransition.need_id)
        .subquery("returned")
    )
    needs = query.add_columns(*columns, Need.id.label("need_id")).distinct().subquery("needs")
    own = [needs.c[column.name] for column in columns]
    counted = select(*own, func.count(), _sum(returned.c.times)).outerjoin_from(
        needs, returned, returned.c.need_id == needs.c.need_id
    )
    for *key, count, returns in session.execute(_grouped(counted, own)):
        tallies[tuple(key)].needs, tallies[tuple(key)].returns = count, int(returns)


def _joined(query: Select[Any], zones: frozenset[str] | None, by: Sequence[str], party: str) -> Select[Any]:
    if "zone" in by:
        area = areas(zones)
        query = query.join(area, area.c.region == Need.zone_code)
    if "institute" in by and party == PLATFORM:
        query = query.join(Invitation, Invitation.need_id == Need.id)
    return query


def _column(clocks: Clocks, by: str, party: str) -> ColumnElement[Any]:
    """An institute's own clocks name it; a promise counts for every institute that was invited to its need."""
    columns: dict[str, Any] = {
        "stage": clocks.c.stage,
        "operator": Need.owner_id,
        "institute": Invitation.institute_id if party == PLATFORM else clocks.c.organisation_id,
        "zone": literal_column("areas.area", String),
        "industry": Need.industry,
    }
    found: ColumnElement[Any] = columns[by] if by in columns else bucket(clocks.c.due_at, by)
    return found


def _grouped(query: Select[Any], columns: list[Any]) -> Select[Any]:
    """Without columns the whole is one group; of nothing there is none."""
    return query.group_by(*_places(len(columns))).having(func.count() > 0)


def _places(count: int) -> list[ColumnElement[Any]]:
    """Grouping by place: an expression with parameters would be another one each time it is written."""
    return [literal_column(str(place)) for place in range(1, count + 1)]


def _sum(column: Any) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def _order(key: Key) -> tuple[tuple[bool, str], ...]:
    return tuple((part is None, str(part)) for part in key)
