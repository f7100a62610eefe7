"""Where organisations are: the regions of the province, the zones outside it, and groups of regions.

A region lies within at most one other; a group (an innovation corridor) cuts across that tree, and two groups may share
a city. Both are areas that filters and reports take. A role's scope is a region, never a group: docs/adr/0012.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from backbone.errors import Bilingual

HUBEI = "420000"
"""The province whose platform this is: what belongs to no zone of it is looked at, and reckoned in working days, there."""
KINDS = (
    "province", "prefecture_city", "autonomous_prefecture", "county_city", "forestry_district", "function_zone",
    "off_province",
)  # fmt: skip


@dataclass(frozen=True)
class Region:
    """One region; `within` is the code of the next larger one, None at the top. A `catch_all` is no one place."""

    code: str
    label: Bilingual
    within: str | None
    kind: str
    source: str
    as_of: date
    is_catch_all: bool = False


@dataclass(frozen=True)
class GroupMember:
    """A region of a group, and the public text that says so; not certain where such texts disagree or are silent."""

    region: str
    source: str
    as_of: date
    is_certain: bool = True


@dataclass(frozen=True)
class RegionGroup:
    """Regions that are looked at together."""

    code: str
    label: Bilingual
    members: tuple[GroupMember, ...]
    source: str
    as_of: date


def read_regions(document: Mapping[str, Any]) -> dict[str, Region]:
    """The regions of a document by code; ValueError for a code given twice, an unknown kind or parent, or a cycle."""
    rows = [_region(row, document) for row in document["regions"]]
    regions = {region.code: region for region in rows}
    if len(regions) < len(rows):
        raise ValueError("a region is given twice")
    for region in rows:
        if region.kind not in KINDS:
            raise ValueError(f"{region.code} is of no known kind: {region.kind}")
        _refuse_cycle(region, regions)
    return regions


def read_groups(document: Mapping[str, Any], regions: Mapping[str, Region]) -> dict[str, RegionGroup]:
    """The groups of a document by code; ValueError for a code that is taken, an unknown member, or a repeated one."""
    groups: dict[str, RegionGroup] = {}
    for row in document["groups"]:
        group = _group(row, document)
        members = [member.region for member in group.members]
        if group.code in groups or group.code in regions:
            raise ValueError(f"{group.code} is given twice")
        if len(set(members)) < len(members) or not set(members) <= regions.keys():
            raise ValueError(f"{group.code} has a member twice, or one that is no region")
        groups[group.code] = group
    return groups


def within(code: str, regions: Mapping[str, Region]) -> frozenset[str]:
    """The code itself and those of every region inside it; empty for an unknown code."""
    if code not in regions:
        return frozenset()
    inner = (within(region.code, regions) for region in regions.values() if region.within == code)
    return frozenset({code}).union(*inner)


def ancestors(code: str, regions: Mapping[str, Region]) -> list[str]:
    """The code itself, then every larger region around it, the largest last."""
    path = [code]
    while parent := regions[path[-1]].within:
        path.append(parent)
    return path


def _refuse_cycle(region: Region, regions: Mapping[str, Region]) -> None:
    seen = {region.code}
    parent = region.within
    while parent is not None:
        if parent not in regions or parent in seen:
            raise ValueError(f"{region.code} lies within {parent}, which is unknown or lies within it")
        seen.add(parent)
        parent = regions[parent].within


def _region(row: Mapping[str, Any], document: Mapping[str, Any]) -> Region:
    return Region(
        row["code"], Bilingual(row["zh"], row["en"]), row.get("within"), row["kind"],
        row.get("source", document["source"]), row.get("as_of", document["as_of"]), row.get("catch_all", False),
    )  # fmt: skip


def _group(row: Mapping[str, Any], document: Mapping[str, Any]) -> RegionGroup:
    members = tuple(
        GroupMember(each["region"], each["source"], each["as_of"], each.get("certain", True))
        for each in row["members"]
    )
    return RegionGroup(
        row["code"], Bilingual(row["zh"], row["en"]), members, document["source"], document["as_of"]
    )


def _file(name: str) -> Any:
    return yaml.safe_load(resources.files(__package__).joinpath(name).read_text("utf-8"))


REGIONS: Mapping[str, Region] = MappingProxyType(read_regions(_file("regions.yaml")))
REGION_GROUPS: Mapping[str, RegionGroup] = MappingProxyType(read_groups(_file("region_groups.yaml"), REGIONS))
AREAS = (*REGIONS, *REGION_GROUPS)


def is_region(code: str) -> bool:
    """Whether the code is one of our regions; a group is none."""
    return code in REGIONS


def region_label(code: str) -> Bilingual:
    """The region's name; the code itself when it is none of ours."""
    return REGIONS[code].label if code in REGIONS else Bilingual(code, code)


@cache
def regions_within(code: str) -> frozenset[str]:
    """The code itself and those of every region inside it; empty for an unknown code and for a group."""
    return within(code, REGIONS)


@cache
def regions_around(code: str) -> tuple[str, ...]:
    """The region itself and those it lies within, the nearest first; an unknown code alone."""
    return tuple(ancestors(code, REGIONS)) if code in REGIONS else (code,)


def regions_of(areas: Iterable[str]) -> frozenset[str]:
    """Every region that lies in any of the areas: for filters, which take regions and groups alike."""
    return frozenset[str]().union(*(_area(code) for code in areas))


def are_near(one: str, other: str) -> bool:
    """Whether two places are the same, or one inside the other; what is no one place is near nothing."""
    if not is_region(one) or not is_region(other):
        return False
    if REGIONS[one].is_catch_all or REGIONS[other].is_catch_all:
        return False
    return other in regions_within(one) or one in regions_within(other)


def _area(code: str) -> frozenset[str]:
    if code not in REGION_GROUPS:
        return regions_within(code)
    return frozenset[str]().union(*(regions_within(member.region) for member in REGION_GROUPS[code].members))
