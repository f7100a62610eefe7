"""Disputes over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from sky_net.disputes import reading, schemas, service

routes = Routes("disputes", __name__, url_prefix="/api", description="方案异议 / disputes of proposals")


@routes.operation(
    "POST", "/proposals/<uuid:proposal_id>/dispute", "disputeProposal", Bilingual("方案异议", "Dispute a proposal"),
    body=schemas.DisputeEntry, answer=schemas.DisputeView, status=201,
)  # fmt: skip
def dispute_proposal(call: Call, proposal_id: UUID) -> Answer:
    return Answer(service.dispute_proposal(call.session, call.actor, proposal_id, call.body, now=call.now))


@routes.operation(
    "POST", "/proposal-disputes/<uuid:dispute_id>/ruling", "ruleOnDispute", Bilingual("裁定异议", "Rule on a dispute"),
    body=schemas.RulingEntry, answer=schemas.DisputeView,
)  # fmt: skip
def rule_on_dispute(call: Call, dispute_id: UUID) -> Any:
    said = {"upheld": call.body["upheld"], "ruling": call.body["message"]}
    return service.rule_on_dispute(call.session, call.actor, dispute_id, **said, now=call.now)


@routes.operation(
    "GET", "/proposal-disputes", "listDisputes", Bilingual("异议列表", "List disputes of proposals"),
    query=schemas.DisputeQuery, answer=schemas.DisputeView, listed=True,
)  # fmt: skip
def list_disputes(call: Call) -> Any:
    return reading.list_disputes(call.session, call.actor, call.query)


@routes.operation(
    "GET", "/proposal-disputes/counts", "countDisputes", Bilingual("各责任人的异议数", "Count disputes by operator"),
    answer=schemas.DisputeCounts,
)  # fmt: skip
def count_disputes(call: Call) -> Any:
    return {"items": reading.count_disputes(call.session, call.actor)}
