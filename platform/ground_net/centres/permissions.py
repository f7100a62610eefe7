"""Who may do what with centres: everybody with an account reads them, the operators of both cities run them."""

from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone
from ground_net.centres.models import InnovationCentre


def may_run(actor: Actor, centre: InnovationCentre) -> bool:
    """Operators of the home or of the host region, and administrators."""
    cities = (centre.home_region, centre.host_region)
    operates = any(has_zone(actor, city, Role.OPERATOR) for city in cities)
    return operates or actor.holds_for_province(Role.ADMINISTRATOR)
