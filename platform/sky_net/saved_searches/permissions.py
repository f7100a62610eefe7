"""Who may save a search for what, as a table. Its owner alone knows of it."""

from collections.abc import Mapping

from backbone.actor import Actor, Role
from sky_net.needs.permissions import INSTITUTE_ROLES

CAN_SEARCH_FOR: Mapping[str, tuple[Role, ...]] = {
    "needs": INSTITUTE_ROLES,
    "achievements": (Role.ENTERPRISE_MEMBER,),
}


def may_search_for(actor: Actor, source: str) -> bool:
    """Whether the actor holds, now, a role that looks for these."""
    return actor.holds(*CAN_SEARCH_FOR[source])
