"""Reports of the directory: how many organisations there are in each area that the reader is responsible for."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.models import Enterprise, Institute
from backbone.directory.permissions import reported_zones
from backbone.directory.rollup import AreaCount, roll_up


def count_organisations(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Enterprises and institutes by area, within the actor's zones; raises Forbidden for who reports on none.

    Institutes are public, yet a zone's report counts its own: the zones' reports add up to the province's.
    """
    zones = reported_zones(actor)
    enterprises, institutes = (roll_up(_counts(session, kind, zones)) for kind in (Enterprise, Institute))
    return [
        {"area": area, "enterprises": area.total, "institutes": other.total}
        for area, other in zip(enterprises, institutes, strict=True)
        if is_reported(area, zones)
    ]


def is_reported(area: AreaCount, zones: frozenset[str] | None) -> bool:
    """Whether a report on these zones has a line for the area: a group's would be a part that looks like the whole."""
    return zones is None or area.code in zones


def _counts(
    session: Session, kind: type[Enterprise] | type[Institute], zones: frozenset[str] | None
) -> dict[str, int]:
    query = select(kind.region_code, func.count()).group_by(kind.region_code)
    if zones is not None:
        query = query.where(kind.region_code.in_(zones))
    return {code: count for code, count in session.execute(query)}
