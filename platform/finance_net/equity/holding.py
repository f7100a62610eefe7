"""What became of an investment: valuations as facts, write-downs and exits once a second person has booked them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.errors import Bilingual, Invalid
from backbone.identity.service import actor_of
from backbone.money import yuan
from finance_net.equity import errors
from finance_net.equity.models import ENTRY_WORDS, CapitalCall, Deal, DealEntry
from finance_net.equity.position import sell, write_down
from finance_net.equity.reading import add, deal_for, open_calls, part_for, write
from finance_net.equity.states import HELD, after, refusal
from finance_net.equity.telling import tell_of_deal, tell_other_managers
from finance_net.ledger import service as ledger
from finance_net.ledger.errors import DOINGS, NotYet, SecondPersonNeeded
from finance_net.ledger.models import Hold
from finance_net.ledger.orders.errors import ProposerGone
from finance_net.ledger.permissions import CAN_ACT
from finance_net.ledger.telling import both

BEFORE = Bilingual("不能早于协议签署日 {signed_on}", "Not before {signed_on}, when the agreement was signed")
PROCEEDS = Bilingual("退出时填写所得金额，其他不填", "Given with an exit, and with it alone")


def enter(
    session: Session, actor: Actor, deal_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> DealEntry:
    """Say what the stake is worth, or ask the second person to book a write-down or an exit.

    Raises NotFound, Forbidden, StateConflict, NotYet, Invalid, NothingTaken, WriteDownExceeded, CostExceeded, ProceedsTooLarge.
    """
    deal = deal_for(session, actor, deal_id)
    kind = said["kind"]
    if deal.state not in HELD:
        raise refusal(deal.state, kind)
    refuse_future("as_of_on", said["as_of_on"], local_date(now), NotYet)
    if deal.signed_on and said["as_of_on"] < deal.signed_on:
        raise Invalid.field("as_of_on", BEFORE.format(signed_on=deal.signed_on.isoformat()))
    if (kind == "exit") != (said.get("proceeds_fen") is not None):
        raise Invalid.field("proceeds_fen", PROCEEDS)
    _foresee(deal, kind, said["value_fen"], said.get("proceeds_fen") or 0)
    state = "booked" if kind == "valuation" else "proposed"
    entry = DealEntry(deal_id=deal.id, state=state, entered_by=actor.account_id, **said)
    add(session, actor, entry, f"enter_{kind}", said, now=now)
    if state == "proposed":
        told = {"amount": yuan(entry.value_fen), "why": both(DOINGS[kind])}
        tell_other_managers(session, deal, "deal_entry_waits", entry.id, told, but=actor.account_id, now=now)
    return entry


def _foresee(deal: Deal, kind: str, value_fen: int, proceeds_fen: int) -> None:
    if kind == "write_down":
        write_down(deal.position, value_fen)
    elif kind == "exit":
        sell(deal.position, value_fen, proceeds_fen)


def decide_entry(
    session: Session, actor: Actor, entry_id: UUID, *, is_approved: bool, note: str | None, now: datetime
) -> DealEntry:
    """Book a write-down or an exit, or decline it. Money that comes back goes to the payments, the oldest first.

    Raises NotFound, Forbidden, EntryDecided, SecondPersonNeeded, ProposerGone, StateConflict, WriteDownExceeded, CostExceeded.
    """
    entry, deal = part_for(session, actor, DealEntry, entry_id, moves_money=True)
    if entry.state != "proposed":
        raise errors.EntryDecided()
    if entry.entered_by == actor.account_id:
        raise SecondPersonNeeded(kind=entry.kind)
    decided: dict[str, Any] = {"decided_by": actor.account_id, "decided_at": now, "note": note}
    if not is_approved:
        write(session, actor, entry, "decline_entry", {"state": "declined", **decided}, now=now)
        _tell_decision(session, deal, entry, now)
        return entry
    if deal.state not in HELD:
        raise refusal(deal.state, entry.kind)
    proposer = actor_of(session, entry.entered_by)
    if proposer is None or not proposer.holds_for_province(*CAN_ACT):
        raise ProposerGone()
    book = _write_down if entry.kind == "write_down" else _exit
    book(session, proposer, actor, deal, entry, {"state": "booked", **decided}, now)
    _tell_decision(session, deal, entry, now)
    return entry


def _tell_decision(session: Session, deal: Deal, entry: DealEntry, now: datetime) -> None:
    """Whoever entered it."""
    told = {
        "amount": yuan(entry.value_fen), "why": both(DOINGS[entry.kind]), "stands": both(ENTRY_WORDS[entry.state])
    }  # fmt: skip
    key = f"entry:{entry.id}"
    tell_of_deal(session, deal, "deal_entry_decided", key, {entry.entered_by}, told, about=entry.id, now=now)


def _write_down(
    session: Session, proposer: Actor, actor: Actor, deal: Deal, entry: DealEntry, decided: dict[str, Any], now: datetime
) -> None:  # fmt: skip
    left = write_down(deal.position, entry.value_fen)
    decided["result"] = {"carrying_fen": left.carrying_fen}
    write(session, actor, entry, "book_write_down", decided, now=now)
    write(session, actor, deal, "write_down", {"written_down_fen": left.written_down_fen}, now=now)


def _exit(
    session: Session, proposer: Actor, actor: Actor, deal: Deal, entry: DealEntry, decided: dict[str, Any], now: datetime
) -> None:  # fmt: skip
    sale = sell(deal.position, entry.value_fen, entry.proceeds_fen or 0)
    left = sale.position
    is_last = not left.cost_fen
    if is_last and deal.called_fen > deal.paid_fen:
        raise errors.CapitalCalled(number=deal.number, calls=open_calls(session, deal))
    decided |= {
        "recovered_fen": sale.recovered_fen,
        "result": {
            "released_fen": sale.released_fen, "gain_fen": sale.gain_fen, "result_fen": sale.result_fen,
            "cost_left_fen": left.cost_fen, "carrying_fen": left.carrying_fen,
        },
    }  # fmt: skip
    write(session, actor, entry, "book_exit", decided, now=now)
    sums: dict[str, Any] = {
        "sold_fen": left.sold_fen,
        "written_down_fen": left.written_down_fen,
        "proceeds_fen": left.proceeds_fen,
    }
    if is_last:
        sums["state"] = after(deal.state, "exit")
    write(session, actor, deal, "exit_deal", sums, now=now)
    _recover(session, proposer, actor, deal, sale.recovered_fen, now)
    if is_last and deal.agreed_fen > deal.called_fen and deal.commitment_id is not None:
        ledger.void(session, proposer, deal.commitment_id, reason=f"{deal.number} 已退出", now=now)


def _recover(
    session: Session, proposer: Actor, approver: Actor, deal: Deal, amount_fen: int, now: datetime
) -> None:
    paid = select(Hold).join(CapitalCall, CapitalCall.payment_id == Hold.id)
    paid = paid.where(CapitalCall.deal_id == deal.id, Hold.open_fen > 0).order_by(CapitalCall.ordinal)
    for hold in session.scalars(paid).all():
        part = min(amount_fen, hold.open_fen)
        if part:
            reason = f"{deal.number} 退出所得"
            ledger.recover(session, proposer, hold.id, part, approver=approver, reason=reason, now=now)
        amount_fen -= part
