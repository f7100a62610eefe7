"""Telling what the bank said: whoever is paid of each answer, the managers of what they have to do something about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.money import yuan
from finance_net.awards.life import PAYMENT, RETURNED, SETTLED
from finance_net.awards.payments.models import Payment
from finance_net.awards.telling import News, tell_each
from finance_net.ledger.telling import managers

KINDS = {
    SETTLED: "payment_settled",
    RETURNED: "payment_returned",
    PAYMENT.after("refuse"): "payment_refused",
    PAYMENT.after("doubt"): "payment_unknown",
}
AS_IT_SHOULD = PAYMENT.before("doubt")
"""From where a payment is settled without anybody having been told that it failed."""


def tell_answers(
    session: Session, actor: Actor, payments: Sequence[tuple[Payment, str]], *, now: datetime
) -> None:
    """Once for each state of each payment, which comes with the one before: a reference of what was unknown is no news.

    Managers hear of what goes as it should only where they were told otherwise: nobody orders again what was settled after all.
    """
    others = managers(session, but=actor.account_id)
    news = [
        News(
            KINDS[each.state], f"payment:{each.id}:{each.state}", each.award_id, _payload(each),
            enterprises=(each.enterprise_id,),
            accounts=frozenset() if each.state == SETTLED and stood in AS_IT_SHOULD else others,
        )
        for each, stood in payments
    ]  # fmt: skip
    tell_each(session, news, now=now)


def _payload(payment: Payment) -> dict[str, str]:
    told, on = (
        {"amount": yuan(payment.amount_fen), "reference": payment.reference},
        payment.returned_on or payment.settled_on,
    )
    return told | ({"on": on.isoformat()} if on else {})
