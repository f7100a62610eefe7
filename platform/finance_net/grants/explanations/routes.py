"""Explanations over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from finance_net.grants.explanations import reading, schemas

routes = Routes("grant_explanations", __name__, url_prefix="/api", description="未入选说明 / why not funded")


@routes.operation(
    "GET", "/grant-selections/<uuid:selection_id>/why-not", "explainSelection", Bilingual("为何未入选", "Why an application was not funded"),
    query=schemas.WhyNotQuery, answer=schemas.WhyNotView,
)  # fmt: skip
def explain_selection(call: Call, selection_id: UUID) -> Any:
    return reading.explain(call.session, call.actor, selection_id, call.query["application_id"])
