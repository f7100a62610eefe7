"""The writing operations of contracts; see `writes`. Each fact that a contract tells a policy is an event of its own."""

from typing import Any

from ground_net.contracts.delivery.service import deliver_contract, plan_milestones
from ground_net.contracts.models import Contract
from ground_net.contracts.service import dispute_contract
from tests.architecture.writes import Write, for_operation
from tests.factories.contracts import (
    SIGNED_AT,
    a_cash_receipt,
    a_chosen_proposal,
    a_contract,
    a_disputed_supplement,
    a_filing,
    a_registrar,
    contract_body,
)
from tests.factories.directory import an_enterprise
from tests.factories.invitations import Exchange

FACT = "policy_facts"
TERMS = (FACT,) * 7
"""Side, type, day of signing, technology amount, kind of seller and both places."""
MONEY = {"amount_fen": 5, "technology_fen": 5, "received_on": "2026-03-10", "voucher": "回单二"}
SHARE = {"income_fen": 100, "inventors_fen": 70, "inventors": [{"inventor": "测试完成人"}]}
MILESTONE = {
    "title": "样机",
    "deliverable": "样机一台",
    "criterion": "按合同附件",
    "due_on": SIGNED_AT.date(),
}


def of(contract: Contract) -> dict[str, Any]:
    return {"contract_id": contract.id}


def sold(exchange: Exchange) -> Contract:
    """By an enterprise of its own, so that both sides are subjects of policies."""
    return a_contract(exchange, seller_enterprise_id=an_enterprise(exchange.session).id)


@for_operation("signContract")
def sign_contract(exchange: Exchange) -> Write:
    path = {"proposal_id": a_chosen_proposal(exchange).id}
    return Write(exchange.office, path, ("contracts", "needs", "policy_matters", *TERMS), contract_body())


@for_operation("amendContract")
def amend_contract(exchange: Exchange) -> Write:
    # The kind as it was is taken back, and stated anew.
    writes = ("contracts", "contract_supplements", FACT, FACT)
    return Write(exchange.poster, of(a_contract(exchange)), writes, {"kind": "transfer"})


@for_operation("confirmContract")
def confirm_contract(exchange: Exchange) -> Write:
    return Write(exchange.poster, of(a_contract(exchange)), ("contracts",))


@for_operation("disputeContract")
def dispute(exchange: Exchange) -> Write:
    return Write(exchange.poster, of(a_contract(exchange)), ("contracts", *TERMS), {"reason": "金额不符"})


@for_operation("settleContract")
def settle_contract(exchange: Exchange) -> Write:
    contract = a_contract(exchange)
    dispute_contract(exchange.session, exchange.poster, contract.id, reason="金额不符", now=SIGNED_AT)
    return Write(exchange.operator, of(contract), ("contracts", "needs", *TERMS), {"stands": False})


@for_operation("strikeSupplement")
def strike_supplement(exchange: Exchange) -> Write:
    path = {"supplement_id": a_disputed_supplement(exchange, kind="transfer").id}
    # Every fact but the kind stands again; that is taken back, and stated as it was.
    writes = ("contracts", "contract_supplements", *TERMS, FACT)
    return Write(exchange.operator, path, writes, {"ground": "未见补充协议文本"})


@for_operation("terminateContract")
def terminate_contract(exchange: Exchange) -> Write:
    return Write(
        exchange.office, of(a_contract(exchange)), ("contracts", "needs", FACT), {"reason_code": "agreed"}
    )


@for_operation("closeContract")
def close_contract(exchange: Exchange) -> Write:
    contract = a_contract(exchange)
    contract.state = "accepted"
    return Write(exchange.operator, of(contract), ("contracts",), {"message": "余款转为质保金"})


@for_operation("recordReceipt")
def record_receipt(exchange: Exchange) -> Write:
    return Write(exchange.office, of(sold(exchange)), ("cash_receipts", FACT), MONEY)


@for_operation("reverseReceipt")
def reverse_receipt(exchange: Exchange) -> Write:
    path = {"cash_receipt_id": a_cash_receipt(exchange, sold(exchange)).id}
    return Write(exchange.operator, path, ("cash_receipts", FACT, FACT), {"reason_code": "mistaken"})


@for_operation("fileRegistration")
def file_registration(exchange: Exchange) -> Write:
    return Write(exchange.office, of(a_contract(exchange)), ("contract_registrations",), {})


def filed(exchange: Exchange) -> dict[str, Any]:
    contract = a_contract(exchange)
    a_filing(exchange, contract)
    return of(contract)


@for_operation("returnRegistration")
def return_registration(exchange: Exchange) -> Write:
    body = {"missing_items": ["合同文本"]}
    return Write(a_registrar(exchange), filed(exchange), ("contract_registrations",), body)


@for_operation("registerContract")
def register_contract(exchange: Exchange) -> Write:
    writes = ("contract_registrations", FACT, FACT)
    return Write(a_registrar(exchange), filed(exchange), writes, {"register_number": "HB-1"})


@for_operation("refuseRegistration")
def refuse_registration(exchange: Exchange) -> Write:
    body = {"reason_code": "incomplete"}
    return Write(a_registrar(exchange), filed(exchange), ("contract_registrations", FACT), body)


@for_operation("planMilestones")
def plan(exchange: Exchange) -> Write:
    body = {"milestones": [MILESTONE | {"due_on": "2026-06-30"}]}
    return Write(exchange.office, of(a_contract(exchange)), ("contracts",), body)


@for_operation("acceptMilestone")
def accept_milestone(exchange: Exchange) -> Write:
    contract = a_contract(exchange)
    (planned,) = plan_milestones(exchange.session, exchange.office, contract.id, [MILESTONE], now=SIGNED_AT)
    return Write(exchange.poster, {"milestone_id": planned.id}, ("contract_milestones",))


@for_operation("deliverContract")
def deliver(exchange: Exchange) -> Write:
    return Write(exchange.office, of(a_contract(exchange)), ("contracts", "needs"))


@for_operation("acceptDelivery")
def accept_delivery(exchange: Exchange) -> Write:
    contract = a_contract(exchange)
    deliver_contract(exchange.session, exchange.office, contract.id, now=SIGNED_AT)
    return Write(exchange.poster, of(contract), ("contracts", "needs"))


@for_operation("recordRewards")
def record_rewards(exchange: Exchange) -> Write:
    contract = a_contract(exchange)
    a_cash_receipt(exchange, contract)
    return Write(exchange.office, of(contract), ("contract_rewards",), SHARE)


@for_operation("recordFollowUp")
def record_follow_up(exchange: Exchange) -> Write:
    return Write(exchange.poster, of(a_contract(exchange)), ("contract_follow_ups",), {"note": "已催款"})
