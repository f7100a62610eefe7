"""The industry tree of the founding document: groups and their industries."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

import yaml

from backbone.errors import Bilingual


@dataclass(frozen=True)
class Industry:
    """A leaf of the tree."""

    code: str
    group: str
    label: Bilingual


def _load() -> tuple[Mapping[str, Bilingual], Mapping[str, Industry]]:
    tree = yaml.safe_load(resources.files(__package__).joinpath("industries.yaml").read_text("utf-8"))
    groups = {row["code"]: Bilingual(row["zh"], row["en"]) for row in tree["groups"]}
    leaves = {
        row["code"]: Industry(row["code"], row["group"], Bilingual(row["zh"], row["en"]))
        for row in tree["industries"]
    }
    return MappingProxyType(groups), MappingProxyType(leaves)


GROUPS, INDUSTRIES = _load()


def industry_label(code: str) -> Bilingual:
    """The industry's name; the code itself when it is none of ours."""
    return INDUSTRIES[code].label if code in INDUSTRIES else Bilingual(code, code)


def group_of(code: str) -> str | None:
    """The group an industry belongs to."""
    return INDUSTRIES[code].group if code in INDUSTRIES else None
