"""By what reports are broken down: each dimension as a column, and the names of what stands in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, DateTime, FromClause, String, column, func, literal, values
from sqlalchemy.orm import Session

from backbone.clock import SHANGHAI
from backbone.directory.industries import industry_label
from backbone.directory.regions import REGIONS, ancestors, region_label
from backbone.directory.service import names_of_institutes
from backbone.errors import Bilingual
from backbone.identity.service import names_of
from backbone.notices.stages import stage_word
from sky_net.monitoring.periods import Period

WHOLE, ALONE = "whole", "alone"
DIVIDED = frozenset(region.within for region in REGIONS.values() if region.within is not None)
"""Regions that others lie in."""
NOBODY = Bilingual("未指定", "nobody yet")
DIMENSIONS: Mapping[str, Bilingual] = MappingProxyType({
    "stage": Bilingual("阶段", "stage"),
    "operator": Bilingual("责任人", "operator"),
    "institute": Bilingual("院所", "institute"),
    "zone": Bilingual("地区", "zone"),
    "industry": Bilingual("产业", "industry"),
    "month": Bilingual("月份", "month"),
    "week": Bilingual("周", "week"),
})  # fmt: skip
BY = tuple(name for name in DIMENSIONS if name != "week")
"""What a compliance report can be asked by; weeks are the trend's."""


@dataclass(frozen=True)
class Part:
    """One coordinate of a row. `scope` is "whole" for an area with all inside it, "alone" for a region without what
    lies inside it: a whole is its own alone and the wholes of the regions directly within it.
    """

    by: str
    key: str | None
    label: Bilingual
    within: str | None = None
    scope: str | None = None


@lru_cache(maxsize=64)
def areas_around(zones: frozenset[str] | None) -> Mapping[str, list[str]]:
    """In which rows of a report by zone a region counts, as "area/scope", of the areas the reader reports on."""
    around = {
        code: [f"{area}/{WHOLE}" for area in ancestors(code, REGIONS) if zones is None or area in zones]
        for code in REGIONS
    }
    for code in DIVIDED:
        if zones is None or code in zones:
            around[code].append(f"{code}/{ALONE}")
    return MappingProxyType(around)


def areas(zones: frozenset[str] | None) -> FromClause:
    """The same as a relation of (region, area)."""
    rows = [(region, area) for region, found in areas_around(zones).items() for area in found]
    return values(column("region", String), column("area", String), name="areas").data(rows)


def bucket(instant: Any, period: Period, size: str) -> ColumnElement[int]:
    """Which month or week of the period an instant lies in, from 1: many times quicker than asking for its date."""
    starts = [datetime.combine(on, time(), SHANGHAI) for on in period.buckets(size)]
    place: ColumnElement[int] = func.width_bucket(instant, literal(starts, ARRAY(DateTime(timezone=True))))
    return place


def parts_of(
    session: Session, by: Sequence[str], keys: Iterable[Sequence[Any]]
) -> dict[tuple[Any, ...], list[Part]]:
    """The coordinates of each row with their names: one query for the operators', one for the institutes'."""
    rows = [tuple(each) for each in keys]
    named = {name: _labels(session, name, {row[place] for row in rows}) for place, name in enumerate(by)}
    return {row: [_part(name, key, named[name]) for name, key in zip(by, row, strict=True)] for row in rows}


def _labels(session: Session, by: str, keys: set[Any]) -> Mapping[Any, Bilingual]:
    ids: set[UUID] = {key for key in keys if isinstance(key, UUID)}
    if by == "operator":
        return {key: Bilingual(name, name) for key, name in names_of(session, ids).items()}
    if by == "institute":
        return {
            key: Bilingual(named.name, named.name) for key, named in names_of_institutes(session, ids).items()
        }
    return {}


def _part(by: str, key: Any, named: Mapping[Any, Bilingual]) -> Part:
    if key is None:
        return Part(by, None, NOBODY)
    if by == "zone":
        area, _, scope = str(key).partition("/")
        return Part(by, area, region_label(area), REGIONS[area].within, scope)
    if by == "industry":
        return Part(by, key, industry_label(key))
    if by == "stage":
        return Part(by, key, stage_word(key))
    if by == "month":
        month = f"{key:%Y-%m}"
        return Part(by, month, Bilingual(month, month))
    return Part(by, str(key), named.get(key, Bilingual(str(key), str(key))))
