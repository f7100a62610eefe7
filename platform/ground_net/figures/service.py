"""The report of the ground network: its figures by node, centre, zone or month, beside the targets of the year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.regions import regions_of
from backbone.errors import Bilingual
from ground_net.figures.cuts import CUTS, Asked, Cut, Head
from ground_net.figures.models import FigureTarget
from ground_net.figures.permissions import reach_of
from ground_net.figures.reading import events_of, leads_of
from ground_net.figures.tally import Held, Mined, Tally
from ground_net.figures.targets import standing_targets
from ground_net.figures.words import BY, FIGURES, Figure
from sky_net.monitoring.periods import Period, period_of


@dataclass(frozen=True)
class Measured:
    """A target and what stands against it, in the target's own unit; `met` is None where there is nothing to compare."""

    target: FigureTarget
    value: int | float | None
    met: bool | None


@dataclass(frozen=True)
class Line:
    """One row."""

    head: Head
    tally: Tally
    targets: Sequence[Measured] = ()


@dataclass(frozen=True)
class Report:
    """The whole, its rows, and what the words mean."""

    by: str
    period: Period
    as_of: datetime
    total: Tally
    rows: Sequence[Line]

    @property
    def definition(self) -> Bilingual:
        """What its rows are."""
        return BY[self.by]

    @property
    def definitions(self) -> Sequence[Figure]:
        """What its figures mean."""
        return tuple(FIGURES.values())


def report_ground_net(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Report:
    """The figures of the leads heard in the period, this year's unless said otherwise; raises Invalid, Forbidden."""
    within = regions_of(asked["within"]) if asked.get("within") else None
    of = Asked(reach_of(session, actor), period_of(_this_year(asked, now), now), within)
    cut = CUTS[asked["by"]](session, of)
    leads = leads_of(session, of.reach, of.period, within)
    events = events_of(session, of.reach, of.period, within)
    tallies = _tallied(cut, leads, events, None if asked["by"] == "centre" else 0)
    year = year_of(of.period)
    targets = [] if year is None else standing_targets(session, of.reach, year)
    rows = [
        Line(head, tallies[key], _measured(head, tallies[key], targets)) for key, head in cut.heads.items()
    ]
    if asked["by"] == "zone":
        rows = [row for row in rows if row.tally.reached("leads") or row.tally.events or row.targets]
    whole = Cut({"": Head("", Bilingual("合计", "total"))}, lambda thing: [""])
    return Report(asked["by"], of.period, now, _tallied(whole, leads, events, 0)[""], rows)


def year_of(period: Period) -> int | None:
    """The year that a period tells of from its first day on: targets are a year's."""
    starts = (period.first.month, period.first.day) == (1, 1)
    return period.first.year if starts and period.last.year == period.first.year else None


def _this_year(asked: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    if asked.get("from_on") or asked.get("to_on"):
        return asked
    first = local_date(now).replace(month=1, day=1)
    return {**asked, "from_on": first, "to_on": first.replace(month=12, day=31)}


def _tallied(
    cut: Cut, leads: Sequence[Mined], events: Sequence[Held], no_events: int | None
) -> dict[str, Tally]:
    tallies = {key: Tally(events=no_events) for key in cut.heads}
    for lead in leads:
        for key in cut.places(lead):
            if key in tallies:
                tallies[key].count(lead)
    for event in events:
        for key in cut.places(event):
            if key in tallies:
                tallies[key].count_event()
    return tallies


def _measured(head: Head, tally: Tally, targets: Sequence[FigureTarget]) -> list[Measured]:
    if not head.has_targets:
        return []
    return [
        Measured(target, tally.against_target(target.figure), tally.meets(target.figure, target.value))
        for target in targets
        if head.key == (target.node_key or target.region_code)
    ]
