"""Who reads the audit, as a table."""

from backbone.actor import Actor, Role
from backbone.errors import Forbidden

CAN_READ_AUDIT = (Role.AUDITOR,)
"""Over the whole province: an event says of no zone that it is its own."""


def require_auditor(actor: Actor) -> None:
    """Raise Forbidden unless the actor may read the audit."""
    if not actor.holds_for_province(*CAN_READ_AUDIT):
        raise Forbidden()
