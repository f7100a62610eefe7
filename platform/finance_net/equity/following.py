"""What the ledger's transfers mean for deals: the sums of a deal change in the transaction that moves the money.

Money of an equity fund is committed by a deal that its committee approved, paid by a call, and comes back by an exit:
everything else is refused here, and at the commit by the database once more (`equity_commitment_is_decided`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import events
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.identity.service import actor_of
from finance_net.equity import errors
from finance_net.equity.investing import require_decided
from finance_net.equity.models import CapitalCall, Deal, DealEntry
from finance_net.equity.reading import write
from finance_net.equity.states import after
from finance_net.funds.service import capital_of, record_capital
from finance_net.ledger.models import Fund, Transfer
from finance_net.ledger.posting import TransferPosted
from finance_net.ledger.steps import Kind


@events.on(TransferPosted)
def follow_transfer(session: Session, event: TransferPosted) -> None:
    """Raises OutsideDeal, OtherTerms, NotApproved, ConditionsOpen, SoldAlready, CapitalOutOfOrder."""
    transfer = event.transfer
    follow = FOLLOWED.get(Kind(transfer.kind))
    if follow is None or not _is_equity(session, transfer.fund_id):
        return
    actor = actor_of(session, transfer.approver_id or transfer.actor_id) if transfer.actor_id else None
    if actor is None:  # pragma: no cover - what is followed is asked for by somebody
        raise AssertionError("a transfer of an equity fund that nobody asked for")
    follow(session, actor, transfer, transfer.recorded_at)


_kinds: dict[UUID, str] = {}
"""By fund, for as long as the process lives: a fund's kind never changes, and every transfer of every fund asks."""


def _is_equity(session: Session, fund_id: UUID) -> bool:
    if fund_id not in _kinds:
        _kinds[fund_id] = session.get_one(Fund, fund_id).kind
    return _kinds[fund_id] == "equity"


def _committed(session: Session, actor: Actor, transfer: Transfer, now: datetime) -> None:
    deal = _deal(session, Deal.reservation_id, transfer)
    if deal is None:
        raise errors.OutsideDeal(kind=transfer.kind)
    require_decided(session, deal)
    if transfer.amount_fen != deal.terms_fen:
        raise errors.OtherTerms(agreed_fen=deal.terms_fen, asked_fen=transfer.amount_fen)
    agreed = {
        "state": after(deal.state, "agree"), "commitment_id": transfer.id, "agreed_fen": transfer.amount_fen
    }  # fmt: skip
    write(session, actor, deal, "commit_deal", agreed, now=now)


def _paid(session: Session, actor: Actor, transfer: Transfer, now: datetime) -> None:
    call, deal = _call(session, CapitalCall.tranche_id, transfer)
    paid, rest = transfer.amount_fen, call.amount_fen - transfer.amount_fen
    write(
        session,
        actor,
        call,
        "pay_call",
        {"state": "paid", "paid_fen": paid, "payment_id": transfer.id},
        now=now,
    )
    sums = {"called_fen": deal.called_fen - rest, "paid_fen": deal.paid_fen + paid}
    write(session, actor, deal, "invest", {"state": after(deal.state, "pay"), **sums}, now=now)
    _say_invested(session, actor, deal, transfer, paid)


def _unpaid(session: Session, actor: Actor, transfer: Transfer, now: datetime) -> None:
    call, deal = _call(session, CapitalCall.payment_id, transfer)
    paid = deal.paid_fen - transfer.amount_fen
    if paid < deal.sold_fen + deal.written_down_fen:
        raise errors.SoldAlready(paid_fen=paid, gone_fen=deal.sold_fen + deal.written_down_fen)
    write(session, actor, call, "reverse_call", {"state": "reversed", "paid_fen": 0}, now=now)
    sums: dict[str, Any] = {"called_fen": deal.called_fen - transfer.amount_fen, "paid_fen": paid}
    if not paid:
        sums["state"] = after(deal.state, "unpay")
    write(session, actor, deal, "take_back_investment", sums, now=now)
    _say_invested(session, actor, deal, transfer, -transfer.amount_fen)


def _voided(session: Session, actor: Actor, transfer: Transfer, now: datetime) -> None:
    """A reservation: there is no agreement. A commitment: it is smaller, or over. A tranche: the call is cancelled."""
    if (deal := _deal(session, Deal.reservation_id, transfer)) is not None:
        gone = dict.fromkeys(
            ("reservation_id", "order_id", "terms_fen", "stake_basis_points", "signed_on", "reference")
        )
        write(session, actor, deal, "void_agreement", gone, now=now)
    elif (deal := _deal(session, Deal.commitment_id, transfer)) is not None:
        left: dict[str, Any] = {"agreed_fen": deal.agreed_fen - transfer.amount_fen}
        if not left["agreed_fen"] and deal.state != "declined":
            left |= {
                "state": after(deal.state, "decline"),
                "decline_reason": "承付已作废 / the commitment was voided",
            }
        write(session, actor, deal, "void_commitment", left, now=now)
    elif session.scalar(select(CapitalCall.id).where(CapitalCall.tranche_id == transfer.hold_id)) is not None:
        call, deal = _call(session, CapitalCall.tranche_id, transfer)
        write(session, actor, call, "cancel_call", {"state": "cancelled"}, now=now)
        write(session, actor, deal, "call_less", {"called_fen": deal.called_fen - call.amount_fen}, now=now)


def _recovered(session: Session, actor: Actor, transfer: Transfer, now: datetime) -> None:
    """An exit has said how much comes back before the ledger books it: more than that came some other way."""
    _, deal = _call(session, CapitalCall.payment_id, transfer)
    said = select(func.coalesce(func.sum(DealEntry.recovered_fen), 0)).where(
        DealEntry.deal_id == deal.id, DealEntry.state == "booked"
    )
    if deal.recovered_fen + transfer.amount_fen > int(session.scalar(said) or 0):
        raise errors.OutsideDeal(kind=transfer.kind)
    deal.recovered_fen += transfer.amount_fen
    deal.updated_at = now
    session.flush()


def _refused(session: Session, actor: Actor, transfer: Transfer, now: datetime) -> None:
    raise errors.OutsideDeal(kind=transfer.kind)


FOLLOWED: Mapping[Kind, Callable[[Session, Actor, Transfer, datetime], None]] = {
    Kind.COMMIT: _committed,
    Kind.PAY: _paid,
    Kind.REVERSE_PAYMENT: _unpaid,
    Kind.VOID: _voided,
    Kind.RECOVER: _recovered,
    Kind.REVERSE_RECOVERY: _refused,
}


def _deal(session: Session, column: Any, transfer: Transfer) -> Deal | None:
    found = select(Deal).where(column == transfer.hold_id).with_for_update()
    return session.scalars(found, execution_options={"populate_existing": True}).first()


def _call(session: Session, column: Any, transfer: Transfer) -> tuple[CapitalCall, Deal]:
    """The call of a tranche or a payment, and its deal, locked; raises OutsideDeal."""
    of_call: UUID | None = session.scalar(select(CapitalCall.deal_id).where(column == transfer.hold_id))
    if of_call is None:
        raise errors.OutsideDeal(kind=transfer.kind)
    deal = session.get_one(Deal, of_call, with_for_update=True, populate_existing=True)
    call = session.scalars(select(CapitalCall).where(column == transfer.hold_id).with_for_update()).one()
    return call, deal


def _say_invested(session: Session, actor: Actor, deal: Deal, transfer: Transfer, by_fen: int) -> None:
    """The fund's statement follows: what it has put into enterprises, sold or not."""
    today = local_date(transfer.recorded_at)
    known = capital_of(session, deal.fund_id, today).get("invested")
    record_capital(
        session, actor, deal.fund_id, measure="invested", amount_fen=(known.amount_fen if known else 0) + by_fen,
        as_of_on=today, source=f"{deal.number} 凭证 {transfer.number}", now=transfer.recorded_at,
    )  # fmt: skip
