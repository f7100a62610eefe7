"""By what a report is broken down: the rows there are, and in which of them a lead or an event counts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.directory.regions import REGIONS, region_label, regions_within
from backbone.errors import Bilingual
from ground_net.centres.models import CentreProject, InnovationCentre
from ground_net.figures.permissions import Reach
from ground_net.figures.reading import Regions
from ground_net.figures.tally import Held, Mined
from ground_net.network.models import NetworkNode
from ground_net.network.patterns import Place, in_order
from sky_net.monitoring.dimensions import ALONE, WHOLE, areas_around
from sky_net.monitoring.periods import Period, bucket_of


@dataclass(frozen=True)
class Head:
    """What a row is of. Targets stand beside one that `has_targets`: a whole of which the reader sees everything."""

    key: str
    label: Bilingual
    within: str | None = None
    scope: str | None = None
    has_targets: bool = False


@dataclass(frozen=True)
class Asked:
    """Who asks, of which days and regions."""

    reach: Reach
    period: Period
    within: Regions

    def covers(self, regions: Iterable[str]) -> bool:
        """Whether all of these regions are asked for."""
        return self.within is None or self.within.issuperset(regions)


@dataclass(frozen=True)
class Cut:
    """The rows by a key of their own, in order, and the keys of those in which a thing counts."""

    heads: Mapping[str, Head]
    places: Callable[[Mined | Held], Iterable[str]]


def by_zone(session: Session, asked: Asked) -> Cut:
    """Regions that were asked for whole, each by itself and with all inside it."""
    around = areas_around(asked.reach.zones)
    keys = dict.fromkeys(key for code in REGIONS for key in around[code])
    heads: dict[str, Head] = {}
    for key in sorted(keys):
        area, _, scope = key.partition("/")
        if asked.covers(regions_within(area)):
            heads[key] = Head(area, region_label(area), REGIONS[area].within, scope, scope == WHOLE)
    return Cut(heads, lambda thing: around.get(thing.zone_code, ()))


def by_node(session: Session, asked: Asked) -> Cut:
    """The nodes of the reader's, closed ones too, each with all below it; alone besides where something is below it."""
    nodes = {node.key: node for node in session.scalars(select(NetworkNode).order_by(NetworkNode.key))}
    keys = {node.id: node.key for node in nodes.values()}
    parents = {key: keys.get(node.parent_id) if node.parent_id else None for key, node in nodes.items()}
    places = [Place(key, nodes[key].kind, parents[key]) for key in nodes]
    subtrees: dict[str, set[str]] = defaultdict(set)
    for key in nodes:
        for above in _path_up(key, parents):
            subtrees[above].add(key)
    heads: dict[str, Head] = {}
    for place, _ in in_order(places):
        node = nodes[place.key]
        if asked.reach.has(node.region_code, node.key) and asked.covers([node.region_code]):
            heads |= _of_node(node, parents, frozenset(subtrees[node.key]), nodes, asked)
    return Cut(
        heads,
        lambda thing: [
            f"{thing.node_key}/{ALONE}",
            *(f"{key}/{WHOLE}" for key in _path_up(thing.node_key, parents)),
        ],
    )


def _of_node(
    node: NetworkNode, parents: Mapping[str, str | None], subtree: frozenset[str], nodes: Mapping[str, NetworkNode],
    asked: Asked,
) -> dict[str, Head]:  # fmt: skip
    label, parent = Bilingual(node.name, node.name), parents[node.key]
    is_seen = asked.reach.sees_whole(subtree, nodes) and asked.covers(
        nodes[key].region_code for key in subtree
    )
    heads = {f"{node.key}/{WHOLE}": Head(node.key, label, parent, WHOLE, is_seen)}
    if len(subtree) > 1:
        heads[f"{node.key}/{ALONE}"] = Head(node.key, label, parent, ALONE)
    return heads


def _path_up(key: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    """The node's key and those of all above it: the tree has no circle (`network.holding.take_tree`)."""
    while key is not None:
        yield key
        key = parents.get(key)


def by_centre(session: Session, asked: Asked) -> Cut:
    """The centres of the reader's cities, home or host, with the needs that their projects name."""
    heads: dict[str, Head] = {}
    for row in session.scalars(select(InnovationCentre).order_by(InnovationCentre.name_pinyin)):
        cities = (row.home_region, row.host_region)
        if any(asked.reach.reports_on(city) and asked.covers([city]) for city in cities):
            heads[str(row.id)] = Head(str(row.id), Bilingual(row.name, row.name), row.home_region)
    linked: dict[UUID, set[str]] = defaultdict(set)
    for centre_id, need_ids in session.execute(select(CentreProject.centre_id, CentreProject.need_ids)):
        for need_id in need_ids:
            linked[need_id].add(str(centre_id))
    return Cut(heads, lambda thing: linked.get(thing.need_id, ()) if thing.need_id else ())


def by_month(session: Session, asked: Asked) -> Cut:
    """Every month that the period touches."""
    months = [f"{month:%Y-%m}" for month in asked.period.buckets("month")]
    heads = {month: Head(month, Bilingual(month, month)) for month in months}
    return Cut(heads, lambda thing: [f"{bucket_of(thing.day, 'month'):%Y-%m}"])


CUTS: Mapping[str, Callable[[Session, Asked], Cut]] = MappingProxyType(
    {"node": by_node, "centre": by_centre, "zone": by_zone, "month": by_month}
)
