"""Needs over HTTP. Their submission is in `matching.routes`: it may answer with the match list."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from sky_net.needs import (
    clocks,
    contact_person,
    counting,
    deadlines,
    disclosures,
    reader_schemas,
    reading,
    review,
    schemas,
    service,
    views,
)
from sky_net.needs.models import Need
from sky_net.sla.proof_schemas import ProofQuery, ProofView, WhatIfQuery, WhatIfView
from sky_net.sla.schemas import ClockEventsView, ClocksView, CorrectionEntry, WaiverEntry

routes = Routes("needs", __name__, url_prefix="/api", description="企业需求 / needs of enterprises")
NEED = "/needs/<uuid:need_id>"


def _whole(call: Call, need: Need, **more: Any) -> Answer:
    """The need in full, for who has just acted on it."""
    shown = reading.show_whole(call.session, call.actor, need, now=call.now)
    return Answer(shown, schema=views.NeedFull, row=need, **more)


@routes.operation(
    "POST", "/needs", "draftNeed", Bilingual("起草需求", "Draft a need"),
    body=schemas.NeedDraft, answer=views.NeedFull, status=201,
)  # fmt: skip
def draft_need(call: Call) -> Answer:
    need = service.draft_need(call.session, call.actor, call.body, now=call.now)
    return _whole(call, need, location=path_of(NEED, need_id=need.id))


@routes.operation(
    "GET", "/needs", "listNeeds", Bilingual("需求列表", "List needs"), query=schemas.NeedQuery,
    answer=views.NeedEntry, or_answers=(views.NeedOpenEntry, views.NeedMaskedEntry), listed=True,
)  # fmt: skip
def list_needs(call: Call) -> Answer:
    return Answer(
        reading.list_needs(call.session, call.actor, call.query, now=call.now), schema=views.EntryInView
    )


@routes.operation(
    "GET", "/needs/counts", "countNeeds", Bilingual("各地需求数", "Count needs by area and state"),
    query=schemas.NeedCountQuery, answer=views.NeedCounts,
)  # fmt: skip
def count_needs(call: Call) -> Any:
    return {"items": counting.count_needs(call.session, call.actor, call.query)}


@routes.operation(
    "GET", NEED, "showNeed", Bilingual("查看需求", "Show a need"),
    answer=views.NeedFull, or_answers=(views.NeedInvited, views.NeedOpen, views.NeedMasked),
)  # fmt: skip
def show_need(call: Call, need_id: UUID) -> Answer:
    shown = reading.show_need(call.session, call.actor, need_id, now=call.now)
    return Answer(shown, schema=views.NeedInView, view=shown.view, row=shown.need)


@routes.operation(
    "PATCH", NEED, "amendNeed", Bilingual("修改需求", "Amend a need"),
    body=schemas.NeedAmendment, answer=views.NeedFull, guarded=True,
)  # fmt: skip
def amend_need(call: Call, need_id: UUID) -> Answer:
    need = service.need_to_amend(call.session, call.actor, need_id)
    call.expect(need)
    return _whole(call, service.amend_need(call.session, call.actor, need, call.body, now=call.now))


@routes.operation(
    "POST", f"{NEED}/contact-person", "nameContactPerson", Bilingual("更换联系人", "Name another contact person of a need"),
    body=schemas.NeedContactPerson, answer=views.NeedFull,
)  # fmt: skip
def name_contact_person(call: Call, need_id: UUID) -> Answer:
    need = contact_person.name_contact_person(call.session, call.actor, need_id, call.body, now=call.now)
    return _whole(call, need)


@routes.operation(
    "GET", f"{NEED}/completeness", "assessNeed", Bilingual("评估完整度", "Assess how complete a need is"),
    answer=views.NeedCompleteness,
)  # fmt: skip
def assess_need(call: Call, need_id: UUID) -> Any:
    return reading.assess_need(call.session, call.actor, need_id)


@routes.operation(
    "GET", f"{NEED}/near-duplicates", "listNearDuplicates", Bilingual("相近的需求", "List near duplicates of a need"),
    answer=views.NearDuplicatesView,
)  # fmt: skip
def list_near_duplicates(call: Call, need_id: UUID) -> Any:
    return {"items": reading.near_duplicates(call.session, call.actor, need_id, now=call.now)}


@routes.operation(
    "POST", f"{NEED}/return", "returnNeed", Bilingual("退回补充", "Return a need for clarification"),
    body=schemas.NeedReturn, answer=views.NeedFull,
)  # fmt: skip
def return_need(call: Call, need_id: UUID) -> Answer:
    return _whole(call, review.return_need(call.session, call.actor, need_id, **call.body, now=call.now))


@routes.operation(
    "POST", f"{NEED}/confirmation", "confirmNeed", Bilingual("确认需求", "Confirm a need"),
    body=schemas.NeedConfirmation, answer=views.NeedFull,
)  # fmt: skip
def confirm_need(call: Call, need_id: UUID) -> Answer:
    return _whole(call, review.confirm_need(call.session, call.actor, need_id, **call.body, now=call.now))


@routes.operation(
    "POST", f"{NEED}/rejection", "rejectNeed", Bilingual("不予受理", "Reject a need"),
    body=schemas.NeedRejection, answer=views.NeedFull,
)  # fmt: skip
def reject_need(call: Call, need_id: UUID) -> Answer:
    return _whole(call, review.reject_need(call.session, call.actor, need_id, **call.body, now=call.now))


@routes.operation(
    "POST", f"{NEED}/withdrawal", "withdrawNeed", Bilingual("撤回需求", "Withdraw a need"),
    body=schemas.NeedWithdrawal, answer=views.NeedFull,
)  # fmt: skip
def withdraw_need(call: Call, need_id: UUID) -> Answer:
    return _whole(call, service.withdraw_need(call.session, call.actor, need_id, **call.body, now=call.now))


@routes.operation(
    "POST", f"{NEED}/parking", "parkNeed", Bilingual("列为长期难题", "Park a need as a long-term problem"),
    body=schemas.NeedParking, answer=views.NeedFull,
)  # fmt: skip
def park_need(call: Call, need_id: UUID) -> Answer:
    return _whole(call, review.park_need(call.session, call.actor, need_id, **call.body, now=call.now))


@routes.operation(
    "POST", f"{NEED}/resumption", "resumeNeed", Bilingual("重新启动", "Take up a parked or suspended need again"),
    answer=views.NeedFull,
)  # fmt: skip
def resume_need(call: Call, need_id: UUID) -> Answer:
    return _whole(call, review.resume_need(call.session, call.actor, need_id, now=call.now))


@routes.operation(
    "GET", f"{NEED}/clocks", "showClocks", Bilingual("响应时钟", "Show the response clocks of a need"),
    answer=ClocksView,
)  # fmt: skip
def show_clocks(call: Call, need_id: UUID) -> Any:
    return clocks.clocks(call.session, call.actor, need_id, now=call.now)


@routes.operation(
    "GET", f"{NEED}/clocks/<stage>/proof", "explainClock", Bilingual("期限的依据", "Why a deadline falls where it falls"),
    query=ProofQuery, answer=ProofView,
)  # fmt: skip
def explain_clock(call: Call, need_id: UUID, stage: str) -> Any:
    asked = call.query.get("subject_id")
    return deadlines.explain_clock(call.session, call.actor, need_id, stage, asked, now=call.now)


@routes.operation(
    "GET", f"{NEED}/clocks/what-if", "foretellClocks", Bilingual("若企业在某时答复", "What if the enterprise answered at an instant"),
    query=WhatIfQuery, answer=WhatIfView,
)  # fmt: skip
def foretell_clocks(call: Call, need_id: UUID) -> Any:
    return deadlines.foretell_clocks(call.session, call.actor, need_id, **call.query, now=call.now)


@routes.operation(
    "GET", f"{NEED}/clock-events", "listClockEvents", Bilingual("时钟记录", "List every event of a need's clocks"),
    answer=ClockEventsView,
)  # fmt: skip
def list_clock_events(call: Call, need_id: UUID) -> Any:
    return {"items": clocks.list_clock_events(call.session, call.actor, need_id)}


@routes.operation(
    "POST", f"{NEED}/clocks/<stage>/waiver", "waiveClock", Bilingual("豁免超时", "Excuse an over-run"),
    body=WaiverEntry, answer=ClocksView,
)  # fmt: skip
def waive_clock(call: Call, need_id: UUID, stage: str) -> Any:
    return clocks.waive_clock(call.session, call.actor, need_id, stage, call.body, now=call.now)


@routes.operation(
    "POST", f"{NEED}/clock-events/<uuid:event_id>/correction", "correctClockEvent",
    Bilingual("更正时钟记录", "Correct an event of the clocks"), body=CorrectionEntry, answer=ClocksView,
)  # fmt: skip
def correct_clock_event(call: Call, need_id: UUID, event_id: UUID) -> Any:
    return clocks.correct_clock_event(call.session, call.actor, need_id, event_id, call.body, now=call.now)


@routes.operation(
    "GET", f"{NEED}/history", "showNeedHistory", Bilingual("办理过程", "Show the history of a need"),
    answer=views.NeedHistory,
)  # fmt: skip
def show_need_history(call: Call, need_id: UUID) -> Any:
    return {"items": reading.history(call.session, call.actor, need_id)}


@routes.operation(
    "GET", f"{NEED}/readers", "listNeedReaders", Bilingual("谁看过我的需求", "List who was shown a confidential need"),
    query=reader_schemas.NeedReadersQuery, answer=reader_schemas.NeedReaderView, listed=True,
)  # fmt: skip
def list_need_readers(call: Call, need_id: UUID) -> Any:
    return disclosures.list_readers(call.session, call.actor, need_id, call.query)
