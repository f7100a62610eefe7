"""Committing what the committee approved, and calling capital for it. The second person approves the ledger's orders."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_past
from backbone.errors import Bilingual, Invalid, NotFound
from backbone.money import yuan
from finance_net.equity import errors
from finance_net.equity.committees.models import Condition, Meeting
from finance_net.equity.models import CapitalCall, Deal
from finance_net.equity.reading import add, deal_for, require_no_agreement, write
from finance_net.equity.states import CALLABLE, after, refusal
from finance_net.equity.telling import tell_other_managers
from finance_net.funds.service import capital_of, record_capital
from finance_net.ledger import service as ledger
from finance_net.ledger.models import Envelope
from finance_net.ledger.orders.service import propose_draw
from finance_net.ledger.steps import Kind
from finance_net.ledger.telling import both

NOT_THEN = Bilingual(
    "不能早于投委会同意之日 {since}，也不能晚于今天", "From {since}, when the committee approved it, to today"
)
AGREEMENT = Bilingual("投资协议的承付", "the commitment of its agreement")
PAYMENT = Bilingual("第 {ordinal} 次出资的付款，期限 {on}", "the payment of call {ordinal}, due {on}")


def agree_deal(
    session: Session, actor: Actor, deal_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Deal:
    """Put the agreement on record, reserve its money, and ask the second person to commit it.

    Raises NotFound (also for the envelope), Forbidden, StateConflict, NotApproved, ConditionsOpen, AgreementPending, AgreementRefused,
    MeetingOpen, Invalid, AboveApproved, OtherFund, EnvelopeExceeded, BookedToParts.
    """
    deal = deal_for(session, actor, deal_id, moves_money=True)
    require_decided(session, deal)
    require_no_agreement(session, deal)
    _require_signable(session, deal, said["signed_on"], local_date(now))
    amount = said["amount_fen"]
    if amount > (deal.approved_fen or 0):
        raise errors.AboveApproved(approved_fen=deal.approved_fen, asked_fen=amount)
    envelope = session.get(Envelope, said["envelope_id"])
    if envelope is None:
        raise NotFound()
    if envelope.fund_id != deal.fund_id:
        raise errors.OtherFund()
    reason = f"{deal.number} 投资协议 {said['reference']}"
    held = ledger.reserve(session, actor, envelope.id, amount, reason=reason, now=now)
    order = propose_draw(session, actor, Kind.COMMIT, held.id, {"reason": reason}, now=now)
    terms = {
        "reservation_id": held.id, "order_id": order.id, "terms_fen": amount,
        **{name: said.get(name) for name in ("stake_basis_points", "signed_on", "reference")},
    }  # fmt: skip
    write(session, actor, deal, "agree_deal", terms, now=now)
    told = {"amount": yuan(amount), "why": both(AGREEMENT)}
    tell_other_managers(session, deal, "deal_order_waits", order.id, told, but=actor.account_id, now=now)
    return deal


def _require_signable(session: Session, deal: Deal, signed_on: date, today: date) -> None:
    """On what its last meeting decided, and not before it."""
    last = session.scalars(
        select(Meeting).where(Meeting.deal_id == deal.id).order_by(Meeting.ordinal.desc()).limit(1)
    ).one()
    if last.state == "open":
        raise errors.MeetingOpen(number=deal.number, ordinal=last.ordinal)
    since = session.get_one(Meeting, deal.meeting_id).held_on
    if not since <= signed_on <= today:
        raise Invalid.field("signed_on", NOT_THEN.format(since=since.isoformat()))


def require_decided(session: Session, deal: Deal) -> None:
    """Raise StateConflict, NotApproved or ConditionsOpen unless the committee's yes stands without a condition."""
    after(deal.state, "agree")
    if deal.meeting_id is None:
        raise errors.NotApproved(number=deal.number)
    if deal.open_conditions:
        still = select(Condition.title).where(Condition.deal_id == deal.id, Condition.fulfilled_at.is_(None))
        titles = session.scalars(still.order_by(Condition.id)).all()
        raise errors.ConditionsOpen(number=deal.number, open=len(titles), titles="；".join(titles))


def call_capital(
    session: Session,
    actor: Actor,
    deal_id: UUID,
    *,
    amount_fen: int,
    due_on: date,
    purpose: str,
    now: datetime,
) -> CapitalCall:
    """Call a part of what was agreed: approved as a tranche, and a payment that waits for its second person.

    What the fund has called from its subscribers so far and not invested goes first; the rest is called from them, which the
    fund's capital says from today. Raises NotFound, Forbidden, StateConflict, HoldExceeded, HoldClosed, NotSubscribed,
    CapitalOutOfOrder, Invalid.
    """
    deal = deal_for(session, actor, deal_id, moves_money=True)
    if deal.state not in CALLABLE or deal.commitment_id is None:
        raise refusal(deal.state, "call")
    refuse_past("due_on", due_on, local_date(now))
    ordinal = 1 + (
        session.scalar(select(func.max(CapitalCall.ordinal)).where(CapitalCall.deal_id == deal.id)) or 0
    )
    reason = f"{deal.number} 第 {ordinal} 次出资"
    tranche = ledger.approve_tranche(session, actor, deal.commitment_id, amount_fen, reason=reason, now=now)
    order = propose_draw(session, actor, Kind.PAY, tranche.id, {"reason": reason}, now=now)
    from_subscribers = _called_from_subscribers(session, actor, deal, amount_fen, reason, now)
    said: dict[str, Any] = {
        "deal_id": deal.id,
        "amount_fen": amount_fen,
        "due_on": due_on,
        "purpose": purpose,
    }
    call = CapitalCall(
        ordinal=ordinal, from_subscribers_fen=from_subscribers, tranche_id=tranche.id, order_id=order.id,
        called_by=actor.account_id, state="called", **said,
    )  # fmt: skip
    deal.called_fen += amount_fen
    deal.updated_at = now
    add(session, actor, call, "call_capital", said | {"from_subscribers_fen": from_subscribers}, now=now)
    told = {"amount": yuan(amount_fen), "why": both(PAYMENT.format(ordinal=ordinal, on=due_on.isoformat()))}
    tell_other_managers(session, deal, "deal_order_waits", order.id, told, but=actor.account_id, now=now)
    return call


def _called_from_subscribers(
    session: Session, actor: Actor, deal: Deal, amount_fen: int, reason: str, now: datetime
) -> int:
    """How much of it the fund's subscribers have to pay in, said in the fund's capital; under the fund's lock."""
    today = local_date(now)
    known = {name: row.amount_fen for name, row in capital_of(session, deal.fund_id, today).items()}
    waiting = select(func.coalesce(func.sum(CapitalCall.amount_fen), 0)).join(
        Deal, Deal.id == CapitalCall.deal_id
    )
    outstanding = (
        session.scalar(waiting.where(Deal.fund_id == deal.fund_id, CapitalCall.state == "called")) or 0
    )
    called = known.get("called", 0)
    lacking = max(0, known.get("invested", 0) + int(outstanding) + amount_fen - called)
    if known.get("subscribed", 0) < called + lacking:
        raise errors.NotSubscribed(subscribed_fen=known.get("subscribed", 0), called_fen=called + lacking)
    if lacking:
        record_capital(
            session, actor, deal.fund_id, measure="called", amount_fen=called + lacking, as_of_on=today, source=reason, now=now
        )  # fmt: skip
    return lacking
