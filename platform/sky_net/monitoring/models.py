"""What reports read. Monitoring has no rows of its own: it joins the clocks with the needs they belong to.

A need's owner, industry and zone are those of today; a clock is as it was known at the instant of the report.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from backbone.directory.regions import regions_of
from sky_net.monitoring.periods import Period
from sky_net.monitoring.states import RUNNING
from sky_net.needs.models import Need
from sky_net.sla.phases import AT_RISK
from sky_net.sla.reporting import Clocks

_HOUR = 3600


def state_column(clocks: Clocks) -> ColumnElement[str]:
    """The column of the report that a clock counts in: `states.column_of` in SQL."""
    shown = clocks.state
    counted: ColumnElement[str] = func.replace(shown, AT_RISK, RUNNING)
    return counted


def hours_to_answer(clocks: Clocks) -> ColumnElement[Any]:
    """Plain calendar hours from the first submission to the answer that held first; null without one."""
    taken: ColumnElement[Any] = func.extract("epoch", clocks.answered_at - clocks.c.started_at) / _HOUR
    return taken


def is_past_due(clocks: Clocks) -> ColumnElement[bool]:
    """Whether the deadline has passed."""
    past: ColumnElement[bool] = func.coalesce(clocks.c.due_at < clocks.as_of, False)
    return past


def is_unanswered(clocks: Clocks) -> ColumnElement[bool]:
    """Whether neither an answer nor a cancellation has ended it."""
    is_cancelled = func.coalesce(clocks.c.cancelled_at <= clocks.as_of, False)
    return and_(clocks.answered_at.is_(None), ~is_cancelled)


def facts(
    clocks: Clocks,
    zones: frozenset[str] | None,
    asked: Mapping[str, Any],
    period: Period | None,
    *,
    with_needs: bool = True,
) -> Select[Any]:
    """The clocks of needs in these zones, with the filters asked for, due in the period where one is given.

    Every such clock has its need; where nothing of it is asked, `with_needs` false spares the join.
    """
    wanted = of_needs(zones, asked)
    query = select().select_from(clocks.rows)
    if with_needs or wanted:
        query = query.join(Need, Need.id == clocks.need_id)
    if period is not None:
        query = query.where(clocks.c.due_at >= period.begins_at, clocks.c.due_at < period.ends_at)
    if asked.get("stage"):
        query = query.where(clocks.c.stage.in_(asked["stage"]))
    return query.where(*wanted)


def of_needs(zones: frozenset[str] | None, asked: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """The conditions on the need itself: the reader's zones, and the zones and industries asked for."""
    wanted: list[ColumnElement[bool]] = [] if zones is None else [Need.zone_code.in_(zones)]
    if asked.get("zone"):
        wanted.append(Need.zone_code.in_(regions_of(asked["zone"])))
    if asked.get("industry"):
        wanted.append(Need.industry.in_(asked["industry"]))
    return wanted
