"""Applications over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from finance_net.grants.applications import reading, schemas, service
from finance_net.grants.selections.excluding import exclude_application as exclude

routes = Routes(
    "grant_applications", __name__, url_prefix="/api", description="资助申报 / applications for grants"
)
ONE = "/grant-applications/<uuid:application_id>"
View = schemas.ApplicationView


@routes.operation(
    "POST", "/grant-rounds/<uuid:round_id>/applications", "draftApplication", Bilingual("起草申报", "Draft an application"),
    body=schemas.ApplicationEntry, answer=View, status=201,
)  # fmt: skip
def draft_application(call: Call, round_id: UUID) -> Answer:
    row = service.draft_application(call.session, call.actor, round_id, call.body, now=call.now)
    return Answer(row, location=path_of(ONE, application_id=row.id))


@routes.operation(
    "GET", "/grant-applications", "listApplications", Bilingual("申报列表", "List applications"), query=schemas.ApplicationQuery,
    answer=View, listed=True,
)  # fmt: skip
def list_applications(call: Call) -> Any:
    return reading.list_applications(call.session, call.actor, call.query)


@routes.operation("GET", ONE, "showApplication", Bilingual("查看申报", "Show an application"), answer=View)
def show_application(call: Call, application_id: UUID) -> Any:
    return reading.application_of(call.session, call.actor, application_id)


@routes.operation(
    "PATCH", ONE, "amendApplication", Bilingual("修改申报草稿", "Amend a draft"), body=schemas.ApplicationAmendment, answer=View,
    guarded=True,
)  # fmt: skip
def amend_application(call: Call, application_id: UUID) -> Any:
    row = reading.application_of(call.session, call.actor, application_id, locked=True)
    call.expect(row)
    return service.amend_application(call.session, call.actor, row, call.body, now=call.now)


@routes.operation(
    "POST",
    ONE + "/submission",
    "submitApplication",
    Bilingual("提交申报", "Submit an application"),
    answer=View,
)
def submit_application(call: Call, application_id: UUID) -> Any:
    return service.submit_application(call.session, call.actor, application_id, now=call.now)


@routes.operation(
    "POST",
    ONE + "/confirmation",
    "confirmApplication",
    Bilingual("用户单位确认", "Confirm as the user"),
    answer=View,
)
def confirm_application(call: Call, application_id: UUID) -> Any:
    return service.confirm_application(call.session, call.actor, application_id, now=call.now)


@routes.operation(
    "POST",
    ONE + "/withdrawal",
    "withdrawApplication",
    Bilingual("撤回申报", "Withdraw an application"),
    answer=View,
)
def withdraw_application(call: Call, application_id: UUID) -> Any:
    return service.withdraw_application(call.session, call.actor, application_id, now=call.now)


@routes.operation(
    "POST",
    ONE + "/admission",
    "admitApplication",
    Bilingual("形式审查通过", "Admit an application"),
    answer=View,
)
def admit_application(call: Call, application_id: UUID) -> Any:
    return service.admit_application(call.session, call.actor, application_id, now=call.now)


@routes.operation(
    "POST", ONE + "/rejection", "rejectApplication", Bilingual("形式审查不通过", "Reject an application"), body=schemas.Rejection,
    answer=View,
)  # fmt: skip
def reject_application(call: Call, application_id: UUID) -> Any:
    return service.reject_application(
        call.session, call.actor, application_id, call.body["reason"], now=call.now
    )


@routes.operation(
    "POST", ONE + "/exclusion", "excludeApplication", Bilingual("受理后排除", "Exclude an application that was admitted"),
    body=schemas.Exclusion, answer=View,
)  # fmt: skip
def exclude_application(call: Call, application_id: UUID) -> Any:
    return exclude(call.session, call.actor, application_id, call.body["reason"], now=call.now)
