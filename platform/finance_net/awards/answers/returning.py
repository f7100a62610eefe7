"""A settled payment that the bank sent back: its money may be paid again, and all that rested on the payment is put right."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from finance_net.awards.clawbacks.models import Clawback
from finance_net.awards.life import CLAWBACK
from finance_net.awards.models import Award, TranchePart
from finance_net.awards.payments.models import Payment
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell
from finance_net.ledger import service as ledger


def book_return(
    session: Session, people: tuple[Actor, Actor], payment: Payment, bank_ref: str, returned_on: date, *, now: datetime
) -> UUID:  # fmt: skip
    """The ledger's reversal of the payment, by two present managers; what came back is set aside for the same part again.

    Raises what `reverse` and `approve_tranche` of the ledger raise.
    """
    first, second = people
    part, award = session.get_one(TranchePart, payment.part_id), session.get_one(Award, payment.award_id)
    if payment.transfer_id is None:
        raise AssertionError("a payment without its transfer was kept as settled")
    how: dict[str, Any] = {"reason": payment.reference, "effective_on": returned_on, "now": now}
    reversal = ledger.reverse(session, first, payment.transfer_id, approver=second, **how)
    part.hold_id = ledger.approve_tranche(session, first, award.hold_id, payment.amount_fen, **how).id
    said = {
        "award": award.number, "reference": payment.reference, "enterprise_id": payment.enterprise_id, "bank_ref": bank_ref,
        "amount_fen": payment.amount_fen, "returned_on": returned_on, "transfer_id": reversal.id,
    }  # fmt: skip
    subject = Subject("award_payments", payment.id, said, payment.amount_fen)
    tell(session, award.application_id, StepKind.RETURN, subject, now=now)
    return reversal.id


def lapse_clawbacks(session: Session, actor: Actor, payment: Payment, *, now: datetime) -> None:
    """What was asked back of it, and of which nothing came: whoever was asked has nothing of it any more."""
    query = select(Clawback).where(
        Clawback.payment_id == payment.id, Clawback.state.in_(CLAWBACK.before("lapse"))
    )
    query = query.order_by(Clawback.id).with_for_update()
    for each in session.scalars(query.execution_options(populate_existing=True)).all():
        each.state, each.updated_at = CLAWBACK.after("lapse", each.state), now
        session.flush()
        audit.record(session, actor, "lapse_clawback", each, now=now, after={"state": each.state})
    payment.clawed_fen = 0


def reopen_award(session: Session, actor: Actor, payment: Payment, *, now: datetime) -> None:
    """An award that was closed when the money came back: what is done with it is decided anew, by paying or by closing it again."""
    award = session.get_one(Award, payment.award_id)
    if award.closed_at is None:
        return
    before = {"closed_at": award.closed_at, "closed_by": award.closed_by}
    award.closed_at = award.closed_by = award.closing_reason = None
    award.updated_at = now
    session.flush()
    after = {"closed_at": None, "reference": payment.reference}
    audit.record(session, actor, "reopen_award", award, now=now, before=before, after=after)
