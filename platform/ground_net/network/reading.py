"""Finding nodes, and showing the network as a tree with what stands and what was declared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backbone.directory.named import is_called
from backbone.directory.regions import regions_of
from backbone.errors import Bilingual, Invalid
from backbone.pages import Page, read_page
from ground_net.network.holding import node_named
from ground_net.network.kinds import HUB
from ground_net.network.models import NetworkNode
from ground_net.network.patterns import Pattern, Place, below, declared, in_order, patterns

NO_SUCH_NODE = Bilingual("没有这个节点", "There is no such node")
SORTS = {"key": NetworkNode.key, "name": NetworkNode.name_pinyin, "created_at": NetworkNode.created_at}
SHOWN = (
    selectinload(NetworkNode.parent), selectinload(NetworkNode.host_enterprise), selectinload(NetworkNode.host_institute),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One node of the tree; `pattern` and `declared` are a hub's."""

    node: NetworkNode
    parent: str | None
    depth: int
    pattern: Pattern | None
    declared: str | None


@dataclass(frozen=True)
class Tree:
    """Open nodes, each before those below it, and how many there are of each kind."""

    lines: list[Line]
    counts: Mapping[str, int]


def list_nodes(session: Session, asked: Mapping[str, Any]) -> Page[NetworkNode]:
    """A page of the nodes, the open ones unless asked otherwise."""
    closed = NetworkNode.closed_at
    query = select(NetworkNode).where(closed.is_not(None) if asked.get("closed") else closed.is_(None))
    if asked.get("kind"):
        query = query.where(NetworkNode.kind.in_(asked["kind"]))
    if asked.get("region"):
        query = query.where(NetworkNode.region_code.in_(regions_of(asked["region"])))
    if asked.get("parent"):
        parent = select(NetworkNode.id).where(NetworkNode.key == asked["parent"]).scalar_subquery()
        query = query.where(NetworkNode.parent_id == parent)
    if asked.get("key"):
        query = query.where(NetworkNode.key == asked["key"])
    if asked.get("q"):
        query = query.where(is_called(NetworkNode, asked["q"]))
    return read_page(session, query.options(*SHOWN), asked, SORTS, NetworkNode.id)


def show_node(session: Session, node_id: UUID) -> NetworkNode:
    """The node by id, open or closed; raises NotFound."""
    return node_named(session, node_id)


def show_network(session: Session, asked: Mapping[str, Any]) -> Tree:
    """The open network, or the part of it below one node or in some areas. Patterns are always those of the whole.

    Raises Invalid for a key that is no open node's.
    """
    found = session.scalars(
        select(NetworkNode).where(NetworkNode.closed_at.is_(None)).order_by(NetworkNode.key)
    )
    nodes = {node.id: node for node in found}
    places = [
        Place(node.key, node.kind, nodes[node.parent_id].key if node.parent_id in nodes else None)
        for node in nodes.values()
    ]
    counted, by_key = patterns(places), {node.key: node for node in nodes.values()}
    lines = [
        _line(by_key[place.key], place.parent, depth, counted.get(place.key))
        for place, depth in in_order(_wanted(places, by_key, asked))
    ]
    return Tree(lines, _counts(lines))


def _wanted(places: list[Place], nodes: Mapping[str, NetworkNode], asked: Mapping[str, Any]) -> list[Place]:
    wanted = set(nodes)
    if asked.get("below"):
        if asked["below"] not in nodes:
            raise Invalid.field("below", NO_SUCH_NODE)
        wanted &= below(asked["below"], places)
    if asked.get("region"):
        regions = regions_of(asked["region"])
        wanted &= {key for key, node in nodes.items() if node.region_code in regions}
    return [place for place in places if place.key in wanted]


def _line(node: NetworkNode, parent: str | None, depth: int, pattern: Pattern | None) -> Line:
    said = declared(node.nodes_planned, node.stations_planned) if node.kind == HUB else None
    return Line(node, parent, depth, pattern, said)


def _counts(lines: list[Line]) -> Mapping[str, int]:
    counts = {"hub": 0, "node": 0, "station": 0}
    for line in lines:
        counts[line.node.kind] += 1
    return counts
