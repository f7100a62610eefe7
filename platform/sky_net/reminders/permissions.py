"""Who keeps the roster of duties and who reads it, as tables."""

from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone, zones_of
from backbone.errors import Forbidden

CAN_READ: tuple[Role, ...] = (Role.OPERATOR, Role.AUDITOR, Role.ADMINISTRATOR)


def may_appoint(actor: Actor, zone_code: str) -> bool:
    """An administrator over the zone, or an operator of the whole province."""
    return has_zone(actor, zone_code, Role.ADMINISTRATOR) or actor.holds_for_province(Role.OPERATOR)


def may_read(actor: Actor, zone_code: str) -> bool:
    """Whether the actor may know who is on duty there."""
    return has_zone(actor, zone_code, *CAN_READ)


def readable_zones(actor: Actor) -> frozenset[str] | None:
    """The regions whose roster the actor may read, None for all; raises Forbidden for everybody else."""
    if not actor.holds(*CAN_READ):
        raise Forbidden()
    return zones_of(actor, *CAN_READ)
