"""Who may do what with contracts, as tables; what moves them stands in `states.LIFE`.

What was agreed is confidential: whoever is in no row is told that there is no such contract. The broker to whom a contract is
credited is told that there is one, and no amount of it.
"""

from sqlalchemy import ColumnElement, and_, false, or_

from backbone.actor import Actor, Role
from backbone.directory.permissions import zones_of
from ground_net.contracts.models import Contract
from ground_net.contracts.parties import (
    buyer,
    institute_member,
    seller_office,
    sellers_registrar,
    zone_auditor,
    zone_operator,
)
from sky_net.invitations.life_cycle import Rule, allows
from sky_net.invitations.parties import institutes_of

FULL, OUTLINE = "full", "outline"


def _filed_with(actor: Actor, contract: Contract, institute_id: object = None) -> bool:
    return contract.filed_at is not None and sellers_registrar(actor, contract)


CAN_AMEND: tuple[Rule, ...] = (buyer, seller_office, zone_operator)
CAN_DISPUTE = CAN_AMEND
CAN_SETTLE: tuple[Rule, ...] = (zone_operator,)
CAN_RECORD_RECEIPT = CAN_AMEND
CAN_FOLLOW_UP = CAN_AMEND
CAN_PLAN = CAN_AMEND
CAN_ACCEPT_MILESTONE: tuple[Rule, ...] = (buyer,)
CAN_FILE: tuple[Rule, ...] = (seller_office,)
CAN_RECORD_DECISION: tuple[Rule, ...] = (sellers_registrar, zone_operator)
"""An operator puts on record what a station outside of the platform has answered."""
CAN_REWARD: tuple[Rule, ...] = (seller_office,)
# The buyer has no say in what the institute pays its people, nor the registrar.
CAN_READ_REWARDS: tuple[Rule, ...] = (institute_member, seller_office, zone_operator, zone_auditor)
CAN_READ: tuple[Rule, ...] = (
    buyer,
    institute_member,
    seller_office,
    zone_operator,
    zone_auditor,
    _filed_with,
)


def view_of(actor: Actor, contract: Contract) -> str:
    """FULL, or OUTLINE for the broker who is credited with it; asked of contracts that are `readable`."""
    return FULL if allows(CAN_READ, actor, contract) else OUTLINE


def readable(actor: Actor) -> ColumnElement[bool]:
    """CAN_READ in SQL, and the contracts that are credited to the actor."""
    own = Contract.credited_to == actor.account_id if actor.account_id else false()
    return or_(readable_in_full(actor), own)


def readable_in_full(actor: Actor) -> ColumnElement[bool]:
    """CAN_READ in SQL."""
    institutes, enterprises = institutes_of(actor), actor.organisations(Role.ENTERPRISE_MEMBER)
    return or_(
        Contract.institute_id.in_(institutes),
        Contract.buyer_id.in_(enterprises),
        Contract.seller_enterprise_id.in_(enterprises),
        _within(actor, Contract.zone_code, Role.OPERATOR, Role.AUDITOR),
        and_(Contract.filed_at.is_not(None), at_stations_of(actor)),
    )


def at_stations_of(actor: Actor) -> ColumnElement[bool]:
    """The contracts whose seller lies where the actor registers them."""
    return _within(actor, Contract.seller_region_code, Role.REGISTRAR)


def _within(actor: Actor, column: object, *roles: Role) -> ColumnElement[bool]:
    zones = zones_of(actor, *roles)
    if zones is None:
        return Contract.id.is_not(None)
    condition: ColumnElement[bool] = column.in_(zones)  # type: ignore[attr-defined]  # a column of Contract
    return condition
