"""Reminding: capital calls that fall due and are not paid. Each manager once before the day, and once after it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.clock import local_date
from backbone.money import yuan
from finance_net.equity.models import CapitalCall, Deal
from finance_net.equity.telling import tell_of_deal
from finance_net.ledger.telling import managers

BEFORE_DUE = timedelta(days=3)
"""How long before its day a call is spoken of, so that the money can be moved. The house's own default."""


def remind(session: Session, *, now: datetime) -> int:
    """Tell all that is due by now and was not told; returns how many notices were written."""
    today = local_date(now)
    waiting = (
        select(CapitalCall, Deal)
        .join(Deal, Deal.id == CapitalCall.deal_id)
        .where(CapitalCall.state == "called", CapitalCall.due_on <= today + BEFORE_DUE)
        .order_by(CapitalCall.due_on, CapitalCall.id)
    )
    acting = managers(session)
    written = 0
    for call, deal in session.execute(waiting).all():
        kind = "call_late" if call.due_on < today else "call_due"
        told = {"ordinal": call.ordinal, "amount": yuan(call.amount_fen), "on": call.due_on.isoformat()}
        written += tell_of_deal(session, deal, kind, f"{kind}:{call.id}", acting, told, now=now)
    return written
