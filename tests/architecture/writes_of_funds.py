"""The writing operations of the ledger, its orders and its funds; see `writes`."""

from typing import Any
from uuid import UUID

from backbone.actor import Actor
from finance_net.ledger.models import Envelope
from tests.architecture.writes import Write, for_operation
from tests.factories.invitations import Exchange
from tests.factories.ledger import Holds, Treasury, a_treasury, an_envelope, an_order, some_holds

TRANSFER, ORDER, ENVELOPE = ("fund_transfers",), ("fund_orders",), ("fund_envelopes",)
REASON = {"reason": "测试"}


def _money(exchange: Exchange) -> tuple[Treasury, Envelope, Holds]:
    treasury = a_treasury(exchange.session, limit_fen=1_000)
    project = an_envelope(treasury, treasury.root, limit_fen=900)
    return treasury, project, some_holds(treasury, project)


def _on(name: str, id_: UUID, actor: Actor, writes: tuple[str, ...], **body: Any) -> Write:
    return Write(actor, {name: id_}, writes, REASON | body)


@for_operation("openFund")
def open_fund(exchange: Exchange) -> Write:
    return Write(
        a_treasury(exchange.session).first,
        {},
        ("funds",),
        {"key": "new", "title": "新资金", "kind": "grants"},
    )


@for_operation("openEnvelope")
def open_envelope(exchange: Exchange) -> Write:
    treasury = a_treasury(exchange.session)
    body = {"level": "year", "key": "2026", "title": "2026 年"}
    return Write(treasury.first, {"envelope_id": treasury.root.id}, ENVELOPE, body)


@for_operation("reserveFunds")
def reserve_funds(exchange: Exchange) -> Write:
    treasury, project, _ = _money(exchange)
    return _on("envelope_id", project.id, treasury.first, TRANSFER, amount_fen=10)


@for_operation("approveTranche")
def approve_tranche(exchange: Exchange) -> Write:
    treasury, _, holds = _money(exchange)
    return _on("hold_id", holds.committed, treasury.first, TRANSFER, amount_fen=10)


@for_operation("voidHold")
def void_hold(exchange: Exchange) -> Write:
    treasury, _, holds = _money(exchange)
    return _on("hold_id", holds.reserved, treasury.first, TRANSFER)


@for_operation("commitFunds")
def commit_funds(exchange: Exchange) -> Write:
    treasury, _, holds = _money(exchange)
    return _on("hold_id", holds.reserved, treasury.first, ORDER, amount_fen=10)


@for_operation("payTranche")
def pay_tranche(exchange: Exchange) -> Write:
    treasury, _, holds = _money(exchange)
    return _on("hold_id", holds.approved, treasury.first, ORDER)


@for_operation("recoverPayment")
def recover_payment(exchange: Exchange) -> Write:
    treasury, _, holds = _money(exchange)
    return _on("hold_id", holds.paid, treasury.first, ORDER, amount_fen=10)


@for_operation("changeLimit")
def change_limit(exchange: Exchange) -> Write:
    treasury = a_treasury(exchange.session)
    return _on("envelope_id", treasury.root.id, treasury.first, ORDER, limit_fen=10)


@for_operation("adjustEnvelope")
def adjust_envelope(exchange: Exchange) -> Write:
    treasury, project, _ = _money(exchange)
    giver = an_envelope(treasury, treasury.root, limit_fen=100)
    return _on("envelope_id", project.id, treasury.first, ORDER, giver_id=str(giver.id), amount_fen=10)


@for_operation("reverseTransfer")
def reverse_transfer(exchange: Exchange) -> Write:
    treasury, _, holds = _money(exchange)
    return _on("transfer_id", holds.recovery, treasury.first, ORDER)


@for_operation("approveOrder")
def approve_order(exchange: Exchange) -> Write:
    """The order, and the transfer that it becomes."""
    treasury, _, holds = _money(exchange)
    order = an_order(treasury, holds.reserved)
    return Write(treasury.second, {"order_id": order.id}, ORDER + TRANSFER)


@for_operation("declineOrder")
def decline_order(exchange: Exchange) -> Write:
    treasury, _, holds = _money(exchange)
    return Write(
        treasury.second, {"order_id": an_order(treasury, holds.reserved).id}, ORDER, {"note": "不同意"}
    )


@for_operation("openPublishedFunds")
def open_published_funds(exchange: Exchange) -> Write:
    """Both funds, and what is public of their capital."""
    written = ("funds",) * 2 + ("fund_capital_statements",) * 3
    return Write(a_treasury(exchange.session).first, {}, written)


@for_operation("recordCapital")
def record_capital(exchange: Exchange) -> Write:
    treasury = a_treasury(exchange.session, kind="equity")
    body = {"measure": "target", "amount_fen": 100, "as_of_on": "2026-01-01", "source": "测试"}
    return Write(treasury.first, {"fund_id": treasury.fund.id}, ("fund_capital_statements",), body)


@for_operation("openGrantPools")
def open_grant_pools(exchange: Exchange) -> Write:
    """The year, and a pool for each category."""
    treasury = a_treasury(exchange.session)
    return Write(treasury.first, {"fund_id": treasury.fund.id}, ENVELOPE * 6, {"year": 2026})
