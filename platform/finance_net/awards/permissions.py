"""Who does what with awards: the province's managers pay, its auditors read, members of a beneficiary see their own."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from backbone.actor import Actor, Role
from backbone.errors import Forbidden
from finance_net.awards.errors import PeopleGone
from finance_net.awards.models import Award, Beneficiary
from finance_net.ledger.permissions import CAN_ACT, CAN_READ, require_manager, require_reader

CAN_CLAIM: tuple[Role, ...] = (Role.ENTERPRISE_MEMBER,)
"""Claims tranches, proves conditions, gives the account and reports effects, for the own enterprise."""

__all__ = [
    "is_manager",
    "may_read_all",
    "own_of",
    "readable",
    "require_manager",
    "require_member",
    "require_reader",
    "two_of",
]


def is_manager(actor: Actor) -> bool:
    """Whether the actor moves money."""
    return actor.holds_for_province(*CAN_ACT)


def may_read_all(actor: Actor) -> bool:
    """Whether every award is shown."""
    return actor.holds_for_province(*CAN_READ)


def own_of(actor: Actor) -> list[UUID]:
    """The enterprises that the actor speaks for."""
    return sorted(actor.organisations(*CAN_CLAIM))


def require_member(actor: Actor, enterprises: Iterable[UUID]) -> None:
    """Raise Forbidden for everybody but members of one of the enterprises."""
    if not set(own_of(actor)) & set(enterprises):
        raise Forbidden()


def readable(actor: Actor) -> ColumnElement[bool]:
    """The awards that the actor may read."""
    if may_read_all(actor):
        return true()
    own = select(Beneficiary.award_id).where(Beneficiary.enterprise_id.in_(own_of(actor)))
    return Award.id.in_(own)


def two_of(*people: Actor | None) -> tuple[Actor, Actor]:
    """The first two different present managers of those who stand behind a booking; raises PeopleGone."""
    found: dict[UUID, Actor] = {}
    for each in people:
        if each is not None and each.account_id is not None and is_manager(each):
            found.setdefault(each.account_id, each)
    if len(found) < 2:
        raise PeopleGone()
    first, second, *_ = found.values()
    return first, second
