"""The isolation table of routing: the zone's operators route, its auditors look on, a hand-over is its two sides'."""

from typing import Any

from tests.isolation.cases import Case, Factory, Sent, about, all_may, need, plain
from tests.isolation.people import AUDITORS, BROKER, KNOWN, OPERATORS, WHOLE
from tests.isolation.world import World

OFFICE = OPERATORS | AUDITORS


def to_the_broker(name: str) -> Factory:
    def make(world: World) -> Sent:
        body = {"to_id": str(world.accounts["broker"].id), "reason_code": "load"}
        return Sent({"need_id": world.needs[name].id}, body)

    return make


def handover(body: Any = None) -> Factory:
    return about("handover_id", "ground.handover", body)


CASES = [
    Case("scoreNeed", "a masked one", need("masked"), may=OFFICE, knows=KNOWN - OFFICE),
    Case("scoreNeed", "one for operators alone", need("operators"), may=OFFICE, knows=WHOLE - OFFICE),
    Case("suggestRoute", "a masked one", need("masked"), may=OPERATORS, knows=KNOWN - OPERATORS),
    Case("handNeed", "a public one", to_the_broker("public"), may=OPERATORS, knows=KNOWN - OPERATORS),
    Case("routeNeed", "a public one", need("public"), may=OPERATORS, knows=KNOWN - OPERATORS),
    Case("acceptHandover", "to the broker", handover(), may=BROKER, knows=OFFICE),
    Case("declineHandover", "to the broker", handover({"reason_code": "load"}), may=BROKER, knows=OFFICE),
    all_may("listHandovers", "all", plain()),
    Case(
        "showPortfolio",
        "the broker's",
        about("broker_id", "ground.broker"),
        may=BROKER | OFFICE,
        otherwise=403,
    ),
    Case(
        "handPortfolio",
        "the broker's",
        about("broker_id", "ground.broker"),
        may=BROKER | OPERATORS,
        otherwise=403,
    ),
]
