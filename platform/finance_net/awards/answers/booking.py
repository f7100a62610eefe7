"""Booking what was settled, and what came back of it: in the ledger, in the case, and as a question after its effect."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.identity.service import actor_of
from finance_net.awards.answers.returning import book_return, lapse_clawbacks, reopen_award
from finance_net.awards.effects.dues import ask_anew, open_dues
from finance_net.awards.life import SETTLED
from finance_net.awards.models import Award, TranchePart
from finance_net.awards.payments.models import Payment, PaymentBatch
from finance_net.awards.permissions import two_of
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell
from finance_net.ledger import service as ledger


@dataclass
class BookingDesk:
    """What one answer of the bank's books; `actor` brings it, `beside` another who did a part of that. Who stands behind a batch
    is looked up once.
    """

    session: Session
    actor: Actor
    now: datetime
    beside: Actor | None = None
    _people: dict[UUID, tuple[Actor, Actor]] = field(default_factory=dict)
    _paid_on: dict[UUID, date] = field(default_factory=dict)
    _came_back: set[UUID] = field(default_factory=set)

    def book(self, payment: Payment, bank_ref: str, settled_on: date) -> UUID:
        """The transfer of a payment; raises PeopleGone and what `pay` of the ledger raises."""
        session, (first, second) = self.session, self._behind(payment.batch_id)
        part, award = session.get_one(TranchePart, payment.part_id), session.get_one(Award, payment.award_id)
        if part.hold_id is None:
            raise AssertionError("a payment of a part that was never approved was kept")
        booked = ledger.pay(
            session, first, part.hold_id, approver=second, reason=payment.reference, effective_on=settled_on,
            transfer_id=payment.id, now=self.now,
        )  # fmt: skip
        said = {
            "award": award.number, "reference": payment.reference, "enterprise_id": payment.enterprise_id, "bank_ref": bank_ref,
            "amount_fen": payment.amount_fen, "settled_on": settled_on, "transfer_id": booked.id,
        }  # fmt: skip
        subject = Subject("award_payments", payment.id, said, payment.amount_fen)
        tell(session, award.application_id, StepKind.PAYMENT, subject, now=self.now)
        self._paid_on[award.id] = min(settled_on, self._paid_on.get(award.id, settled_on))
        return booked.id

    def take_back(self, payment: Payment, bank_ref: str, returned_on: date) -> UUID:
        """The transfer by which a payment came back; raises PeopleGone and what the ledger raises."""
        people = self._behind(payment.batch_id)
        reversal_id = book_return(self.session, people, payment, bank_ref, returned_on, now=self.now)
        lapse_clawbacks(self.session, self.actor, payment, now=self.now)
        reopen_award(self.session, self.actor, payment, now=self.now)
        self._came_back.add(payment.award_id)
        return reversal_id

    def ask_effects(self) -> None:
        """Of every award that was paid, counted from its first payment that did not come back."""
        for award_id, paid_on in self._paid_on.items():
            open_dues(self.session, self.actor, self.session.get_one(Award, award_id), paid_on, now=self.now)
        for award_id in sorted(self._came_back):
            paid = (Payment.award_id == award_id, Payment.state == SETTLED)
            first = self.session.scalar(select(func.min(Payment.settled_on)).where(*paid))
            ask_anew(self.session, self.actor, self.session.get_one(Award, award_id), first, now=self.now)

    def _behind(self, batch_id: UUID) -> tuple[Actor, Actor]:
        """The two who ordered and sent it; who brings the word stands in for one that is no manager any more, and
        who is beside them for the other.
        """
        if batch_id not in self._people:
            batch = self.session.get_one(PaymentBatch, batch_id)
            ids = [each for each in (batch.instructed_by, batch.exported_by) if each is not None]
            ordered = (actor_of(self.session, each) for each in ids)
            self._people[batch_id] = two_of(*ordered, self.actor, self.beside)
        return self._people[batch_id]
