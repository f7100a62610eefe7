"""Proposals over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from sky_net.invitations.schemas import Refusal
from sky_net.proposals import drafting, reading, schemas, service
from sky_net.proposals.permissions import OUTLINE
from sky_net.proposals.record import response_record

routes = Routes("proposals", __name__, url_prefix="/api", description="院所方案 / proposals of institutes")


@routes.operation(
    "POST", "/needs/<uuid:need_id>/proposals", "draftProposal", Bilingual("拟写方案", "Draft a proposal"),
    body=schemas.ProposalEntry, answer=schemas.ProposalView, status=201,
)  # fmt: skip
def draft_proposal(call: Call, need_id: UUID) -> Answer:
    row = drafting.draft_proposal(call.session, call.actor, need_id, call.body, now=call.now)
    return Answer(row, location=path_of("/proposals/<proposal_id>", proposal_id=row.id))


@routes.operation(
    "GET", "/needs/<uuid:need_id>/proposals", "listProposals", Bilingual("需求的方案", "List the proposals of a need"),
    query=schemas.ProposalQuery, answer=schemas.ProposalView, or_answers=(schemas.ProposalOutline,), listed=True,
)  # fmt: skip
def list_proposals(call: Call, need_id: UUID) -> Any:
    return reading.list_proposals(call.session, call.actor, need_id, call.query)


@routes.operation(
    "GET", "/needs/<uuid:need_id>/proposal-comparison", "compareProposals",
    Bilingual("方案比较", "Compare the released proposals"), answer=schemas.ProposalComparison,
)  # fmt: skip
def compare_proposals(call: Call, need_id: UUID) -> Any:
    return reading.compare_proposals(call.session, call.actor, need_id, now=call.now)


@routes.operation(
    "GET", "/proposals/<uuid:proposal_id>", "showProposal", Bilingual("查看方案", "Show a proposal"),
    answer=schemas.ProposalView, or_answers=(schemas.ProposalOutline,),
)  # fmt: skip
def show_proposal(call: Call, proposal_id: UUID) -> Answer:
    row, view = reading.read_proposal(call.session, call.actor, proposal_id)
    if view == OUTLINE:
        return Answer(reading.outline_of(row), schema=schemas.ProposalOutline, view=view)
    return Answer(row, view=view)


@routes.operation(
    "PATCH", "/proposals/<uuid:proposal_id>", "amendProposal", Bilingual("修改方案草稿", "Amend a draft"),
    body=schemas.ProposalAmendment, answer=schemas.ProposalView, guarded=True,
)  # fmt: skip
def amend_proposal(call: Call, proposal_id: UUID) -> Any:
    row, _ = reading.read_proposal(call.session, call.actor, proposal_id)
    call.expect(row)
    return drafting.amend_proposal(call.session, call.actor, row, call.body, now=call.now)


@routes.operation(
    "POST", "/proposals/<uuid:proposal_id>/release", "releaseProposal",
    Bilingual("转化办审核并提交方案", "Release a proposal"), answer=schemas.ProposalView,
)  # fmt: skip
def release_proposal(call: Call, proposal_id: UUID) -> Any:
    return service.release_proposal(call.session, call.actor, proposal_id, now=call.now)


@routes.operation(
    "POST", "/proposals/<uuid:proposal_id>/acceptance", "acceptProposal", Bilingual("选定方案", "Accept a proposal"),
    answer=schemas.ProposalView,
)  # fmt: skip
def accept_proposal(call: Call, proposal_id: UUID) -> Any:
    return service.accept_proposal(call.session, call.actor, proposal_id, now=call.now)


@routes.operation(
    "POST", "/proposals/<uuid:proposal_id>/refusal", "declineProposal", Bilingual("谢绝方案", "Decline a proposal"),
    body=Refusal, answer=schemas.ProposalView,
)  # fmt: skip
def decline_proposal(call: Call, proposal_id: UUID) -> Any:
    return service.decline_proposal(call.session, call.actor, proposal_id, call.body, now=call.now)


@routes.operation(
    "POST", "/proposals/<uuid:proposal_id>/withdrawal", "withdrawProposal",
    Bilingual("撤回方案", "Withdraw a proposal"), answer=schemas.ProposalView,
)  # fmt: skip
def withdraw_proposal(call: Call, proposal_id: UUID) -> Any:
    return service.withdraw_proposal(call.session, call.actor, proposal_id, now=call.now)


@routes.operation(
    "GET", "/institutes/<uuid:institute_id>/response-record", "showResponseRecord",
    Bilingual("院所响应情况", "Show how an institute has answered so far"), answer=schemas.ResponseRecordView,
)  # fmt: skip
def show_response_record(call: Call, institute_id: UUID) -> Any:
    return response_record(call.session, call.actor, institute_id, now=call.now)
