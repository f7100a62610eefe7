"""Who does what with grants, as tables. Rounds are the province's: its managers run them, its auditors read all of them."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, true

from backbone.actor import Actor, Role
from backbone.errors import Forbidden
from finance_net.grants.applications.models import GrantApplication
from finance_net.ledger.permissions import CAN_ACT, CAN_READ, require_manager, require_reader

CAN_APPLY: tuple[Role, ...] = (Role.ENTERPRISE_MEMBER,)

__all__ = ["may_read_all", "readable", "require_manager", "require_member", "require_reader"]


def may_read_all(actor: Actor) -> bool:
    """Whether every application, review and objection is shown."""
    return actor.holds_for_province(*CAN_READ)


def is_manager(actor: Actor) -> bool:
    """Whether the actor runs rounds."""
    return actor.holds_for_province(*CAN_ACT)


def require_member(actor: Actor, *enterprises: UUID | None) -> None:
    """Raise Forbidden for everybody but members of one of the enterprises."""
    if not actor.organisations(*CAN_APPLY) & {each for each in enterprises if each is not None}:
        raise Forbidden()


def readable(actor: Actor) -> ColumnElement[bool]:
    """The applications that the actor may read: every one, or those of the own enterprises; a user sees them once submitted."""
    if may_read_all(actor):
        return true()
    own = sorted(actor.organisations(*CAN_APPLY))
    return or_(
        GrantApplication.applicant_id.in_(own),
        GrantApplication.user_id.in_(own) & GrantApplication.submitted_at.is_not(None),
    )
