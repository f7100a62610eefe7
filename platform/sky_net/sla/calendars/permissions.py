"""Who reads calendars and who loads them, as tables."""

from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone
from backbone.errors import Forbidden
from sky_net.sla.calendars.models import EVERYWHERE

CAN_READ: tuple[Role, ...] = (Role.OPERATOR, Role.AUDITOR, Role.ADMINISTRATOR)
CAN_LOAD: tuple[Role, ...] = (Role.ADMINISTRATOR, Role.OPERATOR)
"""Over the whole province; an administrator of a zone for that zone."""


def may_load(actor: Actor, key: str) -> bool:
    """Whether the actor may change the calendar of this key."""
    if actor.holds_for_province(*CAN_LOAD):
        return True
    return key != EVERYWHERE and has_zone(actor, key, Role.ADMINISTRATOR)


def require_reader(actor: Actor) -> None:
    """Raise Forbidden for who does not watch over clocks."""
    if not actor.holds(*CAN_READ):
        raise Forbidden()
