"""The writing operations of routing; see `writes`."""

from tests.architecture.writes import Write, for_operation
from tests.factories.ground import a_broker
from tests.factories.identity import an_account
from tests.factories.invitations import Exchange
from tests.factories.routing import a_handover

HANDOVERS = ("need_handovers",)


@for_operation("handNeed")
def hand_need(exchange: Exchange) -> Write:
    body = {"to_id": str(exchange.broker.account_id), "reason_code": "load"}
    return Write(exchange.operator, {"need_id": exchange.need.id}, HANDOVERS, body)


def offered(exchange: Exchange) -> dict[str, object]:
    return {"handover_id": a_handover(exchange.session, exchange.need, exchange.broker.account_id).id}


@for_operation("acceptHandover")
def accept_handover(exchange: Exchange) -> Write:
    return Write(exchange.broker, offered(exchange), (*HANDOVERS, "needs"))


@for_operation("declineHandover")
def decline_handover(exchange: Exchange) -> Write:
    return Write(exchange.broker, offered(exchange), HANDOVERS, {"reason_code": "load"})


@for_operation("handPortfolio")
def hand_portfolio(exchange: Exchange) -> Write:
    session = exchange.session
    owner = session.get_one(type(an_account(session)), exchange.broker.account_id)
    exchange.need.owner_id = owner.id
    a_broker(session)
    return Write(
        exchange.operator, {"broker_id": a_broker(session, owner).id}, HANDOVERS, {"to": "suggested"}
    )


@for_operation("routeNeed")
def route_need(exchange: Exchange) -> Write:
    session = exchange.session
    a_broker(session, session.get_one(type(an_account(session)), exchange.broker.account_id))
    return Write(exchange.operator, {"need_id": exchange.need.id}, HANDOVERS)
