"""Estimates over HTTP."""

from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from backbone.jobs import defer
from policy_pack.impacts import schemas, service
from policy_pack.impacts.jobs import estimate

routes = Routes(
    "impacts", __name__, url_prefix="/api", description="政策影响测算 / what a draft would change"
)
ONE = "/policy-impacts/<uuid:impact_id>"


@routes.operation(
    "POST", "/policy-versions/<uuid:version_id>/impacts", "estimateImpact",
    Bilingual("测算草稿的影响", "Estimate what a draft would change"),
    body=schemas.ImpactEntry, answer=schemas.ImpactView, status=201,
)  # fmt: skip
def estimate_impact(call: Call, version_id: UUID) -> Answer:
    asked = call.body["as_of_on"]
    impact = service.ask_for_impact(call.session, call.actor, version_id, as_of=asked, now=call.now)
    defer(call.session, estimate, impact_id=str(impact.id))
    body = service.impact_view(call.session, impact)
    return Answer(body, row=impact, location=path_of(ONE, impact_id=impact.id))


@routes.operation(
    "GET", ONE, "showImpact", Bilingual("查看影响测算", "Show an estimate"), answer=schemas.ImpactView
)
def show_impact(call: Call, impact_id: UUID) -> Answer:
    impact = service.show_impact(call.session, call.actor, impact_id)
    return Answer(service.impact_view(call.session, impact), row=impact)
