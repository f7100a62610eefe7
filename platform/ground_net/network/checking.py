"""Whether a pattern may be loaded: every fault of it with its place, before anything is written. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backbone.days import problem_of_future
from backbone.directory.regions import is_region
from backbone.errors import Bilingual
from ground_net.network.kinds import HUB, KINDS, may_stand_below
from ground_net.network.patterns import cycles

KEY = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*", re.ASCII)
MISSPELT = Bilingual(
    "编码应为大写字母、数字，以 - 分段，如 HB-HS-03",
    "A key is capitals and digits parted by -, such as HB-HS-03",
)
GIVEN_TWICE = Bilingual("与第 {first} 项编码重复", "The same key as entry {first}")
STANDS_OTHERWISE = Bilingual(
    "{key} 已存在且 {fields} 不同，请用 amendNode 或 moveNode 修改",
    "{key} stands already with another {fields}: use amendNode or moveNode",
)
IS_CLOSED = Bilingual("节点 {key} 已关闭", "The node {key} is closed")
NO_KIND = Bilingual("没有这个类型，可选：{kinds}", "There is no such kind; the kinds are {kinds}")
NO_REGION = Bilingual("没有区域 {region}", "There is no region {region}")
NO_PARENT = Bilingual("没有上级 {parent}：既不在本次内容中，也不在现有网络中",
                      "There is no parent {parent}, neither among these nor in the network")  # fmt: skip
NOT_BELOW = Bilingual("{kind}不能直属{parent}", "A {kind} cannot stand below a {parent}")
NOT_AT_THE_TOP = Bilingual(
    "{kind}必须有上级，只有中心可以没有", "A {kind} needs a parent: only a hub may stand at the top"
)
IN_A_CIRCLE = Bilingual("上级关系形成循环：{path}", "The parents run in a circle: {path}")
HUBS_PLAN = Bilingual("只有中心可以申报模式", "Only a hub announces a pattern")
ONE_HOST = Bilingual("依托单位只能有一个", "A node has one host")
HOSTS = ("host_enterprise_id", "host_institute_id", "host_organisation")

Row = Mapping[str, Any]
Fault = tuple[int, str, Bilingual]
"""Which entry (from 0), which field of it, and what is wrong."""


@dataclass(frozen=True)
class Standing:
    """A node that stands already, with its values as an entry says them (`parent` is a key)."""

    values: Row
    is_closed: bool


def check_pattern(rows: Sequence[Row], standing: Mapping[str, Standing], *, today: date) -> list[Fault]:
    """Every fault of these entries, in their order; `standing` are the nodes that the entries name, as far as there are any."""
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row["key"], place)
    faults = [
        (place, field, problem)
        for place, row in enumerate(rows)
        for check in CHECKS
        for field, problem in check(place, row, _Seen(rows, first, standing, today))
    ]
    return sorted(faults + _circles(rows, first), key=lambda fault: fault[0])


def check_description(row: Row, *, today: date) -> list[tuple[str, Bilingual]]:
    """What is wrong with what a node says of itself, by field."""
    plans = ("nodes_planned", "stations_planned")
    found = [(name, HUBS_PLAN) for name in plans if row["kind"] != HUB and row.get(name) is not None]
    if problem := problem_of_future(row.get("opened_on"), today):
        found.append(("opened_on", problem))
    hosts = [name for name in HOSTS if row.get(name) is not None]
    return found + [(name, ONE_HOST) for name in hosts[1:]]


def is_standing(row: Row, standing: Mapping[str, Standing]) -> bool:
    """Whether the entry says nothing but what stands already: loading a pattern again adds what is new in it."""
    known = standing.get(row["key"])
    return known is not None and not _differing(row, known)


@dataclass(frozen=True)
class _Seen:
    rows: Sequence[Row]
    first: Mapping[str, int]
    standing: Mapping[str, Standing]
    today: date

    def kind_of(self, key: str) -> str | None:
        if key in self.first:
            return str(self.rows[self.first[key]]["kind"])
        known = self.standing.get(key)
        return None if known is None else str(known.values["kind"])


_Found = list[tuple[str, Bilingual]]


def _key(place: int, row: Row, seen: _Seen) -> _Found:
    key = row["key"]
    if not KEY.fullmatch(key):
        return [("key", MISSPELT)]
    if seen.first[key] != place:
        return [("key", GIVEN_TWICE.format(first=seen.first[key] + 1))]
    known = seen.standing.get(key)
    if known is None:
        return []
    if known.is_closed:
        return [("key", IS_CLOSED.format(key=key))]
    differing = ", ".join(_differing(row, known))
    return [("key", STANDS_OTHERWISE.format(key=key, fields=differing))] if differing else []


def _kind_and_region(place: int, row: Row, seen: _Seen) -> _Found:
    found: _Found = []
    if row["kind"] not in KINDS:
        found.append(("kind", NO_KIND.format(kinds=", ".join(KINDS))))
    if not is_region(row["region_code"]):
        found.append(("region_code", NO_REGION.format(region=row["region_code"])))
    return found


def _parent(place: int, row: Row, seen: _Seen) -> _Found:
    kind, parent = row["kind"], row.get("parent")
    if kind not in KINDS:
        return []
    if parent is None:
        return [] if may_stand_below(kind, None) else [("parent", NOT_AT_THE_TOP.format(kind=KINDS[kind]))]
    above = seen.kind_of(parent)
    if above is None:
        return [("parent", NO_PARENT.format(parent=parent))]
    if parent not in seen.first and seen.standing[parent].is_closed:
        return [("parent", IS_CLOSED.format(key=parent))]
    if above in KINDS and not may_stand_below(kind, above):
        return [("parent", NOT_BELOW.format(kind=KINDS[kind], parent=KINDS[above]))]
    return []


def _described(place: int, row: Row, seen: _Seen) -> _Found:
    return check_description(row, today=seen.today)


CHECKS: tuple[Callable[[int, Row, _Seen], _Found], ...] = (_key, _kind_and_region, _parent, _described)


def _circles(rows: Sequence[Row], first: Mapping[str, int]) -> list[Fault]:
    """A circle is a fault of the entry in it that comes first. No circle leads through what stands already."""
    parents = {key: rows[place].get("parent") for key, place in first.items()}
    return [
        (first[circle[0]], "parent", IN_A_CIRCLE.format(path=" → ".join((*circle, circle[0]))))
        for circle in cycles(parents)
    ]


def _differing(row: Row, known: Standing) -> list[str]:
    return [name for name, value in row.items() if value is not None and known.values.get(name) != value]
