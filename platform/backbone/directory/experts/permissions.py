"""Who may do what with experts, as a table, and the same in SQL for reading.

Without a consent that stands an expert exists for the own institute and the expert alone. With it, everybody with an
account finds the expert, yet nobody beyond those two sees telephone or address: one asks the institute's transfer office.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, exists, or_

from backbone.actor import Actor, Role
from backbone.directory.experts.models import Expert, ExpertConsent
from backbone.directory.permissions import has_zone
from backbone.people.models import Person

Rule = Callable[[Actor, Expert], bool]
OWN_ROLES = (Role.INSTITUTE_MEMBER, Role.TRANSFER_OFFICE)
FULL, REVIEW, OPEN = "full", "review", "open"


def own_institute(actor: Actor, expert: Expert) -> bool:
    """A member or the transfer office of the expert's institute."""
    return expert.institute_id in actor.organisations(*OWN_ROLES)


def the_expert(actor: Actor, expert: Expert) -> bool:
    """The expert, with an account of their own."""
    return actor.account_id is not None and actor.account_id == expert.account_id


def zone_operator(actor: Actor, expert: Expert) -> bool:
    """An operator of the institute's zone."""
    return has_zone(actor, expert.institute.region_code, Role.OPERATOR)


CAN_READ_FULL: tuple[Rule, ...] = (the_expert, own_institute)
CAN_READ_CONFLICTS: tuple[Rule, ...] = (the_expert, own_institute, zone_operator)
CAN_AMEND: tuple[Rule, ...] = (the_expert, own_institute)
CAN_CONSENT: tuple[Rule, ...] = (the_expert, own_institute)
CAN_REMOVE: tuple[Rule, ...] = (own_institute,)
# In this order: the first that holds says who revoked.
CAN_REVOKE: dict[str, Rule] = {"expert": the_expert, "institute": own_institute, "operator": zone_operator}


def allows(rules: tuple[Rule, ...], actor: Actor, expert: Expert) -> bool:
    """Whether any rule of the table holds."""
    return any(rule(actor, expert) for rule in rules)


def may_enter(actor: Actor, institute_id: object) -> bool:
    """Members and the transfer office of the institute."""
    return institute_id in actor.organisations(*OWN_ROLES)


def revoker(actor: Actor, expert: Expert) -> str | None:
    """In which capacity the actor may revoke the consent; None in none."""
    return next((who for who, rule in CAN_REVOKE.items() if rule(actor, expert)), None)


def view_of(actor: Actor, expert: Expert) -> str:
    """How much of an expert somebody reads who may know of them."""
    if allows(CAN_READ_FULL, actor, expert):
        return FULL
    return REVIEW if allows(CAN_READ_CONFLICTS, actor, expert) else OPEN


def listed() -> ColumnElement[bool]:
    """Known to everybody: a consent stands, and the person was not erased."""
    consents = exists().where(ExpertConsent.expert_id == Expert.id, ExpertConsent.revoked_at.is_(None))
    is_somebody = exists().where(Person.holder_id == Expert.id, Person.erased_at.is_(None))
    return and_(consents, is_somebody)


def readable(actor: Actor) -> ColumnElement[bool]:
    """The experts that this actor may know of."""
    own = Expert.institute_id.in_(actor.organisations(*OWN_ROLES))
    known = [listed(), own]
    if actor.account_id is not None:
        known.append(Expert.account_id == actor.account_id)
    return and_(Expert.removed_at.is_(None), or_(*known))
