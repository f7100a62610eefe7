"""What would be refused when an order is carried out is refused when it is asked for, as far as it can be seen by then."""

from datetime import datetime

from sqlalchemy.orm import Session

from backbone.actor import Actor
from finance_net.ledger.asking import Asked, require_amount
from finance_net.ledger.booking import Short
from finance_net.ledger.errors import EnvelopeExceeded, LimitBelowUse, NothingToChange
from finance_net.ledger.limits import envelope_of, require_one_ledger
from finance_net.ledger.models import Envelope
from finance_net.ledger.orders.models import FundOrder
from finance_net.ledger.posting import foresee, shortage
from finance_net.ledger.reading import standings
from finance_net.ledger.service import reversal_of
from finance_net.ledger.steps import Bucket, Kind


def refuse_what_cannot_be(session: Session, actor: Actor, order: FundOrder, *, now: datetime) -> None:
    """Raise what the ledger would."""
    if order.reverses_id is not None:
        asked = reversal_of(
            session,
            order.reverses_id,
            reason=order.reason,
            effective_on=order.effective_on,
            transfer_id=order.id,
        )
        foresee(session, actor, asked, now=now)
    elif order.hold_id is not None:
        asked = Asked(
            order.id, Kind(order.action), order.reason, hold_id=order.hold_id, amount_fen=order.amount_fen,
            effective_on=order.effective_on,
        )  # fmt: skip
        foresee(session, actor, asked, now=now)
    elif order.giver_id is not None and order.envelope_id is not None:
        giver, receiver = (envelope_of(session, each) for each in (order.giver_id, order.envelope_id))
        require_one_ledger(session, giver, receiver)
        _refuse_shortage(
            _as_it_stands(session, giver, now), require_amount(order.amount_fen), EnvelopeExceeded
        )
    elif order.envelope_id is not None:
        envelope = _as_it_stands(session, envelope_of(session, order.envelope_id), now)
        limit = envelope.balances[Bucket.LIMIT]
        lower = limit - require_amount(order.limit_fen, least=0)
        if not lower:
            raise NothingToChange(envelope=envelope.title, limit_fen=limit)
        _refuse_shortage(envelope, lower, LimitBelowUse)


def _as_it_stands(session: Session, envelope: Envelope, now: datetime) -> Short:
    own = standings(session, envelope.fund_id, below=envelope.id, now=now)[0]
    return Short(envelope.id, envelope.title, own.balances)


def _refuse_shortage(of: Short, asked_fen: int, refusal: type[EnvelopeExceeded]) -> None:
    if asked_fen > of.balances[Bucket.AVAILABLE]:
        raise refusal(**shortage(of, asked_fen))
