"""Batches and quotas over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from sky_net.assignments import quotas, reading, schemas

routes = Routes("assignments", __name__, url_prefix="/api", description="一日指派 / a day's assignments")
RUN = "/assignment-runs/<uuid:run_id>"
QUOTA = "/institutes/<uuid:institute_id>/quota"


@routes.operation(
    "GET", "/assignment-runs", "listAssignmentRuns", Bilingual("指派批次列表", "List the days' batches"),
    query=schemas.RunQuery, answer=schemas.RunView, listed=True,
)  # fmt: skip
def list_assignment_runs(call: Call) -> Any:
    return reading.list_runs(call.session, call.actor, call.query)


@routes.operation(
    "GET", RUN, "showAssignmentRun", Bilingual("查看指派批次", "Show a day's batch"), answer=schemas.RunView
)
def show_assignment_run(call: Call, run_id: UUID) -> Any:
    return reading.show_run(call.session, call.actor, run_id)


@routes.operation(
    "GET", f"{RUN}/assignments", "listAssignments", Bilingual("批次中的指派", "List the offers of a batch"),
    query=schemas.AssignmentQuery, answer=schemas.AssignmentView, listed=True,
)  # fmt: skip
def list_assignments(call: Call, run_id: UUID) -> Any:
    return reading.list_assignments(call.session, call.actor, run_id, call.query)


@routes.operation(
    "GET", "/suggested-needs", "listSuggestedNeeds", Bilingual("今日推荐的需求", "List the needs of the day for us"),
    query=schemas.SuggestionQuery, answer=schemas.SuggestionView, listed=True,
)  # fmt: skip
def list_suggested_needs(call: Call) -> Any:
    return reading.list_suggested_needs(call.session, call.actor, call.query, now=call.now)


@routes.operation("GET", QUOTA, "showQuota", Bilingual("查看配额", "Show a quota"), answer=schemas.QuotaView)
def show_quota(call: Call, institute_id: UUID) -> Any:
    return quotas.show_quota(call.session, call.actor, institute_id)


@routes.operation(
    "POST", QUOTA, "setQuota", Bilingual("设定配额", "Set a quota"), body=schemas.QuotaEntry, answer=schemas.QuotaView
)  # fmt: skip
def set_quota(call: Call, institute_id: UUID) -> Answer:
    return Answer(quotas.set_quota(call.session, call.actor, institute_id, call.body["needs"], now=call.now))
