"""Routing over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from ground_net.routing import portfolios, reading, schemas, sending, service, suggesting

routes = Routes("routing", __name__, url_prefix="/api", description="分流与移交 / routing and hand-overs")
NEED = "/needs/<uuid:need_id>"
HANDOVER = "/need-handovers/<uuid:handover_id>"
PORTFOLIO = "/brokers/<uuid:broker_id>/portfolio"


@routes.operation(
    "GET", f"{NEED}/complexity", "scoreNeed", Bilingual("评估复杂度", "Score how complex a need is"),
    answer=schemas.ComplexityView,
)  # fmt: skip
def score_need(call: Call, need_id: UUID) -> Any:
    return suggesting.score_need(call.session, call.actor, need_id, now=call.now)


@routes.operation(
    "GET", f"{NEED}/route", "suggestRoute", Bilingual("建议去向：院所或经纪人", "Suggest which way a need should go"),
    query=schemas.RouteQuery, answer=schemas.RouteView,
)  # fmt: skip
def suggest_route(call: Call, need_id: UUID) -> Any:
    return suggesting.suggest_route(call.session, call.actor, need_id, **call.query, now=call.now)


@routes.operation(
    "POST", f"{NEED}/routing", "routeNeed", Bilingual("按建议分流：邀请院所或移交经纪人", "Send a need the way that is suggested"),
    query=schemas.RouteQuery, answer=schemas.SentView,
)  # fmt: skip
def route_need(call: Call, need_id: UUID) -> Any:
    sent = sending.route_need(call.session, call.actor, need_id, **call.query, now=call.now)
    handover = sent.handover and reading.shown(call.session, sent.handover, now=call.now)
    return {
        "complexity": sent.complexity,
        "goes_to": sent.goes_to,
        "invitations": sent.invitations,
        "handover": handover,
    }


@routes.operation(
    "POST", f"{NEED}/handovers", "handNeed", Bilingual("移交需求", "Hand a need over"),
    body=schemas.HandoverEntry, answer=schemas.HandoverView, status=201,
)  # fmt: skip
def hand_need(call: Call, need_id: UUID) -> Answer:
    return _shown(call, service.hand_need(call.session, call.actor, need_id, call.body, now=call.now))


@routes.operation(
    "POST", f"{HANDOVER}/acceptance", "acceptHandover", Bilingual("接收移交", "Accept a hand-over"),
    answer=schemas.HandoverView,
)  # fmt: skip
def accept_handover(call: Call, handover_id: UUID) -> Answer:
    return _shown(call, service.accept_handover(call.session, call.actor, handover_id, now=call.now))


@routes.operation(
    "POST", f"{HANDOVER}/refusal", "declineHandover", Bilingual("谢绝移交", "Decline a hand-over"),
    body=schemas.HandoverRefusal, answer=schemas.HandoverView,
)  # fmt: skip
def decline_handover(call: Call, handover_id: UUID) -> Answer:
    return _shown(
        call, service.decline_handover(call.session, call.actor, handover_id, **call.body, now=call.now)
    )


@routes.operation(
    "GET", "/need-handovers", "listHandovers", Bilingual("移交列表", "List hand-overs"),
    query=schemas.HandoverQuery, answer=schemas.HandoverView, listed=True,
)  # fmt: skip
def list_handovers(call: Call) -> Any:
    return reading.list_handovers(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "GET", PORTFOLIO, "showPortfolio", Bilingual("经纪人在办事项", "Show what a broker has in hand"),
    answer=schemas.PortfolioView,
)  # fmt: skip
def show_portfolio(call: Call, broker_id: UUID) -> Any:
    return portfolios.show_portfolio(call.session, call.actor, broker_id, now=call.now)


@routes.operation(
    "POST", f"{PORTFOLIO}/handovers", "handPortfolio", Bilingual("移交全部在办需求", "Hand over all that a broker has in hand"),
    body=schemas.PortfolioHandover, answer=schemas.HandoversView, status=201,
)  # fmt: skip
def hand_portfolio(call: Call, broker_id: UUID) -> Any:
    handed = portfolios.hand_portfolio(call.session, call.actor, broker_id, **call.body, now=call.now)
    return {"items": [reading.shown(call.session, each, now=call.now) for each in handed]}


def _shown(call: Call, handover: Any) -> Answer:
    return Answer(reading.shown(call.session, handover, now=call.now), row=handover)
