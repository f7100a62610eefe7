"""Leads over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from backbone.spreadsheets import CSV, XLSX, export
from ground_net.leads import duplicates, promoting, reading, schemas, service, tables, views
from ground_net.leads.models import Lead

routes = Routes("leads", __name__, url_prefix="/api", description="线索 / leads mined offline")
LEADS, LEAD = "/leads", "/leads/<uuid:lead_id>"
OR_MASKED = (views.LeadMasked,)


def _shown(call: Call, lead: Lead, **more: Any) -> Answer:
    read = reading.shown(call.session, call.actor, lead, now=call.now)
    schema = views.LeadFull if read.view == reading.FULL else views.LeadMasked
    return Answer(read, schema=schema, view=read.view, row=lead, **more)


@routes.operation(
    "POST", LEADS, "recordVisit", Bilingual("登记走访、电话或活动", "Record a visit, a call or a talk at an event"),
    body=schemas.VisitEntry, status=201, answer=views.LeadFull, or_answers=OR_MASKED,
)  # fmt: skip
def record_visit(call: Call) -> Answer:
    lead = service.record_lead(call.session, call.actor, call.body, now=call.now)
    return _shown(call, lead, location=path_of(LEAD, lead_id=lead.id))


@routes.operation(
    "GET", LEADS, "listLeads", Bilingual("线索列表", "List leads"),
    query=schemas.LeadQuery, answer=views.LeadRow, listed=True,
)  # fmt: skip
def list_leads(call: Call) -> Any:
    return reading.list_leads(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "GET", f"{LEADS}/file", "exportLeads", Bilingual("导出线索", "Export leads as a file"),
    query=schemas.LeadExportQuery, answer=None, gives_bytes=(CSV, XLSX),
)  # fmt: skip
def export_leads(call: Call) -> Answer:
    table = tables.table_of(call.session, call.actor, call.query, now=call.now)
    return Answer(export(table, call.query["format"]))


@routes.operation(
    "GET", LEAD, "showLead", Bilingual("查看线索", "Show a lead"), answer=views.LeadFull, or_answers=OR_MASKED
)
def show_lead(call: Call, lead_id: UUID) -> Answer:
    return _shown(call, reading.find_lead(call.session, call.actor, lead_id))


@routes.operation(
    "PATCH", LEAD, "amendLead", Bilingual("修改线索", "Amend a lead"), body=schemas.LeadAmendment, guarded=True, answer=views.LeadFull, or_answers=OR_MASKED,
)  # fmt: skip
def amend_lead(call: Call, lead_id: UUID) -> Answer:
    lead = service.lead_to_work_on(call.session, call.actor, lead_id, "amend")
    call.expect(lead)
    return _shown(call, service.amend_lead(call.session, call.actor, lead, call.body, now=call.now))


@routes.operation(
    "POST", f"{LEAD}/claim", "claimLead", Bilingual("认领或改派线索", "Claim a lead, or give it to somebody"),
    body=schemas.LeadClaim, answer=views.LeadFull, or_answers=OR_MASKED,
)  # fmt: skip
def claim_lead(call: Call, lead_id: UUID) -> Answer:
    receiver = call.body["for_id"]
    if receiver is not None:
        return _shown(call, service.give_lead(call.session, call.actor, lead_id, receiver, now=call.now))
    return _shown(call, service.claim_lead(call.session, call.actor, lead_id, now=call.now))


@routes.operation(
    "GET", f"{LEAD}/questions", "nextQuestions", Bilingual("接下来问什么", "What to ask next"),
    query=schemas.QuestionsQuery, answer=views.InterviewView,
)  # fmt: skip
def next_questions(call: Call, lead_id: UUID) -> Any:
    return reading.next_questions(call.session, call.actor, lead_id, call.query["at_most"])


@routes.operation(
    "POST", f"{LEAD}/answers", "answerInterview", Bilingual("答复访谈问题", "Answer the interview"),
    body=schemas.InterviewAnswers, answer=views.LeadFull, or_answers=OR_MASKED,
)  # fmt: skip
def answer_interview(call: Call, lead_id: UUID) -> Answer:
    return _shown(call, service.answer_interview(call.session, call.actor, lead_id, call.body, now=call.now))


@routes.operation(
    "GET", f"{LEAD}/near-duplicates", "findLeadDuplicates", Bilingual("相近的需求与线索", "Find what says nearly the same"),
    answer=views.LeadDuplicatesView,
)  # fmt: skip
def find_lead_duplicates(call: Call, lead_id: UUID) -> Any:
    lead = reading.find_lead(call.session, call.actor, lead_id)
    return duplicates.find_duplicates(call.session, call.actor, lead, now=call.now)


@routes.operation(
    "POST", f"{LEAD}/promotion", "promoteLead", Bilingual("转为天网需求", "Promote a lead to a need"),
    body=schemas.LeadPromotion, answer=views.LeadFull, or_answers=OR_MASKED,
)  # fmt: skip
def promote_lead(call: Call, lead_id: UUID) -> Answer:
    return _shown(call, promoting.promote_lead(call.session, call.actor, lead_id, **call.body, now=call.now))


@routes.operation(
    "POST", f"{LEAD}/closing", "closeLead", Bilingual("关闭线索", "Close a lead with a reason"),
    body=schemas.LeadClosing, answer=views.LeadFull, or_answers=OR_MASKED,
)  # fmt: skip
def close_lead(call: Call, lead_id: UUID) -> Answer:
    return _shown(call, service.close_lead(call.session, call.actor, lead_id, call.body, now=call.now))


@routes.operation(
    "GET", "/needs/<uuid:need_id>/provenance", "showProvenance", Bilingual("需求的来源", "Where a need came from"),
    answer=views.ProvenanceView,
)  # fmt: skip
def show_provenance(call: Call, need_id: UUID) -> Any:
    return {"items": reading.show_provenance(call.session, call.actor, need_id)}
