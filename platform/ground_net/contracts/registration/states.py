"""A filing's life as one table. A station outside of the platform may have registered what was returned here meanwhile."""

from ground_net.contracts.parties import seller_office, sellers_registrar, zone_operator
from ground_net.contracts.vocabulary import REGISTRATION_STATES
from sky_net.invitations.life_cycle import LifeCycle, Transition

LIFE = LifeCycle(
    "filed",
    REGISTRATION_STATES,
    Transition("return", ("filed",), "returned", by=(sellers_registrar,)),
    Transition("file_again", ("returned",), "filed", by=(seller_office,)),
    Transition("register", ("filed", "returned"), "registered", by=(sellers_registrar, zone_operator)),
    Transition("refuse", ("filed",), "refused", by=(sellers_registrar, zone_operator)),
)  # fmt: skip
LIVE = tuple(LIFE.after(action) for action in ("file_again", "return", "register"))
"""States of which a contract has at most one filing: it is registered once; one that was refused may be filed anew."""
