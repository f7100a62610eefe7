"""What an operator does in the ground network of the own zone: rows of `test_zones`."""

from typing import Any

from backbone.actor import Role
from tests.architecture.zones import Call, Of, get, patch, post
from tests.factories.directory import a_credit_code
from tests.factories.identity import an_account, zone
from tests.factories.zones import ZoneUnderTest


def of_node(what: str = "") -> Of:
    return lambda place: f"/nodes/{place.node.id}{what}"


def of_centre(what: str = "") -> Of:
    return lambda place: f"/centres/{place.centre.id}{what}"


def of_broker(what: str = "") -> Of:
    return lambda place: f"/brokers/{place.broker.id}{what}"


def of_chain_need(place: ZoneUnderTest) -> str:
    return f"/needs/{place.chain_need.id}/backings"


def a_hub_entry(place: ZoneUnderTest) -> dict[str, Any]:
    return {"key": "HB-NEW", "kind": "hub", "name": "新中心", "region_code": place.code}


def a_profile(place: ZoneUnderTest) -> dict[str, Any]:
    account = an_account(place.session, (Role.BROKER, zone(place.code)))
    return {"account_id": str(account.id), "zones": [place.code], "capacity": 5}


def an_appointment(place: ZoneUnderTest) -> dict[str, Any]:
    account = an_account(place.session)
    return {"account_id": str(account.id), "function": "collector", "since_on": "2026-03-01"}


def a_receiver(place: ZoneUnderTest) -> dict[str, Any]:
    return {"to_id": str(place.broker.account_id), "reason_code": "load"}


def some_terms(place: ZoneUnderTest) -> dict[str, Any]:
    days = {"from_on": "2026-04-01", "until_on": "2026-12-31"}
    return {"institute_id": str(place.institute.id), "scope_of_work": "寻找企业", **days}


def a_centre_entry(place: ZoneUnderTest) -> dict[str, Any]:
    return {"name": "新中心", "kind": "onshore", "home_region": place.code, "host_region": place.code}


def a_figure_entry(place: ZoneUnderTest) -> dict[str, Any]:
    return {"label": "入驻企业", "value": 3, "unit": "家", "source": "某报", "as_of_on": "2026-01-01"}


def a_target_entry(place: ZoneUnderTest) -> dict[str, Any]:
    return {"region_code": place.code, "figure": "events", "year": 2026, "value": 12, "source": "某通知"}


ACTS: dict[str, Call] = {
    "openNode": post(lambda place: "/nodes", a_hub_entry),
    "loadNetwork": post(lambda place: "/network", lambda place: {"nodes": [a_hub_entry(place)]}),
    "amendNode": patch(of_node(), {"park": "新园区"}),
    "moveNode": post(of_node("/move"), lambda place: {"parent": place.hub.key}),
    "closeNode": post(of_node("/closing"), lambda place: {"reason": "撤并"}),
    "appointStaff": post(of_node("/staff"), an_appointment),
    "listStaff": get(of_node("/staff")),
    "endPost": post(lambda place: f"/node-posts/{place.post.id}/end"),
    "enterBroker": post(lambda place: "/brokers", a_profile),
    "amendBroker": patch(of_broker(), {"capacity": 3}),
    "showBrokerRecord": get(of_broker("/record")),
    "giveMandate": post(of_broker("/mandates"), some_terms),
    "showMandate": get(lambda place: f"/mandates/{place.mandate.id}"),
    "openCentre": post(lambda place: "/centres", a_centre_entry),
    "amendCentre": patch(of_centre(), {"summary": "新"}),
    "closeCentre": post(of_centre("/closing")),
    "linkInstitute": post(of_centre("/institutes"), lambda place: {"institute_id": str(place.institute.id)}),
    "unlinkInstitute": post(lambda place: f"/centre-institutes/{place.link.id}/end"),
    "addCentreProject": post(of_centre("/projects"), lambda place: {"title": "新项目"}),
    "amendCentreProject": patch(lambda place: f"/centre-projects/{place.project.id}", {"stage": "lab"}),
    "recordCentreFigure": post(of_centre("/figures"), a_figure_entry),
    "setFigureTarget": post(lambda place: "/figure-targets", a_target_entry),
    "registerProvider": post(
        lambda place: "/providers", lambda place: {"name": "新机构", "kinds": ["testing"], "region_code": place.code}
    ),
    "amendProvider": patch(lambda place: f"/providers/{place.provider.id}", {"capacity": "每月 3 批"}),
    "closeProvider": post(lambda place: f"/providers/{place.provider.id}/closing"),
    "raiseChainNeed": post(
        lambda place: f"/chains/{place.chain.id}/needs", lambda place: {"need": {"title": "共性难题"}}
    ),
    "askEnterprises": post(of_chain_need, lambda place: {"credit_codes": [a_credit_code()]}),
    "showBackings": get(of_chain_need),
    "scoreNeed": get(lambda place: f"/needs/{place.confirmed.id}/complexity"),
    "suggestRoute": get(lambda place: f"/needs/{place.confirmed.id}/route"),
    "handNeed": post(lambda place: f"/needs/{place.confirmed.id}/handovers", a_receiver),
    "showPortfolio": get(of_broker("/portfolio")),
    "handPortfolio": post(of_broker("/portfolio/handovers")),
}  # fmt: skip
