"""Who may do what with chains: everybody with an account reads them, the province sets them up."""

from backbone.actor import Actor, Role

CAN_STEER: tuple[Role, ...] = (Role.OPERATOR, Role.ADMINISTRATOR)
"""Over the whole province: a chain crosses zones, so no zone's operator decides on it."""


def may_steer(actor: Actor) -> bool:
    """Whether the actor may open, amend and close chains and say who plays which part."""
    return actor.holds_for_province(*CAN_STEER)
