"""Absences over HTTP."""

from typing import Any
from uuid import UUID

from backbone.absences import schemas, service
from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes

routes = Routes("absences", __name__, url_prefix="/api", description="请假与代理 / absences and deputies")


@routes.operation(
    "POST", "/absences", "recordAbsence", Bilingual("登记请假与代理人", "Record an absence and its deputy"),
    body=schemas.AbsenceEntry, answer=schemas.AbsenceView, status=201,
)  # fmt: skip
def record_absence(call: Call) -> Answer:
    return Answer(service.record_absence(call.session, call.actor, call.body, now=call.now))


@routes.operation(
    "GET", "/absences", "listAbsences", Bilingual("请假列表", "List absences"),
    query=schemas.AbsenceQuery, answer=schemas.AbsenceView, listed=True,
)  # fmt: skip
def list_absences(call: Call) -> Any:
    return service.list_absences(call.session, call.actor, call.query)


@routes.operation(
    "POST", "/absences/<uuid:absence_id>/cancellation", "cancelAbsence", Bilingual("取消请假", "Cancel an absence"),
    answer=schemas.AbsenceView,
)  # fmt: skip
def cancel_absence(call: Call, absence_id: UUID) -> Any:
    return service.cancel_absence(call.session, call.actor, absence_id, now=call.now)
