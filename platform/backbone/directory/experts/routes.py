"""Experts over HTTP."""

from typing import Any
from uuid import UUID

from backbone.directory.experts import reading, schemas, service
from backbone.directory.experts.models import Expert
from backbone.directory.experts.permissions import view_of
from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of

routes = Routes("experts", __name__, url_prefix="/api", description="专家 / experts")
ONE = "/experts/<uuid:expert_id>"


def _shown(call: Call, expert: Expert, **more: Any) -> Answer:
    """The expert in the caller's view."""
    view = view_of(call.actor, expert)
    return Answer(expert, schema=schemas.SCHEMA_OF_VIEW[view], view=view, **more)


@routes.operation(
    "POST", "/experts", "enterExpert", Bilingual("登记专家", "Enter an expert"),
    body=schemas.ExpertEntry, answer=schemas.ExpertFull, status=201,
)  # fmt: skip
def enter_expert(call: Call) -> Answer:
    expert = service.enter_expert(call.session, call.actor, call.body, now=call.now)
    return _shown(call, expert, location=path_of(ONE, expert_id=expert.id))


@routes.operation(
    "GET", "/experts", "listExperts", Bilingual("专家列表", "List experts"),
    query=schemas.ExpertQuery, answer=schemas.ExpertInList, listed=True,
)  # fmt: skip
def list_experts(call: Call) -> Any:
    return reading.list_experts(call.session, call.actor, call.query)


@routes.operation(
    "GET", ONE, "showExpert", Bilingual("查看专家", "Show an expert"),
    answer=schemas.ExpertFull, or_answers=(schemas.ExpertForReview, schemas.ExpertOpen),
)  # fmt: skip
def show_expert(call: Call, expert_id: UUID) -> Answer:
    return _shown(call, reading.show_expert(call.session, call.actor, expert_id))


@routes.operation(
    "PATCH", ONE, "amendExpert", Bilingual("修改专家", "Amend an expert"),
    body=schemas.ExpertAmendment, answer=schemas.ExpertFull, guarded=True,
)  # fmt: skip
def amend_expert(call: Call, expert_id: UUID) -> Answer:
    expert = reading.show_expert(call.session, call.actor, expert_id)
    call.expect(expert)
    return _shown(call, service.amend_expert(call.session, call.actor, expert, call.body, now=call.now))


@routes.operation(
    "DELETE", ONE, "removeExpert", Bilingual("移除专家", "Remove an expert"), answer=None, status=204, guarded=True
)  # fmt: skip
def remove_expert(call: Call, expert_id: UUID) -> None:
    expert = reading.show_expert(call.session, call.actor, expert_id)
    call.expect(expert)
    service.remove_expert(call.session, call.actor, expert, now=call.now)


@routes.operation(
    "POST", f"{ONE}/consents", "recordConsent", Bilingual("登记公开同意", "Record an expert's consent to be listed"),
    body=schemas.ConsentEntry, answer=schemas.ExpertFull, status=201,
)  # fmt: skip
def record_consent(call: Call, expert_id: UUID) -> Answer:
    expert = service.record_consent(call.session, call.actor, expert_id, call.body, now=call.now)
    return _shown(call, expert)


@routes.operation(
    "POST", f"{ONE}/consents/revocation", "revokeConsent", Bilingual("撤回公开同意", "Revoke an expert's consent"),
    answer=None, status=204,
)  # fmt: skip
def revoke_consent(call: Call, expert_id: UUID) -> None:
    service.revoke_consent(call.session, call.actor, expert_id, now=call.now)
