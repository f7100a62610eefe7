"""Effects over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from finance_net.awards.effects import schemas, service

routes = Routes("award_effects", __name__, url_prefix="/api", description="资助成效 / effects of awards")


@routes.operation(
    "GET", "/award-effects", "listEffects", Bilingual("成效列表（含逾期）", "List effects, overdue ones too"),
    query=schemas.EffectQuery, answer=schemas.EffectView, listed=True,
)  # fmt: skip
def list_effects(call: Call) -> Any:
    return service.list_effects(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "POST", "/award-effects/<uuid:effect_id>/report", "reportEffect", Bilingual("报告成效", "Report an effect"),
    body=schemas.EffectEntry, answer=schemas.EffectView,
)  # fmt: skip
def report_effect(call: Call, effect_id: UUID) -> Answer:
    effect = service.report_effect(call.session, call.actor, effect_id, call.body, now=call.now)
    return Answer(service.effect_view(effect, call.now), row=effect)
