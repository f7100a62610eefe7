"""Who may do what with the routing of needs, as tables.

The reasons of a score count what a masked need hides: they are for those who read all of it in office. A hand-over is known to
its two sides and to the operators and auditors of the need's zone.
"""

from sqlalchemy import ColumnElement, and_, false, or_, true

from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone, zones_of
from ground_net.routing.models import Handover
from sky_net.needs.models import Need
from sky_net.needs.permissions import Rule, is_auditor_of, is_operator_of

OWNERS = (Role.OPERATOR, Role.BROKER)
"""Those with whom a need may lie."""


def answers_for(actor: Actor, need: Need) -> bool:
    """Whoever owns it, by a role over its zone."""
    return actor.account_id == need.owner_id is not None and has_zone(actor, need.zone_code, *OWNERS)


CAN_READ_SCORE: tuple[Rule, ...] = (is_operator_of, is_auditor_of)
CAN_ROUTE: tuple[Rule, ...] = (is_operator_of,)
CAN_HAND: tuple[Rule, ...] = (answers_for, is_operator_of)


def readable(actor: Actor) -> ColumnElement[bool]:
    """Which hand-overs the actor may know of; asked of a query that joins their needs."""
    is_owner = actor.account_id is not None and actor.holds(*OWNERS)
    sides = or_(Handover.from_id == actor.account_id, Handover.to_id == actor.account_id)
    return or_(sides if is_owner else false(), _in_office(actor))


def handable(actor: Actor) -> ColumnElement[bool]:
    """CAN_HAND in SQL, of needs that have an owner."""
    zones = zones_of(actor, *OWNERS)
    within = true() if zones is None else Need.zone_code.in_(zones)
    own = and_(Need.owner_id == actor.account_id, within) if actor.account_id else false()
    operated = zones_of(actor, Role.OPERATOR)
    return or_(own, true() if operated is None else Need.zone_code.in_(operated))


def _in_office(actor: Actor) -> ColumnElement[bool]:
    zones = zones_of(actor, Role.OPERATOR, Role.AUDITOR)
    condition: ColumnElement[bool] = true() if zones is None else Need.zone_code.in_(zones)
    return condition
