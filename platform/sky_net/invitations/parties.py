"""Who stands on which side of a need and an institute: the rules that invitations, contacts and proposals share."""

from uuid import UUID

from backbone.actor import Actor, Role
from sky_net.needs import permissions as needs
from sky_net.needs.models import Need


def institutes_of(actor: Actor) -> frozenset[UUID]:
    """The institutes for which the actor speaks."""
    return actor.organisations(*needs.INSTITUTE_ROLES)


def poster(actor: Actor, need: Need, institute_id: UUID | None = None) -> bool:
    """A member of the enterprise whose need it is."""
    return needs.is_owner(actor, need)


def zone_operator(actor: Actor, need: Need, institute_id: UUID | None = None) -> bool:
    """An operator of the need's zone."""
    return needs.is_operator_of(actor, need)


def zone_broker(actor: Actor, need: Need, institute_id: UUID | None = None) -> bool:
    """A broker (技术经纪人) of the need's zone."""
    return needs.is_broker_of(actor, need)


def zone_auditor(actor: Actor, need: Need, institute_id: UUID | None = None) -> bool:
    """An auditor over the need's zone."""
    return needs.is_auditor_of(actor, need)


def own_institute(actor: Actor, need: Need, institute_id: UUID | None = None) -> bool:
    """A member of this institute; never one of another."""
    return institute_id in institutes_of(actor)


def transfer_office(actor: Actor, need: Need, institute_id: UUID | None = None) -> bool:
    """The transfer office of this institute."""
    return institute_id in actor.organisations(Role.TRANSFER_OFFICE)
