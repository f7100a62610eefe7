"""A contract's life as one table; "start" is what a plan of milestones does to it, and "cancel" what settling a dispute
against it does: it was never signed as it was put on record. Cancelled or terminated, the need waits for its contract again.
"""

from types import MappingProxyType

from backbone.errors import Bilingual
from ground_net.contracts.parties import buyer, institute_member, seller_office, zone_operator
from sky_net.invitations.life_cycle import LifeCycle, Transition

LIFE = LifeCycle(
    "signed",
    MappingProxyType({
        "signed": Bilingual("已签订", "signed"),
        "in_delivery": Bilingual("履行中", "in delivery"),
        "delivered": Bilingual("已交付", "delivered"),
        "accepted": Bilingual("已验收", "accepted"),
        "closed": Bilingual("已办结", "closed"),
        "terminated": Bilingual("已解除", "terminated"),
        "cancelled": Bilingual("登记有误，已撤销", "cancelled: not signed as recorded"),
    }),
    Transition("start", ("signed",), "in_delivery"),
    Transition("deliver", ("signed", "in_delivery"), "delivered", by=(institute_member,)),
    Transition("accept", ("delivered",), "accepted", by=(buyer,)),
    Transition("close", ("accepted",), "closed", by=(buyer, seller_office, zone_operator)),
    Transition(
        "terminate", ("signed", "in_delivery", "delivered"), "terminated", by=(buyer, seller_office, zone_operator)
    ),
    # From delivered too: who hands everything over at once takes nobody's days to dispute it away.
    Transition("cancel", ("signed", "in_delivery", "delivered"), "cancelled", by=(zone_operator,)),
)  # fmt: skip
STATES = LIFE.words
ENDED = tuple(LIFE.after(action) for action in ("close", "terminate", "cancel"))
"""States in which nobody has to follow it up any more."""
CANCELLED = LIFE.after("cancel")
ANNULLED = tuple(LIFE.after(action) for action in ("terminate", "cancel"))
"""Ended without being performed: it stands in no other contract's way, and no figure counts it as a success."""
AMENDABLE = (LIFE.initial, LIFE.after("start"))
"""Before anything was delivered: what was agreed may still be changed by a supplement."""
