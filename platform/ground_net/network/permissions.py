"""Who may do what with the network: everybody with an account reads it, the operators of the zones run it."""

from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone
from backbone.directory.regions import regions_around


def may_run(actor: Actor, region_code: str) -> bool:
    """Operators of the zone for which the node works, and administrators."""
    return actor.holds_for_province(Role.ADMINISTRATOR) or has_zone(actor, region_code, Role.OPERATOR)


def may_hang_below(actor: Actor, parent_region: str, region_code: str) -> bool:
    """Whether who runs a node of `region_code` may hang it below that parent: their own, or one that serves the region."""
    return may_run(actor, parent_region) or parent_region in regions_around(region_code)


def runs_any(actor: Actor) -> bool:
    """Whether there is any node that the actor might run."""
    return actor.holds_for_province(Role.ADMINISTRATOR) or actor.holds(Role.OPERATOR)
