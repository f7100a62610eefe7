"""Who may watch the clocks of whole zones, as a table. The clocks of one need are shown with the need."""

from backbone.actor import Actor, Role
from backbone.directory.permissions import zones_of
from backbone.errors import Forbidden

CAN_WATCH: tuple[Role, ...] = (Role.OPERATOR, Role.AUDITOR)
"""Within their scope: the province, or their zones with all they contain."""


def watched_zones(actor: Actor) -> frozenset[str] | None:
    """The region codes whose clocks the actor may watch, None for all; raises Forbidden for everybody else."""
    if not actor.holds(*CAN_WATCH):
        raise Forbidden()
    return zones_of(actor, *CAN_WATCH)
