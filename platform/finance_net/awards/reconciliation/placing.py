"""What only the bank's statement knows, placed: a payment that was settled after all or came back, or money of a clawback."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import Bilingual, Invalid
from backbone.identity.service import actor_of
from finance_net.awards.answers.facts import Word
from finance_net.awards.answers.taking import Contradicted, take_words
from finance_net.awards.clawbacks.models import Clawback, Recovery
from finance_net.awards.clawbacks.service import record_recovery
from finance_net.awards.clawbacks.withdrawing import VOUCHERS
from finance_net.awards.models import Award
from finance_net.awards.payments.models import Payment
from finance_net.awards.reconciliation.matching import DIRECTION_WORDS, IN, KIND_WORDS, MATCHED, OUT, SURPLUS
from finance_net.awards.reconciliation.models import BankStatement, ReconciliationItem

NOT_PLACED = Bilingual(
    "此项为“{kind}”：只有银行有、我方没有的（surplus）才可指为付款",
    "This one is “{kind}”: only what the bank alone knows (surplus) turns out to be a payment",
)
NOT_RECOVERED = Bilingual(
    "此项为“{kind}”、{direction}：只有银行有、我方没有的收款（surplus、in）才可指为追回到账",
    "This one is “{kind}”, {direction}: only money that came and that the bank alone knows (surplus, in) is booked of a clawback",
)
NO_CLAWBACK = Bilingual("该资金没有这项追回", "There is no such clawback of this fund")
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


def vouches(session: Session, recovery: Recovery) -> bool:
    """Whether a statement that stands has this money: it agreed with what was recorded, or was placed as it."""
    query = (
        select(ReconciliationItem.id)
        .join(BankStatement, BankStatement.id == ReconciliationItem.statement_id)
        .where(BankStatement.withdrawn_at.is_(None), ReconciliationItem.direction == IN)
        .where(ReconciliationItem.bank_ref == recovery.bank_ref)
        .where(
            (ReconciliationItem.kind == MATCHED) | (ReconciliationItem.clawback_id == recovery.clawback_id)
        )
    )
    return session.scalar(query.limit(1)) is not None


VOUCHERS.append(vouches)


def place_recovery(
    session: Session, actor: Actor, item: ReconciliationItem, clawback_id: UUID, *, now: datetime
) -> None:
    """Book the statement's line as money of the clawback, also where who proposed and who decided it have both left.

    The caller has the item's row. Raises Invalid and what `record_recovery` raises.
    """
    if item.kind != SURPLUS or item.direction != IN or item.theirs_fen is None:
        kind, direction = KIND_WORDS[item.kind], DIRECTION_WORDS[item.direction]
        raise Invalid.field("clawback_id", NOT_RECOVERED.format(kind=kind, direction=direction))
    statement = session.get_one(BankStatement, item.statement_id)
    theirs = select(Payment.id).join(Award, Award.id == Payment.award_id)
    theirs = theirs.where(Award.fund_id == statement.fund_id)
    query = select(Clawback.id).where(Clawback.id == clawback_id, Clawback.payment_id.in_(theirs))
    if session.scalar(query) is None:
        raise Invalid.field("clawback_id", NO_CLAWBACK)
    how: dict[str, Any] = {
        "amount_fen": item.theirs_fen, "bank_ref": item.bank_ref, "received_on": item.booked_on or statement.until_on,
        "beside": actor_of(session, statement.imported_by), "now": now,
    }  # fmt: skip
    try:
        record_recovery(session, actor, clawback_id, **how)
    except Invalid as refusal:  # the day is the statement's: what the caller may change is the clawback
        problems = [each["problem"] for each in refusal.data["errors"]]
        raise Invalid([{"field": "clawback_id", "problem": each} for each in problems]) from refusal
    item.clawback_id = clawback_id
