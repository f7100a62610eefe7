"""Duties and calls over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from sky_net.reminders import duties, schemas, service

routes = Routes("reminders", __name__, url_prefix="/api", description="催办与值守 / reminders and duties")


@routes.operation(
    "POST", "/duties", "appointDuty", Bilingual("指定值守", "Put an operator on duty"),
    body=schemas.DutyEntry, answer=schemas.DutyView, status=201,
)  # fmt: skip
def appoint_duty(call: Call) -> Answer:
    return Answer(duties.appoint(call.session, call.actor, call.body, now=call.now))


@routes.operation(
    "GET", "/duties", "listDuties", Bilingual("值守名单", "List who is on duty"),
    query=schemas.DutyQuery, answer=schemas.DutyView, listed=True,
)  # fmt: skip
def list_duties(call: Call) -> Any:
    return duties.list_duties(call.session, call.actor, call.query)


@routes.operation(
    "POST", "/duties/<uuid:duty_id>/relief", "relieveDuty", Bilingual("解除值守", "Take an operator off duty"),
    answer=schemas.DutyView,
)  # fmt: skip
def relieve_duty(call: Call, duty_id: UUID) -> Any:
    return duties.relieve(call.session, call.actor, duty_id, now=call.now)


@routes.operation(
    "GET", "/needs/<uuid:need_id>/calls", "listCalls", Bilingual("催办记录", "List who was called about a need"),
    answer=schemas.CallsView,
)  # fmt: skip
def list_calls(call: Call, need_id: UUID) -> Any:
    return {"items": service.list_calls(call.session, call.actor, need_id)}
