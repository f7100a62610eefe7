"""Who stands on which side of a contract: rules about the contract's own columns, for the life cycle and the permissions."""

from typing import Any
from uuid import UUID

from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone
from sky_net.invitations.parties import institutes_of


def buyer(actor: Actor, contract: Any, institute_id: UUID | None = None) -> bool:
    """A member of the enterprise that buys."""
    return contract.buyer_id in actor.organisations(Role.ENTERPRISE_MEMBER)


def institute_member(actor: Actor, contract: Any, institute_id: UUID | None = None) -> bool:
    """A member of the institute whose proposal was accepted."""
    return contract.institute_id in institutes_of(actor)


def institute_office(actor: Actor, contract: Any, institute_id: UUID | None = None) -> bool:
    """The institute's transfer office."""
    return contract.institute_id in actor.organisations(Role.TRANSFER_OFFICE)


def seller_member(actor: Actor, contract: Any, institute_id: UUID | None = None) -> bool:
    """A member of the enterprise through which the institute sells."""
    return contract.seller_enterprise_id in actor.organisations(Role.ENTERPRISE_MEMBER)


def seller_office(actor: Actor, contract: Any, institute_id: UUID | None = None) -> bool:
    """Who signs for the seller: the institute's transfer office, or a member of the enterprise through which it sells."""
    return institute_office(actor, contract) or seller_member(actor, contract)


def zone_operator(actor: Actor, contract: Any, institute_id: UUID | None = None) -> bool:
    """An operator of the need's zone."""
    return has_zone(actor, contract.zone_code, Role.OPERATOR)


def zone_auditor(actor: Actor, contract: Any, institute_id: UUID | None = None) -> bool:
    """An auditor over the need's zone."""
    return has_zone(actor, contract.zone_code, Role.AUDITOR)


def sellers_registrar(actor: Actor, contract: Any, institute_id: UUID | None = None) -> bool:
    """The registration station where the seller lies."""
    return has_zone(actor, contract.seller_region_code, Role.REGISTRAR)
