"""The regions of the province: codes, names, and what lies within what."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml

from backbone.errors import Bilingual


@dataclass(frozen=True)
class Region:
    """One region; `within` is the code of the next larger one, None for the province."""

    code: str
    label: Bilingual
    within: str | None


def _load() -> Mapping[str, Region]:
    text = resources.files(__package__).joinpath("regions.yaml").read_text("utf-8")
    rows = yaml.safe_load(text)["regions"]
    return MappingProxyType(
        {row["code"]: Region(row["code"], Bilingual(row["zh"], row["en"]), row.get("within")) for row in rows}
    )


REGIONS = _load()


def is_region(code: str) -> bool:
    """Whether the code is one of ours."""
    return code in REGIONS


def region_label(code: str) -> Bilingual:
    """The region's name; the code itself when it is none of ours."""
    return REGIONS[code].label if code in REGIONS else Bilingual(code, code)


@cache
def regions_within(code: str) -> frozenset[str]:
    """The code itself and those of every region inside it; empty for an unknown code."""
    if code not in REGIONS:
        return frozenset()
    inner = (regions_within(region.code) for region in REGIONS.values() if region.within == code)
    return frozenset({code}).union(*inner)
