"""What only the bank's statement knows, placed: a payment that was settled after all, or one that came back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import Bilingual, Invalid
from backbone.identity.service import actor_of
from finance_net.awards.answers.facts import Word
from finance_net.awards.answers.taking import Contradicted, take_words
from finance_net.awards.models import Award
from finance_net.awards.payments.models import Payment
from finance_net.awards.reconciliation.matching import KIND_WORDS, OUT, SURPLUS
from finance_net.awards.reconciliation.models import BankStatement, ReconciliationItem

NOT_PLACED = Bilingual(
    "此项为“{kind}”：只有银行有、我方没有的（surplus）才可指为付款",
    "This one is “{kind}”: only what the bank alone knows (surplus) turns out to be a payment",
)
NO_PAYMENT = Bilingual("该资金没有这笔付款", "There is no such payment of this fund")


def place_surplus(
    session: Session, actor: Actor, item: ReconciliationItem, payment_id: UUID, *, now: datetime
) -> None:
    """Take the statement's line as the bank's word of the payment: money that left settles it, money that came is its return.

    Who imported the statement and who places its line are two, also where those who ordered the payment have left. The caller has
    `hold_words` and the item's row. What an answer has told meanwhile is only written down. Items from before their
    day was kept count on the last day of their statement. Raises Invalid, PeopleGone and what the ledger raises.
    """
    if item.kind != SURPLUS or item.theirs_fen is None:
        raise Invalid.field("payment_id", NOT_PLACED.format(kind=KIND_WORDS[item.kind]))
    statement = session.get_one(BankStatement, item.statement_id)
    query = select(Payment.reference).join(Award, Award.id == Payment.award_id)
    reference = session.scalar(query.where(Payment.id == payment_id, Award.fund_id == statement.fund_id))
    if reference is None:
        raise Invalid.field("payment_id", NO_PAYMENT)
    action = "settle" if item.direction == OUT else "return"
    word = Word(reference, action, item.theirs_fen, item.bank_ref, item.booked_on or statement.until_on)
    try:
        take_words(session, actor, [word], beside=actor_of(session, statement.imported_by), now=now)
    except Contradicted as refusal:
        raise Invalid(
            [{"field": "payment_id", "problem": each.problem} for each in refusal.found]
        ) from refusal
    item.payment_id = payment_id
