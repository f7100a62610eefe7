"""A supplement's life as one table: it stands, or whoever settles a dispute about it strikes it, and it was never agreed."""

from types import MappingProxyType

from backbone.errors import Bilingual
from ground_net.contracts.parties import zone_operator
from sky_net.invitations.life_cycle import LifeCycle, Transition

LIFE = LifeCycle(
    "recorded",
    MappingProxyType({
        "recorded": Bilingual("已登记", "recorded"),
        "struck": Bilingual("已否定，视为从未约定", "struck: never agreed"),
    }),
    Transition("strike", ("recorded",), "struck", by=(zone_operator,)),
)  # fmt: skip
STATES = LIFE.words
