"""Follow-ups over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from ground_net.contracts.follow_ups import schemas, service

routes = Routes(
    "contract_follow_ups", __name__, url_prefix="/api", description="合同跟进 / following contracts up"
)


@routes.operation(
    "POST", "/contracts/<uuid:contract_id>/follow-ups", "recordFollowUp", Bilingual("登记跟进", "Record a follow-up"),
    body=schemas.FollowUpEntry, answer=schemas.FollowUpView, status=201,
)  # fmt: skip
def record_follow_up(call: Call, contract_id: UUID) -> Answer:
    return Answer(service.record_follow_up(call.session, call.actor, contract_id, call.body, now=call.now))


@routes.operation(
    "GET", "/contract-follow-ups", "listFollowUps", Bilingual("待跟进合同", "List the contracts to follow up"),
    query=schemas.FollowUpQuery, answer=schemas.FollowedView, listed=True,
)  # fmt: skip
def list_follow_ups(call: Call) -> Any:
    return service.list_follow_ups(call.session, call.actor, call.query, now=call.now)
