"""The writing operations of the ground network: nodes, staff, brokers, centres, providers, needs of chains; see `writes`."""

from tests.architecture.writes import Write, for_operation
from tests.factories.directory import a_chain, a_credit_code, a_part, an_institute
from tests.factories.ground import (
    a_backing,
    a_broker,
    a_centre,
    a_chain_need,
    a_link,
    a_mandate,
    a_post,
    a_project,
    a_provider,
)
from tests.factories.identity import an_account
from tests.factories.invitations import Exchange
from tests.factories.network import a_hub, a_node

NODE, CENTRE = ("network_nodes",), ("innovation_centres",)
ENTRY = {"key": "HB", "kind": "hub", "name": "中心", "region_code": "420100"}


@for_operation("openNode")
def open_node(exchange: Exchange) -> Write:
    return Write(exchange.operator, {}, NODE, ENTRY)


@for_operation("loadNetwork")
def load_network(exchange: Exchange) -> Write:
    below = {**ENTRY, "key": "HB-1", "kind": "node", "parent": "HB"}
    return Write(exchange.operator, {}, NODE * 2, {"nodes": [below, ENTRY]})


@for_operation("amendNode")
def amend_node(exchange: Exchange) -> Write:
    return Write(exchange.operator, {"node_id": a_node(exchange.session).id}, NODE, {"park": "新园区"})


@for_operation("moveNode")
def move_node(exchange: Exchange) -> Write:
    path = {"node_id": a_node(exchange.session).id}
    return Write(exchange.operator, path, NODE, {"parent": a_hub(exchange.session).key})


@for_operation("closeNode")
def close_node(exchange: Exchange) -> Write:
    """With it end the post and the role of its collector."""
    post = a_post(exchange.session)
    return Write(
        exchange.operator, {"node_id": post.node_id}, (*NODE, "node_posts", "memberships"), {"reason": "撤并"}
    )


@for_operation("appointStaff")
def appoint_staff(exchange: Exchange) -> Write:
    body = {
        "account_id": str(an_account(exchange.session).id),
        "function": "collector",
        "since_on": "2026-03-01",
    }
    return Write(
        exchange.operator, {"node_id": a_node(exchange.session).id}, ("node_posts", "memberships"), body
    )


@for_operation("endPost")
def end_post(exchange: Exchange) -> Write:
    return Write(exchange.operator, {"post_id": a_post(exchange.session).id}, ("node_posts", "memberships"))


@for_operation("enterBroker")
def enter_broker(exchange: Exchange) -> Write:
    return Write(exchange.broker, {}, ("brokers",), {"zones": ["420100"], "capacity": 5})


@for_operation("amendBroker")
def amend_broker(exchange: Exchange) -> Write:
    return Write(
        exchange.operator, {"broker_id": a_broker(exchange.session).id}, ("brokers",), {"capacity": 3}
    )


def mandated(exchange: Exchange, **values: object) -> dict[str, object]:
    return {"mandate_id": a_mandate(exchange.session, enterprise_id=exchange.enterprise.id, **values).id}


@for_operation("giveMandate")
def give_mandate(exchange: Exchange) -> Write:
    days = {"from_on": "2026-04-01", "until_on": "2026-12-31", "scope_of_work": "寻找院所"}
    body = {"enterprise_id": str(exchange.enterprise.id), **days}
    return Write(exchange.poster, {"broker_id": a_broker(exchange.session).id}, ("broker_mandates",), body)


@for_operation("confirmMandate")
def confirm_mandate(exchange: Exchange) -> Write:
    return Write(exchange.poster, mandated(exchange, confirmed_at=None), ("broker_mandates",))


@for_operation("endMandate")
def end_mandate(exchange: Exchange) -> Write:
    return Write(exchange.poster, mandated(exchange), ("broker_mandates",))


def centre(exchange: Exchange) -> dict[str, object]:
    return {"centre_id": a_centre(exchange.session).id}


@for_operation("openCentre")
def open_centre(exchange: Exchange) -> Write:
    body = {"name": "咸宁离岸中心", "kind": "offshore", "home_region": "421200", "host_region": "420100"}
    return Write(exchange.operator, {}, CENTRE, body)


@for_operation("amendCentre")
def amend_centre(exchange: Exchange) -> Write:
    return Write(exchange.operator, centre(exchange), CENTRE, {"summary": "新"})


@for_operation("closeCentre")
def close_centre(exchange: Exchange) -> Write:
    return Write(exchange.operator, centre(exchange), CENTRE)


@for_operation("linkInstitute")
def link_institute(exchange: Exchange) -> Write:
    body = {"institute_id": str(an_institute(exchange.session).id)}
    return Write(exchange.operator, centre(exchange), ("centre_institutes",), body)


@for_operation("unlinkInstitute")
def unlink_institute(exchange: Exchange) -> Write:
    link = a_link(exchange.session, a_centre(exchange.session))
    return Write(exchange.operator, {"link_id": link.id}, ("centre_institutes",))


@for_operation("addCentreProject")
def add_centre_project(exchange: Exchange) -> Write:
    return Write(exchange.operator, centre(exchange), ("centre_projects",), {"title": "新项目"})


@for_operation("amendCentreProject")
def amend_centre_project(exchange: Exchange) -> Write:
    project = a_project(exchange.session, a_centre(exchange.session))
    return Write(exchange.operator, {"project_id": project.id}, ("centre_projects",), {"stage": "lab"})


@for_operation("recordCentreFigure")
def record_centre_figure(exchange: Exchange) -> Write:
    body = {"label": "入驻企业", "value": 3, "unit": "家", "source": "某报", "as_of_on": "2026-01-01"}
    return Write(exchange.operator, centre(exchange), ("centre_figures",), body)


@for_operation("setFigureTarget")
def set_figure_target(exchange: Exchange) -> Write:
    body = {"region_code": "420100", "figure": "events", "year": 2026, "value": 12, "source": "某通知"}
    return Write(exchange.operator, {}, ("figure_targets",), body)


@for_operation("registerProvider")
def register_provider(exchange: Exchange) -> Write:
    body = {"name": "新机构", "kinds": ["testing"], "region_code": "420100"}
    return Write(exchange.operator, {}, ("service_providers",), body)


@for_operation("amendProvider")
def amend_provider(exchange: Exchange) -> Write:
    path = {"provider_id": a_provider(exchange.session).id}
    return Write(exchange.operator, path, ("service_providers",), {"capacity": "每月 3 批"})


@for_operation("closeProvider")
def close_provider(exchange: Exchange) -> Write:
    return Write(exchange.operator, {"provider_id": a_provider(exchange.session).id}, ("service_providers",))


@for_operation("raiseChainNeed")
def raise_chain_need(exchange: Exchange) -> Write:
    chain = a_chain(exchange.session)
    a_part(exchange.session, chain, enterprise_id=exchange.enterprise.id)
    body = {"need": {"title": "共性难题"}, "credit_codes": [a_credit_code(), a_credit_code()]}
    return Write(
        exchange.poster, {"chain_id": chain.id}, ("needs", "chain_needs", *["need_backings"] * 2), body
    )


@for_operation("askEnterprises")
def ask_enterprises(exchange: Exchange) -> Write:
    need = a_chain_need(exchange.session, a_chain(exchange.session), exchange.enterprise, state="confirmed")
    return Write(
        exchange.poster, {"need_id": need.id}, ("need_backings",), {"credit_codes": [a_credit_code()]}
    )


def asked(exchange: Exchange) -> dict[str, object]:
    need = a_chain_need(exchange.session, a_chain(exchange.session), state="confirmed")
    return {"backing_id": a_backing(exchange.session, need, exchange.enterprise).id}


@for_operation("consentToBack")
def consent_to_back(exchange: Exchange) -> Write:
    return Write(exchange.poster, asked(exchange), ("need_backings",))


@for_operation("declineToBack")
def decline_to_back(exchange: Exchange) -> Write:
    return Write(exchange.poster, asked(exchange), ("need_backings",))
