"""Facts that policies ask for, over HTTP."""

from typing import Any
from uuid import UUID

from backbone.clock import local_date
from backbone.errors import Bilingual
from backbone.files.kinds import MEDIA_TYPES
from backbone.http import Answer, Call, Routes
from policy_pack.subjects import disputing, matters, reading, recording, schemas, service
from policy_pack.subjects.permissions import CAN_READ, enterprise_for

routes = Routes(
    "policy_facts", __name__, url_prefix="/api", description="政策所需数据 / facts that policies ask for"
)
OF_ENTERPRISE, ONE = "/enterprises/<uuid:enterprise_id>", "/policy-facts/<uuid:policy_fact_id>"


@routes.operation(
    "POST", f"{OF_ENTERPRISE}/policy-matters", "openPolicyMatter",
    Bilingual("登记合同、产品或项目", "Put a contract, product or project on record"),
    body=schemas.MatterEntry, answer=schemas.MatterView, status=201,
)  # fmt: skip
def open_policy_matter(call: Call, enterprise_id: UUID) -> Answer:
    return Answer(matters.open_matter(call.session, call.actor, enterprise_id, call.body, now=call.now))


@routes.operation(
    "GET", f"{OF_ENTERPRISE}/policy-matters", "listPolicyMatters",
    Bilingual("合同、产品、项目列表", "List an enterprise's contracts, products and projects"),
    query=schemas.MatterQuery, answer=schemas.MatterView, listed=True,
)  # fmt: skip
def list_policy_matters(call: Call, enterprise_id: UUID) -> Any:
    return matters.list_matters(call.session, call.actor, enterprise_id, call.query)


@routes.operation(
    "POST", f"{OF_ENTERPRISE}/policy-facts", "recordPolicyFacts", Bilingual("登记政策所需数据", "Record facts that policies ask for"),
    body=schemas.PolicyFactsEntry, answer=schemas.PolicyFactsView, status=201,
)  # fmt: skip
def record_policy_facts(call: Call, enterprise_id: UUID) -> Any:
    return {"items": recording.record_facts(call.session, call.actor, enterprise_id, call.body, now=call.now)}


@routes.operation(
    "GET", f"{OF_ENTERPRISE}/policy-facts", "listPolicyFacts", Bilingual("政策数据记录", "List the statements on record"),
    query=schemas.PolicyFactQuery, answer=schemas.PolicyFactView, listed=True,
)  # fmt: skip
def list_policy_facts(call: Call, enterprise_id: UUID) -> Any:
    return reading.list_facts(call.session, call.actor, enterprise_id, call.query)


@routes.operation(
    "GET", f"{OF_ENTERPRISE}/known-facts", "showKnownFacts",
    Bilingual("查看已知数据", "Show everything that policies can read of an enterprise on a day"),
    query=schemas.KnownFactsQuery, answer=schemas.KnownFactsView,
)  # fmt: skip
def show_known_facts(call: Call, enterprise_id: UUID) -> Any:
    enterprise_for(call.session, call.actor, enterprise_id, CAN_READ)
    as_of = call.query["as_of_on"] or local_date(call.now)
    _, snapshot = service.facts_of(call.session, enterprise_id, as_of, call.query["matter_id"])
    return {"as_of_on": as_of, "items": reading.shown(snapshot)}


@routes.operation(
    "POST", f"{ONE}/retraction", "retractPolicyFact", Bilingual("撤销政策数据", "Retract a fact"),
    body=schemas.PolicyFactRetraction, answer=schemas.PolicyFactView,
)  # fmt: skip
def retract_policy_fact(call: Call, policy_fact_id: UUID) -> Any:
    return recording.retract_fact(call.session, call.actor, policy_fact_id, **call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/dispute", "disputePolicyFact", Bilingual("对数据提出异议", "Dispute a fact"),
    body=schemas.DisputeOfFact, answer=schemas.PolicyFactView,
)  # fmt: skip
def dispute_policy_fact(call: Call, policy_fact_id: UUID) -> Any:
    return disputing.dispute_fact(call.session, call.actor, policy_fact_id, **call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/settlement", "settlePolicyFact", Bilingual("裁定数据争议", "Settle which word about a fact stands"),
    body=schemas.SettlementOfFact, answer=schemas.PolicyFactView,
)  # fmt: skip
def settle_policy_fact(call: Call, policy_fact_id: UUID) -> Any:
    return disputing.settle_fact(call.session, call.actor, policy_fact_id, **call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/evidence", "attachPolicyEvidence", Bilingual("上传证明材料", "Attach the proof of a fact"),
    takes_bytes=disputing.MOST_BYTES, query=schemas.EvidenceEntry, answer=schemas.PolicyFactView, status=201,
)  # fmt: skip
def attach_policy_evidence(call: Call, policy_fact_id: UUID) -> Any:
    return disputing.attach_evidence(
        call.session, call.actor, policy_fact_id, **call.query, content=call.content, now=call.now
    )


@routes.operation(
    "GET", f"{ONE}/evidence", "downloadPolicyEvidence", Bilingual("下载证明材料", "Download the proof of a fact"),
    answer=None, gives_bytes=MEDIA_TYPES,
)  # fmt: skip
def download_policy_evidence(call: Call, policy_fact_id: UUID) -> Any:
    return disputing.download_evidence(call.session, call.actor, policy_fact_id)


@routes.operation(
    "GET", "/policy-fact-kinds", "listPolicyFactKinds", Bilingual("政策数据字典", "The dictionary of facts"),
    answer=schemas.PolicyFactKindsView, public=True,
)  # fmt: skip
def list_policy_fact_kinds(call: Call) -> Any:
    return {"items": schemas.kinds()}
