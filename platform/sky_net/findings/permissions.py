"""Who writes, reads and signs findings, as tables."""

from backbone.actor import Actor
from sky_net.invitations.parties import poster, zone_auditor, zone_operator
from sky_net.needs.models import Need
from sky_net.needs.permissions import is_supervisor

CAN_WRITE = (zone_operator,)
CAN_READ_DRAFT = (zone_operator, zone_auditor)
CAN_READ_SIGNED = (poster, *CAN_READ_DRAFT)


def may_sign(actor: Actor, need: Need) -> bool:
    """A supervisor; that it is not the author is for the stop table to say."""
    return is_supervisor(actor, need)
