"""Awards and their tranches over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.files.kinds import MEDIA_TYPES
from backbone.http import Answer, Call, Routes, path_of
from finance_net.awards import claiming, reading, schemas, service, withdrawing

routes = Routes(
    "awards", __name__, url_prefix="/api", description="立项与分期拨付 / awards and their tranches"
)
ONE, TRANCHE = "/awards/<uuid:award_id>", "/award-tranches/<uuid:tranche_id>"


@routes.operation(
    "GET", "/awards", "listAwards", Bilingual("立项列表", "List awards"), query=schemas.AwardQuery,
    answer=schemas.AwardEntry, listed=True,
)  # fmt: skip
def list_awards(call: Call) -> Any:
    return reading.list_awards(call.session, call.actor, call.query)


@routes.operation("GET", ONE, "showAward", Bilingual("查看立项", "Show an award"), answer=schemas.AwardView)
def show_award(call: Call, award_id: UUID) -> Any:
    return reading.award_of(call.session, call.actor, award_id)


@routes.operation(
    "POST", f"{ONE}/plan", "planAward", Bilingual("制定分期计划", "Plan the tranches of an award"), body=schemas.PlanEntry,
    answer=schemas.AwardView,
)  # fmt: skip
def plan_award(call: Call, award_id: UUID) -> Any:
    service.plan_award(call.session, call.actor, award_id, **call.body, now=call.now)
    return reading.award_of(call.session, call.actor, award_id)


@routes.operation(
    "POST", f"{ONE}/closure", "closeAward", Bilingual("结束立项", "Close an award"), body=schemas.ClosingEntry,
    answer=schemas.AwardView,
)  # fmt: skip
def close_award(call: Call, award_id: UUID) -> Any:
    service.close_award(call.session, call.actor, award_id, **call.body, now=call.now)
    return reading.award_of(call.session, call.actor, award_id)


@routes.operation(
    "POST", f"{TRANCHE}/documents", "attachEvidence", Bilingual("上传拨付材料", "Attach what proves a condition"),
    takes_bytes=claiming.MOST_BYTES, query=schemas.TrancheEvidence, answer=schemas.DocumentView, status=201,
)  # fmt: skip
def attach_evidence(call: Call, tranche_id: UUID) -> Answer:
    document = claiming.attach_evidence(
        call.session, call.actor, tranche_id, **call.query, content=call.content, now=call.now
    )
    return Answer(document, location=path_of("/award-documents/<uuid:document_id>", document_id=document.id))


@routes.operation(
    "GET", "/award-documents/<uuid:document_id>", "downloadEvidence", Bilingual("下载拨付材料", "Download what proves a condition"),
    answer=None, gives_bytes=MEDIA_TYPES,
)  # fmt: skip
def download_evidence(call: Call, document_id: UUID) -> Any:
    return reading.download_evidence(call.session, call.actor, document_id)


@routes.operation(
    "POST", "/award-documents/<uuid:document_id>/withdrawal", "withdrawEvidence", Bilingual("撤回误传的拨付材料", "Withdraw a document"),
    answer=schemas.TrancheView,
)  # fmt: skip
def withdraw_evidence(call: Call, document_id: UUID) -> Any:
    return withdrawing.withdraw_evidence(call.session, call.actor, document_id, now=call.now)


@routes.operation(
    "POST",
    f"{TRANCHE}/claim",
    "claimTranche",
    Bilingual("申请拨付", "Claim a tranche"),
    answer=schemas.TrancheView,
)
def claim_tranche(call: Call, tranche_id: UUID) -> Any:
    return claiming.claim_tranche(call.session, call.actor, tranche_id, now=call.now)


@routes.operation(
    "POST", f"{TRANCHE}/decision", "decideTranche", Bilingual("批准或退回拨付申请", "Approve or return a claim"),
    body=schemas.TrancheDecision, answer=schemas.TrancheView,
)  # fmt: skip
def decide_tranche(call: Call, tranche_id: UUID) -> Any:
    return claiming.decide_tranche(call.session, call.actor, tranche_id, **call.body, now=call.now)
