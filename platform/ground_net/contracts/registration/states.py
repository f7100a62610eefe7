"""A filing's life as one table. A station outside of the platform may have registered what was returned here meanwhile."""

from types import MappingProxyType

from backbone.errors import Bilingual
from ground_net.contracts.parties import seller_office, sellers_registrar, zone_operator
from sky_net.invitations.life_cycle import LifeCycle, Transition

LIFE = LifeCycle(
    "filed",
    MappingProxyType({
        "filed": Bilingual("待登记", "filed"),
        "returned": Bilingual("已退回补正", "returned for correction"),
        "registered": Bilingual("已登记", "registered"),
        "refused": Bilingual("不予登记", "refused"),
    }),
    Transition("return", ("filed",), "returned", by=(sellers_registrar,)),
    Transition("file_again", ("returned",), "filed", by=(seller_office,)),
    Transition("register", ("filed", "returned"), "registered", by=(sellers_registrar, zone_operator)),
    Transition("refuse", ("filed",), "refused", by=(sellers_registrar, zone_operator)),
)  # fmt: skip
LIVE = tuple(LIFE.after(action) for action in ("file_again", "return", "register"))
"""States of which a contract has at most one filing: it is registered once; one that was refused may be filed anew."""
