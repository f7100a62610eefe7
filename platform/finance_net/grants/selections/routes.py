"""Selections over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from finance_net.grants.schemas import RoundView
from finance_net.grants.selections import jobs, reading, schemas, service

routes = Routes("grant_selections", __name__, url_prefix="/api", description="遴选 / selections")
ONE = "/grant-selections/<uuid:selection_id>"
View = schemas.SelectionView


@routes.operation(
    "POST", "/grant-rounds/<uuid:round_id>/selections", "selectGrants", Bilingual("结束评审并遴选", "Close the reviews and select"),
    answer=RoundView,
)  # fmt: skip
def select_grants(call: Call, round_id: UUID) -> Any:
    row = service.select_grants(call.session, call.actor, round_id, now=call.now)
    jobs.queue_selection(call.session, row.id, call.actor)
    return row


@routes.operation(
    "GET", "/grant-selections", "listSelections", Bilingual("遴选证书列表", "List selections"), query=schemas.SelectionQuery,
    answer=View, listed=True,
)  # fmt: skip
def list_selections(call: Call) -> Any:
    return reading.list_selections(call.session, call.actor, call.query)


@routes.operation("GET", ONE, "showSelection", Bilingual("查看遴选证书", "Show a selection"), answer=View)
def show_selection(call: Call, selection_id: UUID) -> Any:
    return reading.selection_view(call.session, reading.selection_of(call.session, call.actor, selection_id))


@routes.operation(
    "POST", ONE + "/approval", "approveSelection", Bilingual("批准遴选并预留资金", "Approve a selection and set its money aside"),
    answer=View,
)  # fmt: skip
def approve_selection(call: Call, selection_id: UUID) -> Any:
    row = service.approve_selection(call.session, call.actor, selection_id, now=call.now)
    return reading.selection_view(call.session, row)
