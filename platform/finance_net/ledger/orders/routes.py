"""Orders over HTTP: what takes two people is asked for here, and approved by the second."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from finance_net.ledger.orders import reading, schemas, service
from finance_net.ledger.orders.models import FundOrder
from finance_net.ledger.schemas import TransferView
from finance_net.ledger.steps import Kind

routes = Routes("fund_orders", __name__, url_prefix="/api", description="资金指令 / orders of the ledger")
ONE = "/fund-orders/<uuid:order_id>"


def _asked(order: FundOrder) -> Answer:
    return Answer(order, location=path_of(ONE, order_id=order.id))


@routes.operation(
    "POST", "/fund-holds/<uuid:hold_id>/commitments", "commitFunds", Bilingual("申请承付预留", "Ask to commit a reservation"),
    body=schemas.DrawEntry, answer=schemas.OrderView, status=201,
)  # fmt: skip
def commit_funds(call: Call, hold_id: UUID) -> Answer:
    return _asked(
        service.propose_draw(call.session, call.actor, Kind.COMMIT, hold_id, call.body, now=call.now)
    )


@routes.operation(
    "POST", "/fund-holds/<uuid:hold_id>/payments", "payTranche", Bilingual("申请支付批次", "Ask to pay a tranche"),
    body=schemas.DrawEntry, answer=schemas.OrderView, status=201,
)  # fmt: skip
def pay_tranche(call: Call, hold_id: UUID) -> Answer:
    return _asked(service.propose_draw(call.session, call.actor, Kind.PAY, hold_id, call.body, now=call.now))


@routes.operation(
    "POST", "/fund-holds/<uuid:hold_id>/recoveries", "recoverPayment", Bilingual("申请收回付款", "Ask to book what came back of a payment"),
    body=schemas.RecoveryEntry, answer=schemas.OrderView, status=201,
)  # fmt: skip
def recover_payment(call: Call, hold_id: UUID) -> Answer:
    return _asked(
        service.propose_draw(call.session, call.actor, Kind.RECOVER, hold_id, call.body, now=call.now)
    )


@routes.operation(
    "POST", "/fund-envelopes/<uuid:envelope_id>/limit-changes", "changeLimit", Bilingual("申请调整限额", "Ask for another limit"),
    body=schemas.LimitEntry, answer=schemas.OrderView, status=201,
)  # fmt: skip
def change_limit(call: Call, envelope_id: UUID) -> Answer:
    return _asked(service.propose_limit(call.session, call.actor, envelope_id, call.body, now=call.now))


@routes.operation(
    "POST", "/fund-envelopes/<uuid:envelope_id>/adjustments", "adjustEnvelope", Bilingual("申请调入额度", "Ask to move a limit to this envelope"),
    body=schemas.AdjustmentEntry, answer=schemas.OrderView, status=201,
)  # fmt: skip
def adjust_envelope(call: Call, envelope_id: UUID) -> Answer:
    return _asked(service.propose_adjustment(call.session, call.actor, envelope_id, call.body, now=call.now))


@routes.operation(
    "POST", "/fund-transfers/<uuid:transfer_id>/reversals", "reverseTransfer", Bilingual("申请冲正", "Ask to take back a payment or a recovery"),
    body=schemas.ReversalEntry, answer=schemas.OrderView, status=201,
)  # fmt: skip
def reverse_transfer(call: Call, transfer_id: UUID) -> Answer:
    return _asked(service.propose_reversal(call.session, call.actor, transfer_id, call.body, now=call.now))


@routes.operation(
    "POST", f"{ONE}/approval", "approveOrder", Bilingual("批准并执行指令", "Approve an order, which carries it out"), answer=TransferView
)  # fmt: skip
def approve_order(call: Call, order_id: UUID) -> Any:
    return service.approve_order(call.session, call.actor, order_id, now=call.now)


@routes.operation(
    "POST", f"{ONE}/refusal", "declineOrder", Bilingual("不批准或撤回指令", "Decline an order, or withdraw one's own"),
    body=schemas.DeclineEntry, answer=schemas.OrderView,
)  # fmt: skip
def decline_order(call: Call, order_id: UUID) -> Any:
    return service.decline_order(call.session, call.actor, order_id, note=call.body["note"], now=call.now)


@routes.operation(
    "GET", "/fund-orders", "listOrders", Bilingual("资金指令列表", "List orders"), query=schemas.OrderQuery,
    answer=schemas.OrderView, listed=True,
)  # fmt: skip
def list_orders(call: Call) -> Any:
    return reading.list_orders(call.session, call.actor, call.query)


@routes.operation(
    "GET", ONE, "showOrder", Bilingual("查看资金指令", "Show an order"), answer=schemas.OrderView
)
def show_order(call: Call, order_id: UUID) -> Any:
    return reading.read_order(call.session, call.actor, order_id)
