"""Taking an admitted application out of its round: by a manager before it is announced, or for an objection that was upheld."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.applications.reading import application_of
from finance_net.grants.errors import AnnouncedAlready
from finance_net.grants.life import APPLICATION, ROUND
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import require_manager
from finance_net.grants.reading import round_of
from finance_net.grants.selections.models import GrantAllocation, GrantSelection
from finance_net.grants.telling import tell_parties
from finance_net.ledger.service import void

PERSONAL = frozenset({"reason"})
OUT = APPLICATION.after("exclude")
UNDONE = "遴选作废 {number} / the selection is void: {number} was excluded"


def exclude_application(
    session: Session, actor: Actor, application_id: UUID, reason: str, *, now: datetime
) -> GrantApplication:
    """What came to light after it was admitted, before it is announced; from then on an objection is ruled on instead.

    Where a selection has set money aside for it, that selection is void: all that it set aside is let go of, and the round is selected
    anew. Raises NotFound, Forbidden, StateConflict, AnnouncedAlready.
    """
    row = application_of(session, actor, application_id)
    require_manager(actor)
    call = round_of(session, actor, row.round_id, locked=True)  # a selection is approved under the same lock
    row = application_of(session, actor, application_id, locked=True)
    APPLICATION.after("exclude", row.state)  # what was awarded is no matter of objections any more
    allocation = allocation_of(session, row.id)
    if allocation is not None and allocation.announcement_id is not None:
        raise AnnouncedAlready(number=row.number)
    take_out(session, actor, row, reason, told_as="application_excluded", now=now)
    after = {"state": row.state, "reason": reason}
    audit.record(session, actor, "exclude_application", row, now=now, after=after, personal=PERSONAL)
    if allocation is not None:
        _undo_selection(session, actor, call, row, now)
    return row


def take_out(
    session: Session, actor: Actor, row: GrantApplication, reason: str, *, told_as: str, now: datetime
) -> None:
    """It takes part no more, and its parties are told so; raises StateConflict."""
    row.state, row.reason, row.updated_at = APPLICATION.after("exclude", row.state), reason, now
    session.flush()
    tell_parties(session, actor, told_as, [row], now=now)


def allocation_of(session: Session, application_id: UUID) -> GrantAllocation | None:
    """What is set aside for it, or announced as its own."""
    return session.scalar(
        select(GrantAllocation).where(
            GrantAllocation.application_id == application_id, ~GrantAllocation.is_void
        )
    )


def let_go(session: Session, actor: Actor, allocation: GrantAllocation, reason: str, now: datetime) -> None:
    """Give back what was set aside; the guard of what is funded sees first that it is not any more."""
    allocation.is_void = True
    session.flush()
    void(session, actor, allocation.hold_id, reason=reason, now=now)


def _undo_selection(
    session: Session, actor: Actor, call: GrantRound, out: GrantApplication, now: datetime
) -> None:
    """The others may now get more, and some who got nothing may get something: who announces shows the whole answer."""
    reason = UNDONE.format(number=out.number)
    unannounced = select(GrantAllocation).join(GrantSelection).where(
        GrantSelection.round_id == call.id, GrantAllocation.announcement_id.is_(None), ~GrantAllocation.is_void
    )  # fmt: skip
    for each in session.scalars(unannounced.order_by(GrantAllocation.id)).all():
        let_go(session, actor, each, reason, now)
    announced = select(GrantAllocation.id).join(GrantSelection).where(
        GrantSelection.round_id == call.id, GrantAllocation.announcement_id.is_not(None)
    )  # fmt: skip
    was_announced = session.scalar(announced.limit(1)) is not None
    before = {"state": call.state}
    call.state, call.updated_at = ROUND.after("uphold" if was_announced else "close"), now
    session.flush()
    audit.record(session, actor, "undo_selection", call, now=now, before=before, after={"state": call.state})
