"""The isolation table of facts that policies ask for, of news, batches and advice: the enterprise's, and its zone's office."""

from typing import Any

from tests.factories.files import a_pdf
from tests.isolation.cases import Case, Factory, about, all_may, plain
from tests.isolation.people import AUDITORS, HOME, OPERATORS, POSTER

OFFICER = frozenset({"policy_officer"})
OF_THE_ZONE = OPERATORS | OFFICER
STATES = POSTER | OF_THE_ZONE
READS = STATES | AUDITORS
PROVINCE = frozenset({"supervisor"}) | OFFICER
BYTES = {"Content-Type": "application/octet-stream"}
SPENT = {"facts": {"service_spend": 40}, "as_of_on": "2026-03-01", "source": "服务合同"}
CONTRACT = {"kind": "contract", "reference": "HT-9", "title": "合同"}
ONE_POLICY = {"policy_id": "P803"}


def enterprise(body: Any = None, **more: Any) -> Factory:
    return about("enterprise_id", "enterprise", body, **more)


def fact(name: str, body: Any = None, **more: Any) -> Factory:
    return about("policy_fact_id", f"policy_facts.{name}", body, **more)


def asks(operation: str, body: Any) -> Case:
    """A question that writes nothing: whoever may read the facts may ask it, also by a token that only reads."""
    return Case(operation, "of the poster's", enterprise(body), may=READS, for_readers=True)


CASES = [
    all_may("listPolicyFactKinds", "all", plain(), public=True),
    # facts: the enterprise's own, and of those in office over its zone; institutes are told of none
    Case("openPolicyMatter", "of the poster's", enterprise(CONTRACT), may=STATES, knows=AUDITORS),
    Case("listPolicyMatters", "of the poster's", enterprise(), may=READS),
    Case("recordPolicyFacts", "of the poster's", enterprise(SPENT), may=STATES, knows=AUDITORS),
    Case("listPolicyFacts", "of the poster's", enterprise(), may=READS),
    Case("showKnownFacts", "of the poster's", enterprise(), may=READS),
    Case("retractPolicyFact", "the poster's own word", fact("own", {"reason_code": "mistaken"}), may=STATES, knows=AUDITORS),
    Case("retractPolicyFact", "the office's word", fact("office", {"reason_code": "mistaken"}), may=OF_THE_ZONE,
         knows=AUDITORS | POSTER),
    Case("disputePolicyFact", "the poster's own word", fact("own", {"reason": "不符"}), may=STATES, knows=AUDITORS),
    Case("settlePolicyFact", "one in dispute", fact("disputed", {"stands": True}), may=OF_THE_ZONE, knows=AUDITORS | POSTER),
    Case("attachPolicyEvidence", "of the poster's own word",
         fact("own", query={"name": "合同.pdf"}, headers=BYTES, content=a_pdf("合同")), may=STATES, knows=AUDITORS),
    Case("downloadPolicyEvidence", "of one that is proven", fact("proven"), may=READS),
    Case("answerPolicyQuestion", "of the poster's", enterprise({"key": "service_spend", "value": 41, "source": "走访"}),
         may=STATES, knows=AUDITORS),
    # news and advice
    Case("listPolicyNews", "of the poster's", enterprise(), may=READS),
    Case("showLadder", "of the poster's", enterprise(), may=READS),
    asks("tryPolicies", {"facts": {"service_spend": 40}}),
    asks("stackPolicies", {}),
    asks("nextPolicyQuestion", {}),
    asks("explainPolicy", ONE_POLICY),
    asks("advisePolicy", ONE_POLICY),
    # batches: whoever is in office, within the own zone
    Case("startPolicyBatch", "of the province", plain({}), may=PROVINCE, otherwise=403),
    Case("startPolicyBatch", "of the first zone", plain({"region_code": HOME}), may=OF_THE_ZONE, otherwise=403),
    Case("showPolicyBatch", "of the first zone", about("batch_id", "policy_batch"), may=OF_THE_ZONE, otherwise=403,
         told={"far_operator": 404}),
    Case("listPolicyBatchResults", "of the first zone", about("batch_id", "policy_batch"), may=OF_THE_ZONE, otherwise=403,
         told={"far_operator": 404}),
]  # fmt: skip
