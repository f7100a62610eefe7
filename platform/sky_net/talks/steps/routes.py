"""Next steps over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from sky_net.talks.steps import schemas, service

routes = Routes("steps", __name__, url_prefix="/api", description="下一步事项 / next steps of talks")


@routes.operation(
    "GET", "/needs/<uuid:need_id>/next-steps", "listNextSteps",
    Bilingual("需求的未完成事项", "List what is still to do about a need"),
    query=schemas.StepQuery, answer=schemas.OpenStepView, listed=True,
)  # fmt: skip
def list_steps(call: Call, need_id: UUID) -> Any:
    return service.list_steps(call.session, call.actor, need_id, call.query, now=call.now)


@routes.operation(
    "GET", "/next-steps", "listOwnNextSteps", Bilingual("我方未完成事项", "List what my side still owes"),
    query=schemas.StepQuery, answer=schemas.OpenStepView, listed=True,
)  # fmt: skip
def list_own_steps(call: Call) -> Any:
    return service.list_own_steps(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "POST", "/next-steps/<uuid:step_id>/completion", "completeStep",
    Bilingual("事项已完成", "Mark a next step as done"), answer=schemas.NextStepView,
)  # fmt: skip
def complete_step(call: Call, step_id: UUID) -> Any:
    return service.complete_step(call.session, call.actor, step_id, now=call.now)
