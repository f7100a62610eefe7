"""What of the ledger is an award's: it is moved by the award alone."""

from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from finance_net.awards.clawbacks.models import Clawback, Recovery
from finance_net.awards.models import Award, TranchePart
from finance_net.awards.payments.models import Payment
from finance_net.ledger.claims import CLAIMS


def award_of_hold(session: Session, hold_id: UUID) -> str | None:
    """The number of the award whose commitment, tranche, payment or recovery it is."""
    number = select(Award.number)
    recovered = (
        number.join(Payment, Payment.award_id == Award.id)
        .join(Clawback, Clawback.payment_id == Payment.id)
        .join(Recovery, Recovery.clawback_id == Clawback.id)
    )
    found = union_all(
        number.where(Award.hold_id == hold_id),
        number.join(TranchePart, TranchePart.award_id == Award.id).where(TranchePart.hold_id == hold_id),
        number.join(Payment, Payment.award_id == Award.id).where(Payment.transfer_id == hold_id),
        recovered.where(Recovery.transfer_id == hold_id),
    )
    return session.scalar(found.limit(1))


CLAIMS.append(award_of_hold)
