"""Taking back a statement that was imported for another fund, or for days that are not its own; it stays on record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Conflict, NotFound, StateConflict
from finance_net.awards.errors import SecondPerson
from finance_net.awards.permissions import require_manager
from finance_net.awards.reconciliation.models import BankStatement, ReconciliationItem

WITHDRAWN = Bilingual("已撤回", "withdrawn")
PERSONAL = frozenset({"withdrawing_reason"})
PLACED_AS = func.coalesce(ReconciliationItem.payment_id, ReconciliationItem.clawback_id)


class StatementBooked(Conflict):
    """What was booked by a statement stands on it."""

    code = "statement_booked"
    title = Bilingual("已据此对账单入账，不能撤回", "Something was booked by this statement")
    detail = Bilingual(
        "该对账单有 {count} 项已指为付款或追回并入账",
        "Of this statement {count} items were placed as payments or clawbacks, and booked",
    )
    advice = Bilingual(
        "其余差异逐项说明（resolveDifference）",
        "Resolve its other differences one by one (resolveDifference)",
    )


def withdraw_statement(
    session: Session, actor: Actor, statement_id: UUID, *, reason: str, now: datetime
) -> BankStatement:
    """Take it back as another manager than who imported it: one alone hides no difference. Its days can be reconciled anew.

    Raises Forbidden, NotFound, StateConflict, SecondPerson, StatementBooked.
    """
    require_manager(actor)
    statement = session.get(BankStatement, statement_id, with_for_update=True, populate_existing=True)
    if statement is None:
        raise NotFound()
    if statement.withdrawn_at is not None:
        raise StateConflict(stands=WITHDRAWN, state="withdrawn", action="withdraw", allowed=[])
    if statement.imported_by == actor.account_id:
        raise SecondPerson()
    _require_unbooked(session, statement_id)
    statement.withdrawn_by, statement.withdrawn_at, statement.withdrawing_reason = (
        actor.account_id,
        now,
        reason,
    )
    session.flush()
    after = {"withdrawn_at": now, "withdrawing_reason": reason}
    audit.record(session, actor, "withdraw_statement", statement, now=now, after=after, personal=PERSONAL)
    return statement


def _require_unbooked(session: Session, statement_id: UUID) -> None:
    """Under the rows of its items, so that nobody places one meanwhile."""
    items = select(PLACED_AS).where(ReconciliationItem.statement_id == statement_id)
    placed = session.scalars(items.order_by(ReconciliationItem.id).with_for_update()).all()
    if count := sum(each is not None for each in placed):
        raise StatementBooked(count=count)
