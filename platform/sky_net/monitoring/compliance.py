"""The compliance of the three promises over the needs due in a period, broken down as asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, literal, literal_column, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.permissions import reported_zones
from sky_net.invitations.models import Invitation
from sky_net.monitoring import models
from sky_net.monitoring.dimensions import ALONE, DIVIDED, Part, areas_around, bucket, parts_of
from sky_net.monitoring.periods import BUCKETS, Period, instant_of, period_of
from sky_net.monitoring.tally import Tally
from sky_net.needs.models import Need, NeedTransition
from sky_net.sla.parties import PLATFORM
from sky_net.sla.reporting import Clocks, clocks_of

Key = tuple[Any, ...]
RETURN = "return"
Hours = NDArray[np.float64]
NO_HOURS: Hours = np.zeros(0)


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
    tallies, total = tally_with_total(session, Cut(clocks, zones, asked, period, tuple(by)))
    named = parts_of(session, by, tallies)
    rows = [Line(named[key], tallies[key]) for key in sorted(tallies, key=_order)]
    return Compliance(period, clocks.as_of, total, rows)


@dataclass(frozen=True)
class Cut:
    """Which clocks, and by what they are parted."""

    clocks: Clocks
    zones: frozenset[str] | None
    asked: Mapping[str, Any]
    period: Period
    by: tuple[str, ...]

    @property
    def query(self) -> Select[Any]:
        """The clocks, each once for every institute that was invited where these are asked for."""
        of_needs = bool({"operator", "zone", "industry"} & set(self.by))
        query = models.facts(self.clocks, self.zones, self.asked, self.period, with_needs=of_needs)
        if "institute" in self.by and self.asked["party"] == PLATFORM:
            query = query.join(Invitation, Invitation.need_id == self.clocks.need_id)
        return query

    @property
    def columns(self) -> list[Any]:
        """The dimensions, zones by the region itself: what adds up is added up by `spread`."""
        return [self._column(name).label(name) for name in self.by]

    def _column(self, by: str) -> ColumnElement[Any]:
        """An institute's own clocks name it; a promise counts for every institute that was invited to its need."""
        is_promise = self.asked["party"] == PLATFORM
        columns: dict[str, Any] = {
            "stage": self.clocks.c.stage,
            "operator": Need.owner_id,
            "institute": Invitation.institute_id if is_promise else self.clocks.c.organisation_id,
            "zone": Need.zone_code,
            "industry": Need.industry,
        }
        found: ColumnElement[Any] = (
            columns[by] if by in columns else bucket(self.clocks.c.due_at, self.period, by)
        )
        return found

    def spread(self, key: Key) -> Iterator[Key]:
        """The rows that clocks count in: of their region and of all around it, months and weeks by their first day."""
        key = tuple(self._dated(name, part) for name, part in zip(self.by, key, strict=True))
        if "zone" not in self.by:
            yield key
            return
        place = self.by.index("zone")
        for area in areas_around(self.zones)[key[place]]:
            yield (*key[:place], area, *key[place + 1 :])

    def _dated(self, by: str, part: Any) -> Any:
        return self._starts[by][part - 1] if by in BUCKETS else part

    @cached_property
    def _starts(self) -> Mapping[str, Sequence[date]]:
        return {by: list(self.period.buckets(by)) for by in self.by if by in BUCKETS}

    @property
    def parts_clocks(self) -> bool:
        """Whether every clock is in one row, or in one of `disjoint`: a need may have been offered to several institutes."""
        return "institute" not in self.by

    @property
    def parts_needs(self) -> bool:
        """Whether every need is in one row: its clocks are of several stages, and may be due in several months."""
        return not {"stage", "month", "week"} & set(self.by) or len(self.asked.get("stage") or ()) == 1

    def disjoint(self, keys: Iterable[Key]) -> Iterator[Key]:
        """Of the rows, those that make up the whole: of zones the alone ones and those with nothing inside them."""
        if "zone" not in self.by:
            yield from keys
            return
        place = self.by.index("zone")
        for key in keys:
            area, _, scope = key[place].partition("/")
            if scope == ALONE or area not in DIVIDED:
                yield key

    @property
    def has_each_need_once(self) -> bool:
        """Whether no row can hold two clocks of one need."""
        return "stage" in self.by or len(self.asked.get("stage") or ()) == 1


def tally_with_total(session: Session, cut: Cut) -> tuple[dict[Key, Tally], Tally]:
    """The tallies and that of all together; what the cut parts without overlap is added up instead of asked for again."""
    whole = replace(cut, by=())
    if not cut.parts_clocks:
        return tally_by(session, cut), tally_by(session, whole).get((), Tally())
    tallies, hours = _tallied(session, cut)
    total = Tally()
    for key in cut.disjoint(tallies):
        total.add(tallies[key])
    if not cut.parts_needs:
        summed = {(): total}
        total.needs = total.returns = 0
        _count_needs(session, whole, summed)
    total.take_hours(np.concatenate([hours[key] for key in cut.disjoint(hours)] or [NO_HOURS]))
    return tallies, total


def tally_by(session: Session, cut: Cut) -> dict[Key, Tally]:
    """The tallies of the clocks due in the period, by the values of the cut's dimensions."""
    return _tallied(session, cut)[0]


def _tallied(session: Session, cut: Cut) -> tuple[dict[Key, Tally], dict[Key, Hours]]:
    tallies: dict[Key, Tally] = defaultdict(Tally)
    _count(session, cut, tallies)
    _count_needs(session, cut, tallies)
    hours = _hours(session, cut)
    for key, found in hours.items():
        tallies[key].take_hours(found)
    return dict(tallies), hours


def _count(session: Session, cut: Cut, tallies: Mapping[Key, Tally]) -> None:
    clocks, columns = cut.clocks, cut.columns
    flags: list[ColumnElement[Any]] = [
        models.state_column(clocks), models.is_past_due(clocks), models.is_unanswered(clocks),
    ]  # fmt: skip
    each = cut.query.add_columns(
        *columns, *(flag.label(f"flag_{n}") for n, flag in enumerate(flags)), func.count(),
        _sum(clocks.c.budget_minutes), _sum(clocks.c.paused_minutes),
    )  # fmt: skip
    for row in session.execute(each.group_by(*_places(len(columns) + 3))):
        state, past_due, unanswered, count, budget, paused = row[-6:]
        for key in cut.spread(tuple(row[:-6])):
            tally = tallies[key]
            tally.count(state, count, is_past_due=past_due, is_unanswered=unanswered)
            tally.budget_minutes += int(budget)
            tally.paused_minutes += int(paused)


def _hours(session: Session, cut: Cut) -> dict[Key, Hours]:
    """How long each answer took, by row. Quantiles add up to nothing, so that the durations themselves are fetched.

    As the bytes of doubles: PostgreSQL would sort them once for each row of a report, over again for the whole, and for
    every area around a region; numpy finds the quantiles of all of these in a fraction of the time.
    """
    taken = func.string_agg(func.float8send(models.hours_to_answer(cut.clocks)), literal(b""))
    answered = cut.query.add_columns(*cut.columns, taken).where(cut.clocks.answered_at.is_not(None))
    found: dict[Key, list[Hours]] = defaultdict(list)
    for *key, sent in session.execute(_grouped(answered, cut.by)):
        for row in cut.spread(tuple(key)):
            found[row].append(np.frombuffer(sent, ">f8"))
    return {key: np.concatenate(each) for key, each in found.items()}


def _count_needs(session: Session, cut: Cut, tallies: Mapping[Key, Tally]) -> None:
    """How many needs there are, and how often they were returned: each need once, however many of its clocks are due."""
    needs = cut.query.add_columns(*cut.columns, cut.clocks.need_id.label("need_id"))
    if cut.has_each_need_once:
        for tally in tallies.values():
            tally.needs = tally.clocks
    else:
        found = needs.distinct().subquery("found")
        counted = select(*(found.c[name] for name in cut.by), func.count()).select_from(found)
        for *key, count in session.execute(_grouped(counted, cut.by)):
            for row in cut.spread(tuple(key)):
                tallies[row].needs += count
    times = _returned(cut.clocks).subquery("returned")
    returned = needs.join(times, times.c.need_id == cut.clocks.need_id).add_columns(times.c.times)
    once = returned.distinct().subquery("once")
    summed = select(*(once.c[name] for name in cut.by), _sum(once.c.times))
    for *key, returns in session.execute(_grouped(summed, cut.by)):
        for row in cut.spread(tuple(key)):
            tallies[row].returns += int(returns)


def _returned(clocks: Clocks) -> Select[Any, Any]:
    """The needs that were returned for clarification by then, with how often: few of all."""
    steps = (NeedTransition.action == RETURN, NeedTransition.occurred_at <= clocks.as_of)
    return (
        select(NeedTransition.need_id, func.count().label("times"))
        .where(*steps)
        .group_by(NeedTransition.need_id)
    )


def _grouped(query: Select[Any], columns: Sequence[Any]) -> Select[Any]:
    """Without columns the whole is one group; of nothing there is none."""
    return query.group_by(*_places(len(columns))).having(func.count() > 0)


def _places(count: int) -> list[ColumnElement[Any]]:
    """Grouping by place: an expression with parameters would be another one each time it is written."""
    return [literal_column(str(place)) for place in range(1, count + 1)]


def _sum(column: Any) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def _order(key: Key) -> tuple[tuple[bool, str], ...]:
    return tuple((part is None, str(part)) for part in key)
