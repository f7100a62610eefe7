"""Whose figures somebody is told: operators and auditors those of their zones, collectors those of their node, or of
every node of their zone.

The amounts of a contract are told to whoever reports on the contract's own zone; collectors are told that there is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from backbone.actor import Actor, Role
from backbone.directory.permissions import CAN_REPORT, reported_zones, zones_of
from ground_net.network.models import NetworkNode


@dataclass(frozen=True)
class Reach:
    """The zones that somebody reports on, None for all, and the single nodes besides."""

    zones: frozenset[str] | None
    nodes: frozenset[str] = frozenset()

    def condition(
        self, zone: InstrumentedAttribute[str], node: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    ) -> ColumnElement[bool]:  # fmt: skip
        """The same in SQL."""
        return true() if self.zones is None else or_(zone.in_(self.zones), node.in_(self.nodes))

    def has(self, zone_code: str, node_key: str | None = None) -> bool:
        """Whether something of this zone and node is told."""
        return self.reports_on(zone_code) or node_key in self.nodes

    def reports_on(self, zone_code: str) -> bool:
        """Whether the zone itself is the reader's."""
        return self.zones is None or zone_code in self.zones

    def sees_whole(self, keys: frozenset[str], nodes: Mapping[str, NetworkNode]) -> bool:
        """Whether all of these nodes are told."""
        return all(self.has(nodes[key].region_code, key) for key in keys)


def reach_of(session: Session, actor: Actor) -> Reach:
    """Whose figures the actor may ask for; raises Forbidden for who may ask for none."""
    nodes = _collected(session, actor)
    reports = actor.holds(*CAN_REPORT) or actor.holds_for_province(Role.ADMINISTRATOR)
    if actor.holds(Role.COLLECTOR) and not reports:
        return Reach(frozenset(), nodes)
    return Reach(reported_zones(actor), nodes)


def _collected(session: Session, actor: Actor) -> frozenset[str]:
    """The nodes whose collector the actor is: by name, or as one over their zone; closed ones too."""
    named = actor.nodes(Role.COLLECTOR)
    zones = zones_of(actor, Role.COLLECTOR)
    if zones is not None and not zones:
        return named
    within = true() if zones is None else NetworkNode.region_code.in_(zones)
    return named.union(session.scalars(select(NetworkNode.key).where(within)))
