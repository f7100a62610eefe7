"""What an operator does with contracts of the own zone: rows of `test_zones`."""

from collections.abc import Callable

from tests.architecture.zones import Call, get, patch, post
from tests.factories.contracts import contract_body
from tests.factories.zones import ZoneUnderTest


def of_contract(what: str, name: str = "contract") -> Callable[[ZoneUnderTest], str]:
    return lambda place: f"/contracts/{getattr(place, name).id}{what}"


MONEY = {"amount_fen": 5, "technology_fen": 5, "received_on": "2026-03-10", "voucher": "回单二"}


PLANNED = {"title": "样机", "deliverable": "样机", "criterion": "按合同", "due_on": "2026-06-30"}


ACTS: dict[str, Call] = {
    "signContract": post(
        lambda place: f"/proposals/{place.chosen.id}/contract", lambda place: contract_body()
    ),
    "showContract": get(of_contract("")),
    "amendContract": patch(of_contract(""), {"valid_to": "2027-12-31"}),
    "disputeContract": post(of_contract("/dispute"), lambda place: {"reason": "金额不符"}),
    "settleContract": post(of_contract("/settlement", "unsettled"), lambda place: {"stands": True}),
    "listSupplements": get(of_contract("/supplements", "unsettled")),
    "strikeSupplement": post(
        lambda place: f"/contract-supplements/{place.supplement.id}/striking",
        lambda place: {"ground": "未见补充协议文本"},
    ),
    "terminateContract": post(of_contract("/termination"), lambda place: {"reason_code": "agreed"}),
    "recordReceipt": post(of_contract("/receipts"), lambda place: MONEY),
    "listContractReceipts": get(of_contract("/receipts")),
    "reverseReceipt": post(
        lambda place: f"/cash-receipts/{place.cash.id}/reversal", lambda place: {"reason_code": "mistaken"}
    ),
    "registerContract": post(
        of_contract("/registration/approval"), lambda place: {"register_number": f"HB-{place.code}"}
    ),
    "planMilestones": post(of_contract("/milestones"), lambda place: {"milestones": [PLANNED]}),
    "listMilestones": get(of_contract("/milestones")),
    "listRewards": get(of_contract("/rewards")),
    "recordFollowUp": post(of_contract("/follow-ups"), lambda place: {"note": "已催款"}),
}
