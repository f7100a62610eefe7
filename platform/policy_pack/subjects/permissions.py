"""Who states, reads and settles facts of an enterprise, as tables. Institutes are told of none."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.directory.models import Enterprise
from backbone.directory.permissions import auditor, entrusted_member, has_zone, member, operator_of_region
from backbone.directory.service import enterprise_named
from backbone.errors import Forbidden, NotFound

Rule = Callable[[Actor, Any], bool]


def policy_officer(actor: Actor, enterprise: Any) -> bool:
    """A policy officer over the enterprise's zone."""
    return has_zone(actor, enterprise.region_code, Role.POLICY_OFFICER)


CAN_STATE: tuple[Rule, ...] = (entrusted_member, operator_of_region, policy_officer)
CAN_SETTLE: tuple[Rule, ...] = (operator_of_region, policy_officer)
CAN_READ: tuple[Rule, ...] = (member, operator_of_region, policy_officer, auditor)


def allows(rules: tuple[Rule, ...], actor: Actor, enterprise: Enterprise) -> bool:
    """Whether any rule of the table holds."""
    return any(rule(actor, enterprise) for rule in rules)


def enterprise_for(
    session: Session, actor: Actor, enterprise_id: UUID, rules: tuple[Rule, ...]
) -> Enterprise:
    """The enterprise, for whom the rules name; Forbidden for who may only read of it, NotFound for everybody else."""
    enterprise = enterprise_named(session, enterprise_id)
    if allows(rules, actor, enterprise):
        return enterprise
    raise Forbidden() if allows(CAN_READ, actor, enterprise) else NotFound()
