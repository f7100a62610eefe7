"""Who sees what a draft would change: it names enterprises of every zone, so only who is in office over the province."""

from backbone.actor import Actor, Role

CAN_READ: tuple[Role, ...] = (Role.POLICY_OFFICER, Role.AUDITOR)


def may_read(actor: Actor) -> bool:
    """Whether the actor reads estimates."""
    return actor.holds_for_province(*CAN_READ)
