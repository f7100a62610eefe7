"""The isolation table of contracts: the two sides, the zone's operators and auditors, the registrar those that were filed.

Every contract of the world is credited to the broker, who is told that there is one, and nothing that was agreed.
"""

from typing import Any

from tests.factories.contracts import contract_body
from tests.isolation.cases import ANY_VERSION, Case, Factory, about, all_may, except_for, plain
from tests.isolation.people import AUDITORS, BROKER, INVITED, OPERATORS, POSTER
from tests.isolation.planted import OFFER, WORDS

OFFICE, RESEARCHER, REGISTRAR = frozenset({"office"}), frozenset({"researcher"}), frozenset({"registrar"})
READS = POSTER | INVITED | OPERATORS | AUDITORS
"""Who reads all of a contract that was not filed."""
ACTS = POSTER | OFFICE | OPERATORS
KNOWS = READS | BROKER
SECRET = {WORDS: except_for(READS, REGISTRAR), OFFER: except_for(READS, REGISTRAR)}
MILESTONE = {"title": "样机", "deliverable": "样机一台", "criterion": "按合同附件", "due_on": "2026-06-30"}
MONEY = {"amount_fen": 1, "technology_fen": 1, "received_on": "2026-03-10", "voucher": "回单二"}
SHARE = {"income_fen": 100, "inventors_fen": 70, "inventors": [{"inventor": "测试完成人"}]}


def contract(name: str, body: Any = None, **more: Any) -> Factory:
    return about("contract_id", f"contracts.{name}", body, **more)


def does(
    operation: str, name: str, body: Any, may: frozenset[str], knows: frozenset[str] = KNOWS, **more: Any
) -> Case:
    """A step: whoever knows of the contract and may not is told so."""
    return Case(operation, f"one that is {name}", contract(name, body), may=may, knows=knows - may, **more)


CASES = [
    Case("signContract", "an accepted proposal", about("proposal_id", "chosen", contract_body()), may=ACTS,
         knows=AUDITORS | RESEARCHER),
    Case("showContract", "one that is signed", contract("signed"), may=KNOWS, hides={WORDS: BROKER, OFFER: BROKER}),
    Case("showContract", "one that is filed", contract("filed"), may=KNOWS | REGISTRAR, hides={WORDS: BROKER, OFFER: BROKER}),
    all_may("listContracts", "all", plain(), hides=SECRET),
    all_may("exportContracts", "all", plain(), hides=SECRET),
    Case("amendContract", "one that is signed", contract("signed", {"valid_to": "2027-12-31"}, headers=ANY_VERSION), may=ACTS,
         knows=KNOWS - ACTS),
    does("confirmContract", "signed", {}, POSTER, told={"office": 409}),
    does("disputeContract", "signed", {"reason": "金额不符"}, ACTS),
    does("settleContract", "disputed", {"stands": True}, OPERATORS),
    Case("listSupplements", "one that is disputed", contract("disputed"), may=READS),
    Case("strikeSupplement", "of one that is disputed", about("supplement_id", "supplement", {"ground": "未见文本"}), may=OPERATORS,
         knows=READS - OPERATORS),
    does("terminateContract", "signed", {"reason_code": "agreed"}, ACTS),
    does("terminateContract", "delivered", {"reason_code": "breach"}, ACTS),
    does("closeContract", "closing", {"message": "余款转为质保金"}, ACTS),
    # cash
    does("recordReceipt", "signed", MONEY, ACTS),
    Case("listContractReceipts", "one that is signed", contract("signed"), may=READS),
    Case("listContractReceipts", "one that is filed", contract("filed"), may=READS | REGISTRAR),
    Case("reverseReceipt", "of one that is filed", about("cash_receipt_id", "cash", {"reason_code": "mistaken"}), may=ACTS,
         knows=(READS | REGISTRAR) - ACTS),
    # registration
    does("fileRegistration", "signed", {}, OFFICE),
    does("returnRegistration", "filed", {"missing_items": ["合同文本"]}, REGISTRAR, KNOWS | REGISTRAR),
    does("registerContract", "signed", {"register_number": "HB-1"}, REGISTRAR | OPERATORS),
    does("registerContract", "filed", {"register_number": "HB-2"}, REGISTRAR | OPERATORS),
    does("refuseRegistration", "filed", {"reason_code": "incomplete"}, REGISTRAR | OPERATORS),
    all_may("listRegistrations", "all", plain()),
    # delivery
    does("planMilestones", "signed", {"milestones": [MILESTONE]}, ACTS),
    Case("listMilestones", "one that is signed", contract("signed"), may=READS),
    Case("acceptMilestone", "one that is planned", about("milestone_id", "milestone"), may=POSTER, knows=READS - POSTER),
    does("deliverContract", "signed", {}, INVITED),
    does("acceptDelivery", "delivered", {}, POSTER),
    # rewards: the buyer has no business with them
    does("recordRewards", "signed", SHARE, OFFICE),
    does("listRewards", "signed", None, INVITED | OPERATORS | AUDITORS),
    # follow-up
    does("recordFollowUp", "signed", {"note": "已催款"}, ACTS),
    all_may("listFollowUps", "all", plain(), hides=SECRET),
]  # fmt: skip
