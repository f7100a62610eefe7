"""Findings over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from sky_net.findings import reading, schemas, service

routes = Routes("findings", __name__, url_prefix="/api", description="无解结论 / findings of no solution")
ONE = "/findings/<uuid:finding_id>"


@routes.operation(
    "POST", "/needs/<uuid:need_id>/findings", "draftFinding", Bilingual("起草无解结论", "Draft a finding of no solution"),
    body=schemas.FindingEntry, answer=schemas.FindingView, status=201,
)  # fmt: skip
def draft_finding(call: Call, need_id: UUID) -> Answer:
    finding = service.draft_finding(call.session, call.actor, need_id, call.body, now=call.now)
    return Answer(finding, location=path_of(ONE, finding_id=finding.id))


@routes.operation(
    "GET", "/needs/<uuid:need_id>/findings", "listFindings", Bilingual("无解结论列表", "List the findings of a need"),
    query=schemas.FindingQuery, answer=schemas.FindingView, listed=True,
)  # fmt: skip
def list_findings(call: Call, need_id: UUID) -> Any:
    return reading.list_findings(call.session, call.actor, need_id, call.query)


@routes.operation(
    "GET", ONE, "showFinding", Bilingual("查看无解结论", "Show a finding"), answer=schemas.FindingView
)
def show_finding(call: Call, finding_id: UUID) -> Any:
    return reading.show_finding(call.session, call.actor, finding_id)


@routes.operation(
    "PATCH", ONE, "amendFinding", Bilingual("修改无解结论", "Amend a finding"),
    body=schemas.FindingAmendment, answer=schemas.FindingView, guarded=True,
)  # fmt: skip
def amend_finding(call: Call, finding_id: UUID) -> Any:
    finding = service.finding_to_amend(call.session, call.actor, finding_id)
    call.expect(finding)
    return service.amend_finding(call.session, call.actor, finding, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/signature", "signFinding", Bilingual("签署无解结论", "Sign a finding"), answer=schemas.FindingView
)  # fmt: skip
def sign_finding(call: Call, finding_id: UUID) -> Any:
    return service.sign_finding(call.session, call.actor, finding_id, now=call.now)
