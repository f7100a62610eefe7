"""Reminding: banks whose time is over or nearly so. The managers before it, they and the enterprise after it, each once."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance_net.credit.handovers import states
from finance_net.credit.handovers.models import CreditHandover
from finance_net.credit.handovers.telling import members, tell
from finance_net.ledger.telling import managers

BEFORE_DUE = timedelta(days=1)
"""How long before its time is over a bank is reminded of: in the morning of the last day, told to those who can ring it up."""


def remind(session: Session, *, now: datetime) -> int:
    """Tell all that is due by now and was not told; returns how many notices were written."""
    waiting = select(CreditHandover).where(
        CreditHandover.state == states.ASKED, CreditHandover.due_at <= now + BEFORE_DUE
    )
    acting = managers(session)
    written = 0
    for row in session.scalars(waiting.order_by(CreditHandover.due_at, CreditHandover.id)).all():
        is_late = states.state_at(row.state, row.due_at, now) == states.LAPSED
        kind, reached = (
            ("credit_lapsed", acting | members(session, row)) if is_late else ("credit_due", acting)
        )
        # Each bank that was asked has its own: `asked_at` is of the last one.
        written += tell(session, row, kind, f"{row.id}:{row.asked_at}", reached, now=now)
    return written
