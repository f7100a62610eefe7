"""Who may do what with leads: a node's collectors at it, collectors, brokers and operators of its zone there.

Whoever claimed a lead works on it alone; an operator of the zone may step in. Nobody of an enterprise or an institute
knows of leads: they are notes about somebody who has not posted anything yet.
"""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import ColumnElement, false, or_

from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone, zones_of
from ground_net.leads.models import Lead


class AtNode(Protocol):
    """A lead or an event: something of one node."""

    node_key: str
    zone_code: str


Rule = Callable[[Actor, AtNode], bool]
WORKS: tuple[Role, ...] = (Role.COLLECTOR, Role.BROKER, Role.OPERATOR)
READS: tuple[Role, ...] = (*WORKS, Role.AUDITOR)


def at_the_node(actor: Actor, row: AtNode) -> bool:
    """A collector of the node itself."""
    return row.node_key in actor.nodes(Role.COLLECTOR)


def of_the_zone(actor: Actor, row: AtNode) -> bool:
    """A collector, broker or operator over the node's zone."""
    return has_zone(actor, row.zone_code, *WORKS)


def operates(actor: Actor, row: AtNode) -> bool:
    """An operator of the node's zone."""
    return has_zone(actor, row.zone_code, Role.OPERATOR)


CAN_RECORD: tuple[Rule, ...] = (at_the_node, of_the_zone)
CAN_CLAIM: tuple[Rule, ...] = (at_the_node, of_the_zone)


def allows(rules: tuple[Rule, ...], actor: Actor, row: AtNode) -> bool:
    """Whether any rule of the table holds."""
    return any(rule(actor, row) for rule in rules)


def may_work(actor: Actor, lead: Lead) -> bool:
    """Whether the actor may amend, question, promote or close it: the owner, an operator, and while nobody has claimed it
    whoever may.
    """
    if lead.owner_id is None:
        return allows(CAN_CLAIM, actor, lead)
    return operates(actor, lead) or (lead.owner_id == actor.account_id and allows(CAN_CLAIM, actor, lead))


def reads_people(actor: Actor, lead: Lead) -> bool:
    """Whether names, phones and addresses are shown unmasked: to those who work on it, of one lead, never in lists."""
    return may_work(actor, lead) or at_the_node(actor, lead)


def readable(actor: Actor) -> ColumnElement[bool]:
    """Which leads the actor may know of."""
    zones = zones_of(actor, *READS)
    if zones is None:
        return Lead.node_key.is_not(None)
    reached = [Lead.zone_code.in_(zones)] if zones else []
    nodes = actor.nodes(Role.COLLECTOR)
    return or_(false(), *reached, *([Lead.node_key.in_(nodes)] if nodes else []))
