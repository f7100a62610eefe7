"""Counts by area for reports: what was counted per region, added up along the tree and across the groups.

The regions at the top (the province, what lies outside it) add up to the whole; within a region its own rows and those
of the regions inside it add up to its total. Groups overlap, so they are shown beside the tree and add up to nothing.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from backbone.directory.regions import REGION_GROUPS, REGIONS, ancestors, regions_of


@dataclass(frozen=True)
class AreaCount:
    """How many lie in an area with all inside it; `own` counts the region itself alone and is None for a group."""

    code: str
    is_group: bool
    within: str | None
    total: int
    own: int | None


def roll_up(counts: Mapping[str, int]) -> list[AreaCount]:
    """The counts of every region, then of every group; raises KeyError for a region that is none of ours."""
    totals: Counter[str] = Counter()
    for code, count in counts.items():
        totals.update(dict.fromkeys(ancestors(code, REGIONS), count))
    tree = [
        AreaCount(code, False, region.within, totals[code], counts.get(code, 0))
        for code, region in REGIONS.items()
    ]
    across = [
        AreaCount(code, True, None, sum(counts.get(region, 0) for region in regions_of([code])), None)
        for code in REGION_GROUPS
    ]
    return tree + across
