"""Who may do what with organisations, as a table.

Institutes are public to every account; an enterprise is known only to its members, to the operators of its zone
and to auditors, since a masked need must not be undone by the directory.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, or_, select

from backbone.actor import Actor, Role
from backbone.directory.models import Enterprise
from backbone.directory.regions import regions_within
from backbone.errors import Forbidden

Rule = Callable[[Actor, Any], bool]


def zones_of(actor: Actor, *roles: Role) -> frozenset[str] | None:
    """The regions over which any of the roles is held, with all they contain; None for the whole province."""
    if actor.holds_for_province(*roles):
        return None
    return frozenset().union(*(regions_within(zone) for zone in actor.zones(*roles)))


def has_zone(actor: Actor, zone_code: str, *roles: Role) -> bool:
    """Whether any of the roles reaches this region."""
    zones = zones_of(actor, *roles)
    return zones is None or zone_code in zones


def operator_of_region(actor: Actor, organisation: Any) -> bool:
    """An operator of the organisation's zone."""
    return has_zone(actor, organisation.region_code, Role.OPERATOR)


def administrator(actor: Actor, organisation: Any) -> bool:
    """An administrator of the platform."""
    return actor.holds_for_province(Role.ADMINISTRATOR)


def auditor(actor: Actor, organisation: Any) -> bool:
    """An auditor over the zone."""
    return has_zone(actor, organisation.region_code, Role.AUDITOR)


def member(actor: Actor, organisation: Any) -> bool:
    """A member of the organisation, in whatever role."""
    return organisation.id in actor.organisations(*Role)


def entrusted_member(actor: Actor, organisation: Any) -> bool:
    """A member who speaks for the organisation; an auditor or manager within it does not."""
    return organisation.id in actor.organisations(
        Role.ENTERPRISE_MEMBER, Role.INSTITUTE_MEMBER, Role.TRANSFER_OFFICE
    )


def who_would_ask(actor: Actor, organisation: Any) -> bool:
    """Whoever brings needs to institutes: a transfer office's contact is there to be rung by them."""
    return actor.holds(Role.ENTERPRISE_MEMBER, Role.BROKER, Role.OPERATOR)


def reported_zones(actor: Actor) -> frozenset[str] | None:
    """The regions on which the actor may ask for reports, None for all; raises Forbidden for everybody else."""
    if actor.holds_for_province(Role.ADMINISTRATOR):
        return None
    if not actor.holds(*CAN_REPORT):
        raise Forbidden()
    return zones_of(actor, *CAN_REPORT)


def may_move(actor: Actor, organisation: Any, region_code: str) -> bool:
    """Whether who may amend an organisation may also say that it lies in this region from now on.

    The organisation itself knows where it is; an operator hands nothing over to a zone without a say in it.
    """
    moves_freely = entrusted_member(actor, organisation) or administrator(actor, organisation)
    return moves_freely or has_zone(actor, region_code, Role.OPERATOR)


CAN_REPORT: tuple[Role, ...] = (Role.OPERATOR, Role.AUDITOR)
CAN_REGISTER: tuple[Rule, ...] = (operator_of_region, administrator)
CAN_READ_ENTERPRISE: tuple[Rule, ...] = (member, operator_of_region, administrator, auditor)
CAN_READ_CONTACT_OF_ENTERPRISE: tuple[Rule, ...] = (member, operator_of_region, administrator)
CAN_READ_CONTACT_OF_INSTITUTE: tuple[Rule, ...] = (member, operator_of_region, administrator, who_would_ask)
CAN_AMEND: tuple[Rule, ...] = (entrusted_member, operator_of_region, administrator)


def allows(rules: tuple[Rule, ...], actor: Actor, organisation: Any) -> bool:
    """Whether any rule of the table holds."""
    return any(rule(actor, organisation) for rule in rules)


def visible_enterprises(actor: Actor) -> Select[Enterprise]:
    """The enterprises this actor may know of: CAN_READ_ENTERPRISE in SQL."""
    query = select(Enterprise)
    if actor.holds_for_province(Role.ADMINISTRATOR):
        return query
    zones = zones_of(actor, Role.OPERATOR, Role.AUDITOR)
    if zones is None:
        return query
    return query.where(or_(Enterprise.region_code.in_(zones), Enterprise.id.in_(actor.organisations(*Role))))
