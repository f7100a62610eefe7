"""Who may do what with a chain's needs, as tables; reading is decided by `sky_net.needs`."""

from backbone.actor import Actor
from sky_net.needs.models import Need
from sky_net.needs.permissions import FULL, INVITED, OPEN, Rule, is_operator_of, is_owner

CAN_ASK: tuple[Rule, ...] = (is_owner, is_operator_of)
SEES_NAMES = (FULL,)
"""Views of the need in which the enterprises behind it are named."""
SEES_CHAIN = (FULL, INVITED, OPEN)
"""Views that tell the chain: with the few enterprises that steer it, it says more than a masked need does."""


def may_ask(actor: Actor, need: Need) -> bool:
    """The enterprise that posts it, and once it was submitted the operators of its zone."""
    return any(rule(actor, need) for rule in CAN_ASK)
