"""Telling what the bank said: whoever is paid of each answer, the managers of what they have to do something about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.money import yuan
from finance_net.awards.life import PAYMENT
from finance_net.awards.payments.models import Payment
from finance_net.awards.telling import News, tell_each
from finance_net.ledger.telling import managers

KINDS = {
    PAYMENT.after("settle"): "payment_settled",
    PAYMENT.after("refuse"): "payment_refused",
    PAYMENT.after("doubt"): "payment_unknown",
}


def tell_answers(session: Session, actor: Actor, payments: Sequence[Payment], *, now: datetime) -> None:
    """Once for each state of each payment: an answer that adds a reference to what was unknown is no news."""
    others = managers(session, but=actor.account_id)
    news = [
        News(
            KINDS[each.state], f"payment:{each.id}:{each.state}", each.award_id, _payload(each),
            enterprises=(each.enterprise_id,), accounts=frozenset() if each.settled_on else others,
        )
        for each in payments
    ]  # fmt: skip
    tell_each(session, news, now=now)


def _payload(payment: Payment) -> dict[str, str]:
    told = {"amount": yuan(payment.amount_fen), "reference": payment.reference}
    return told | ({"on": payment.settled_on.isoformat()} if payment.settled_on else {})
