"""Who may do what with offers, as a table, and the same in SQL for lists.

An offer is on offer while it is visible, open and not expired: every account may read it, without its contact.
Everything else is known to its institute and to the operators of its zone alone.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone, zones_of
from sky_net.achievements.models import Achievement

Rule = Callable[[Actor, Achievement], bool]
OWN_ROLES = (Role.INSTITUTE_MEMBER, Role.TRANSFER_OFFICE)


def is_own(actor: Actor, achievement: Achievement) -> bool:
    """A member or the transfer office of the institute that offers it."""
    return achievement.institute_id in actor.organisations(*OWN_ROLES)


def is_operator_of(actor: Actor, achievement: Achievement) -> bool:
    """An operator of the offer's zone."""
    return has_zone(actor, achievement.zone_code, Role.OPERATOR)


def is_offered(achievement: Achievement, today: date) -> bool:
    """Whether it is on offer to everybody: the same as `offered`, for one row."""
    return (
        achievement.state == "visible"
        and achievement.secrecy == "open"
        and achievement.valid_until_on >= today
    )


CAN_READ_FULL: tuple[Rule, ...] = (is_own, is_operator_of)
CAN_AMEND: tuple[Rule, ...] = (is_own,)
CAN_RECONFIRM: tuple[Rule, ...] = (is_own,)
CAN_WITHDRAW: tuple[Rule, ...] = (is_own,)
CAN_HIDE: tuple[Rule, ...] = (is_own, is_operator_of)
CAN_PUBLISH: tuple[Rule, ...] = (is_own, is_operator_of)


def allows(rules: tuple[Rule, ...], actor: Actor, achievement: Achievement) -> bool:
    """Whether any rule of the table holds."""
    return any(rule(actor, achievement) for rule in rules)


def may_read(actor: Actor, achievement: Achievement, today: date) -> bool:
    """Whether this actor may know of it at all."""
    return is_offered(achievement, today) or allows(CAN_READ_FULL, actor, achievement)


def may_register(actor: Actor, institute_id: object) -> bool:
    """Members and the transfer office of the institute."""
    return institute_id in actor.organisations(*OWN_ROLES)


def offered(today: Any) -> ColumnElement[bool]:
    """On offer to everybody, in SQL."""
    return and_(
        Achievement.state == "visible", Achievement.secrecy == "open", Achievement.valid_until_on >= today
    )


def readable(actor: Actor, today: date) -> ColumnElement[bool]:
    """`may_read` in SQL."""
    zones = zones_of(actor, Role.OPERATOR)
    if zones is None:
        return true()
    own = actor.organisations(*OWN_ROLES)
    return or_(offered(today), Achievement.institute_id.in_(own), Achievement.zone_code.in_(zones))
