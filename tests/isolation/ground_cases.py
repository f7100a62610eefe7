"""The isolation table of the ground network: nodes, staff, brokers, centres, providers, needs of chains."""

from typing import Any

from tests.factories.directory import a_credit_code
from tests.isolation.cases import ANY_VERSION, Case, Factory, Sent, about, all_may, except_for, need, plain
from tests.isolation.people import (
    ADMINISTRATOR,
    ANY_OPERATOR,
    AUDITORS,
    BROKER,
    HOME,
    INSTITUTES,
    OPERATORS,
    POSTER,
    SECOND_ZONE,
    WHOLE,
)
from tests.isolation.planted import PRIVATE, WORDS
from tests.isolation.world import World

RUNS = OPERATORS | ADMINISTRATOR
REPORTS = RUNS | AUDITORS | SECOND_ZONE | {"collector", "far_collector"}
"""Operators, auditors and collectors of either zone: each is told of their own."""
ASKS_AROUND = POSTER | BROKER | ANY_OPERATOR | ADMINISTRATOR | {"neighbour", "far_poster", "far_broker"}
"""Who is shown whom to ring at a provider."""
NEW_NODE = {"key": "HB-WH-99", "kind": "node", "name": "新节点", "parent": "HB-WH", "region_code": HOME}
MANDATE = {"from_on": "2026-04-01", "until_on": "2026-12-31", "scope_of_work": "寻找院所"}
SEES_CHAIN = WHOLE | BROKER | INSTITUTES
NEED = {"need": {"title": "共性难题"}}


def of(parameter: str, name: str, body: Any = None, **more: Any) -> Factory:
    return about(parameter, f"ground.{name}", body, **more)


def _post(world: World) -> Sent:
    body = {"account_id": str(world.accounts["nobody"].id), "function": "collector", "since_on": "2026-03-01"}
    return Sent({"node_id": world.ground["node"].id}, body)


def _profile(world: World) -> Sent:
    account = world.accounts["far_broker"].id
    return Sent({}, {"account_id": str(account), "zones": ["420500"], "capacity": 5})


def _mandate(world: World) -> Sent:
    body = {"institute_id": str(world.institute.id), **MANDATE}
    return Sent({"broker_id": world.ground["broker"].id}, body)


def _link(world: World) -> Sent:
    return Sent({"centre_id": world.ground["centre"].id}, {"institute_id": str(world.institute.id)})


CENTRE = {"name": "新中心", "kind": "onshore", "home_region": HOME, "host_region": HOME}
FIGURE = {"label": "入驻企业", "value": 3, "unit": "家", "source": "某报", "as_of_on": "2026-01-01"}
TARGET = {"region_code": HOME, "figure": "events", "year": 2026, "value": 12, "source": "某通知"}
PROVIDER = {"name": "新机构", "kinds": ["testing"], "region_code": HOME}

CASES = [
    # the network: everybody's to read, the zone's to run
    Case("openNode", "in the first zone", plain(NEW_NODE), may=RUNS, otherwise=403),
    Case("loadNetwork", "in the first zone", plain({"nodes": [NEW_NODE]}), may=RUNS, otherwise=403),
    all_may("showNetwork", "all", plain()),
    all_may("listNodes", "all", plain()),
    all_may("showNode", "one", of("node_id", "node")),
    Case("amendNode", "one", of("node_id", "node", {"park": "新园区"}, headers=ANY_VERSION), may=RUNS, otherwise=403),
    Case("moveNode", "one", of("node_id", "leaf", {"parent": "HB-WH"}), may=RUNS, otherwise=403),
    Case("closeNode", "one", of("node_id", "leaf", {"reason": "撤并"}), may=RUNS, otherwise=403),
    # who works there
    Case("appointStaff", "a collector", _post, may=RUNS, otherwise=403),
    Case("listStaff", "of a node", of("node_id", "node"), may=RUNS | AUDITORS | {"collector"}, otherwise=403),
    Case("endPost", "a collector's", of("post_id", "post"), may=RUNS),
    # brokers: found by all, their record is theirs and of those in office
    Case("enterBroker", "of the second zone", _profile, may={"far_broker", "far_operator", "supervisor"}, otherwise=403),
    all_may("listBrokers", "all", plain()),
    all_may("showBroker", "one", of("broker_id", "broker")),
    Case("amendBroker", "one", of("broker_id", "broker", {"capacity": 3}, headers=ANY_VERSION), may=BROKER | OPERATORS, otherwise=403),
    Case("showBrokerRecord", "one", of("broker_id", "broker"), may=BROKER | OPERATORS | AUDITORS, otherwise=403),
    Case("giveMandate", "of the invited institute", _mandate, may=BROKER | OPERATORS | {"researcher", "office"}, otherwise=403),
    all_may("listMandates", "all", plain(), hides={WORDS: except_for(POSTER, BROKER, OPERATORS, AUDITORS)}),
    Case("showMandate", "the poster's", of("mandate_id", "mandate"), may=POSTER | BROKER | OPERATORS | AUDITORS),
    Case("confirmMandate", "a proposed one", of("mandate_id", "proposed"), may=POSTER, knows=BROKER | OPERATORS | AUDITORS),
    Case("endMandate", "the poster's", of("mandate_id", "mandate"), may=POSTER | BROKER, knows=OPERATORS | AUDITORS),
    # centres and providers: directories
    Case("openCentre", "in the first zone", plain(CENTRE), may=RUNS, otherwise=403),
    all_may("listCentres", "all", plain()),
    all_may("showCentre", "one", of("centre_id", "centre")),
    all_may("listPublishedFigures", "all", plain()),
    Case("amendCentre", "one", of("centre_id", "centre", {"summary": "新"}, headers=ANY_VERSION), may=RUNS, otherwise=403),
    Case("closeCentre", "one", of("centre_id", "centre"), may=RUNS, otherwise=403),
    Case("linkInstitute", "one", _link, may=RUNS, otherwise=403),
    Case("unlinkInstitute", "one", of("link_id", "link"), may=RUNS, otherwise=403),
    Case("addCentreProject", "one", of("centre_id", "centre", {"title": "新项目"}), may=RUNS, otherwise=403),
    Case("amendCentreProject", "one", of("project_id", "project", {"stage": "lab"}, headers=ANY_VERSION), may=RUNS, otherwise=403),
    Case("recordCentreFigure", "one", of("centre_id", "centre", FIGURE), may=RUNS, otherwise=403),
    Case("registerProvider", "in the first zone", plain(PROVIDER), may=RUNS, otherwise=403),
    all_may("listProviders", "all", plain()),
    all_may("showProvider", "one", of("provider_id", "provider"), hides={PRIVATE: except_for(ASKS_AROUND)}),
    Case("amendProvider", "one", of("provider_id", "provider", {"capacity": "x"}, headers=ANY_VERSION), may=RUNS, otherwise=403),
    Case("closeProvider", "one", of("provider_id", "provider"), may=RUNS, otherwise=403),
    # figures: sums, and what they are to reach
    Case("reportGroundNet", "the year", plain(query={"by": "centre"}), may=REPORTS, otherwise=403),
    Case("exportGroundNet", "the year", plain(query={"by": "zone"}), may=REPORTS, otherwise=403),
    Case("setFigureTarget", "in the first zone", plain(TARGET), may=RUNS, otherwise=403),
    Case("listFigureTargets", "all", plain(), may=REPORTS, otherwise=403),
    # needs of chains: the second zone's enterprise is the chain's master
    Case("raiseChainNeed", "of the second zone's master", about("chain_id", "chain", NEED),
         may=frozenset({"far_poster", "far_operator", "supervisor"}), otherwise=403),
    all_may("showChainBoard", "one", about("chain_id", "chain")),
    Case("askEnterprises", "about a public one", need("public", {"credit_codes": [a_credit_code(7)]}), may=POSTER | OPERATORS,
         knows=AUDITORS | BROKER | INSTITUTES),
    Case("showBackings", "of a public one", need("public"), may=SEES_CHAIN),
    Case("showBackings", "of a masked one", need("masked"), may=WHOLE),
    all_may("listBackingRequests", "all", plain()),
    Case("consentToBack", "of the second zone", of("backing_id", "backing"), may=frozenset({"far_poster"})),
    Case("declineToBack", "of the second zone", of("backing_id", "backing"), may=frozenset({"far_poster"})),
]  # fmt: skip
