"""Who does what with credit: the province's fund managers score and hand over, the enterprise reads its own and asks.

Whoever is neither, nor the province's auditor, is told that there is no such thing.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.directory.models import Enterprise
from backbone.errors import Forbidden, NotFound
from finance_net.ledger.permissions import CAN_ACT, CAN_READ


def is_manager(actor: Actor) -> bool:
    """Whether the actor scores and hands over."""
    return actor.holds_for_province(*CAN_ACT)


def speaks_for(actor: Actor, enterprise_id: UUID) -> bool:
    """Whether the actor consents for the enterprise."""
    return enterprise_id in actor.organisations(Role.ENTERPRISE_MEMBER)


def readable(actor: Actor, column: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Rows of the enterprises about whose credit the actor may read."""
    if actor.holds_for_province(*CAN_READ):
        return true()
    return column.in_(actor.organisations(Role.ENTERPRISE_MEMBER))


def enterprise_read_by(session: Session, actor: Actor, enterprise_id: UUID) -> Enterprise:
    """Raises NotFound, alike for what is missing and what is hidden."""
    own: ColumnElement[UUID] = Enterprise.__table__.c.id
    found = session.scalars(
        select(Enterprise).where(Enterprise.id == enterprise_id, readable(actor, own))
    ).first()
    if found is None:
        raise NotFound()
    return found


def enterprise_scored_by(session: Session, actor: Actor, enterprise_id: UUID) -> Enterprise:
    """Raises NotFound, and Forbidden for who may only read."""
    enterprise = enterprise_read_by(session, actor, enterprise_id)
    if not is_manager(actor):
        raise Forbidden()
    return enterprise
