"""What an operator does with policies for enterprises of the own zone: rows of `test_zones`."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from policy_pack.batches.models import PolicyBatch
from policy_pack.policies.reading import in_force_on
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.subjects.models import PolicyFact
from tests.architecture.zones import LONG_AGO, Call, get, of_enterprise, post
from tests.factories.attachments import BYTES
from tests.factories.files import a_pdf
from tests.factories.policy_facts import a_batch, a_policy_fact
from tests.factories.policy_office import a_published_version, a_receipt, an_office
from tests.factories.zones import ZoneUnderTest


def _policy_fact(place: ZoneUnderTest, **values: Any) -> Any:
    """A fact that somebody stated of the zone's enterprise, made once."""
    stated = PolicyFact.enterprise_id == place.enterprise.id, PolicyFact.retracted_at.is_(None)
    known = place.session.scalar(select(PolicyFact.id).where(*stated).limit(1))
    return known or a_policy_fact(place.session, place.enterprise, **values).id


def _disputed(place: ZoneUnderTest) -> Any:
    return _policy_fact(place, disputed_at=LONG_AGO, dispute="不符")


def _batch(place: ZoneUnderTest) -> Any:
    """A batch over the zone, made once."""
    known = place.session.scalar(select(PolicyBatch.id).where(PolicyBatch.region_code == place.code))
    return known or a_batch(place.session, region_code=place.code).id


def _one_policy(place: ZoneUnderTest) -> dict[str, Any]:
    if not in_force_on(place.session, LONG_AGO.date(), ["P801"]):
        a_published_version(an_office(place.session))
    return {"policy_id": "P801"}


def of_fact(what: str) -> Callable[[ZoneUnderTest], str]:
    return lambda place: f"/policy-facts/{_policy_fact(place)}/{what}"


def _receipt(place: ZoneUnderTest) -> Any:
    """A receipt of the zone's enterprise, made once."""
    known = place.session.scalar(
        select(EvaluationReceipt.id).where(EvaluationReceipt.enterprise_id == place.enterprise.id)
    )
    return known or a_receipt(place.session, place.enterprise).id


ACTS: dict[str, Call] = {
    "openPolicyMatter": post(
        of_enterprise("policy-matters"),
        lambda place: {"kind": "contract", "reference": "HT-1", "title": "合同"},
    ),
    "listPolicyMatters": get(of_enterprise("policy-matters")),
    "recordPolicyFacts": post(
        of_enterprise("policy-facts"),
        lambda place: {"facts": {"service_spend": 40}, "as_of_on": "2026-03-01", "source": "走访"},
    ),
    "listPolicyFacts": get(of_enterprise("policy-facts")),
    "showKnownFacts": get(of_enterprise("known-facts")),
    "retractPolicyFact": post(of_fact("retraction"), lambda place: {"reason_code": "mistaken"}),
    "disputePolicyFact": post(of_fact("dispute"), lambda place: {"reason": "不符"}),
    "settlePolicyFact": post(
        lambda place: f"/policy-facts/{_disputed(place)}/settlement", lambda place: {"stands": True}
    ),
    "attachPolicyEvidence": lambda client, place, headers: client.post(
        f"/api/policy-facts/{_policy_fact(place)}/evidence?name=a.pdf",
        data=a_pdf("合同"),
        headers=headers | BYTES,
    ),
    "answerPolicyQuestion": post(
        of_enterprise("policy-answers"), lambda place: {"key": "service_spend", "value": 40, "source": "走访"}
    ),
    "listPolicyNews": get(of_enterprise("policy-news")),
    "showLadder": get(of_enterprise("ladder")),
    "tryPolicies": post(of_enterprise("policy-trials")),
    "stackPolicies": post(of_enterprise("policy-stacks")),
    "nextPolicyQuestion": post(of_enterprise("policy-questions")),
    "explainPolicy": post(of_enterprise("policy-explanations"), _one_policy),
    "advisePolicy": post(of_enterprise("policy-advice"), _one_policy),
    "startPolicyBatch": post(lambda place: "/policy-batches", lambda place: {"region_code": place.code}),
    "showPolicyBatch": get(lambda place: f"/policy-batches/{_batch(place)}"),
    "listPolicyBatchResults": get(lambda place: f"/policy-batches/{_batch(place)}/results"),
    "checkPolicies": post(lambda place: f"/enterprises/{place.enterprise.id}/policy-checks"),
    "listReceipts": get(lambda place: f"/enterprises/{place.enterprise.id}/policy-receipts"),
    "showReceipt": get(lambda place: f"/policy-receipts/{_receipt(place)}"),
    "replayReceipt": get(lambda place: f"/policy-receipts/{_receipt(place)}/replay"),
}
