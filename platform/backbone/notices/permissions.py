"""Who keeps webhooks and looks after deliveries, as a table."""

from backbone.actor import Actor, Role
from backbone.errors import Forbidden

CAN_KEEP_WEBHOOKS = CAN_SEE_DELIVERIES = (Role.ADMINISTRATOR,)


def require(actor: Actor, roles: tuple[Role, ...]) -> None:
    """Raise Forbidden unless the actor holds one of the roles over the whole province."""
    if not actor.holds_for_province(*roles):
        raise Forbidden()
