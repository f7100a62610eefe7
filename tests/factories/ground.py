"""Of the ground network besides its nodes: posts, brokers, mandates, centres, service providers, needs of chains."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Role, Scope, ScopeKind
from backbone.directory.chains.models import Chain
from backbone.directory.models import Enterprise
from backbone.identity.models import Account, Membership
from ground_net.brokers.models import Broker, BrokerMandate
from ground_net.centres.models import CentreFigure, CentreInstitute, CentreProject, InnovationCentre
from ground_net.chain_needs.models import ChainNeed, NeedBacking
from ground_net.figures.models import FigureTarget
from ground_net.network.models import NetworkNode
from ground_net.providers.models import ServiceProvider
from ground_net.staff.models import NodePost
from sky_net.needs.models import Need
from tests.factories.directory import a_credit_code, an_enterprise, an_institute
from tests.factories.identity import an_account, zone
from tests.factories.needs import a_need
from tests.factories.network import a_node

MADE_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
EDITED: dict[str, Any] = {"created_at": MADE_AT, "updated_at": MADE_AT}
_numbers = count(1)


def a_post(
    session: Session, node: NetworkNode | None = None, account: Account | None = None, **values: Any
) -> NodePost:
    """A stored post of a collector, with the role."""
    node = node or a_node(session)
    function = values.get("function", "collector")
    role = (Role.COLLECTOR, Scope(ScopeKind.NODE, node.key))
    account = account or an_account(session, *([role] if function == "collector" else []))
    held = select(Membership.id).where(Membership.account_id == account.id, Membership.role == Role.COLLECTOR)
    defaults: dict[str, Any] = {
        "node_id": node.id, "account_id": account.id, "function": function, "since_on": date(2026, 1, 5), **EDITED,
        "membership_id": session.scalar(held) if function == "collector" else None,
    }  # fmt: skip
    return _stored(session, NodePost(**defaults | values))


def a_broker(session: Session, account: Account | None = None, **values: Any) -> Broker:
    """A stored profile of a broker of Wuhan."""
    zones = values.get("zones", ["420100"])
    account = account or an_account(session, *((Role.BROKER, zone(each)) for each in zones))
    defaults: dict[str, Any] = {
        "account_id": account.id, "industries": ["opto"], "tech_fields": ["激光焊接"], "languages": ["zh", "en"], "zones": zones,
        "capacity": 8, **EDITED,
    }  # fmt: skip
    return _stored(session, Broker(**defaults | values))


def a_mandate(session: Session, broker: Broker | None = None, **values: Any) -> BrokerMandate:
    """A stored mandate of an enterprise for 2026, confirmed unless said otherwise."""
    broker = broker or a_broker(session)
    if not {"enterprise_id", "institute_id"} & values.keys():
        values["enterprise_id"] = an_enterprise(session).id
    confirmed = {"confirmed_at": MADE_AT, "confirmed_by": an_account(session).id}
    defaults: dict[str, Any] = {
        "broker_id": broker.id, "from_on": date(2026, 1, 1), "until_on": date(2026, 12, 31), "scope_of_work": "寻找合作院所",
        "is_exclusive": False, **EDITED, **({} if "confirmed_at" in values else confirmed),
    }  # fmt: skip
    return _stored(session, BrokerMandate(**defaults | values))


def a_centre(session: Session, **values: Any) -> InnovationCentre:
    """A stored offshore centre of Xianning in Optics Valley."""
    defaults: dict[str, Any] = {
        "name": f"测试离岸中心{next(_numbers)}", "kind": "offshore", "home_region": "421200", "host_region": "420100-donghu", **EDITED,
    }  # fmt: skip
    return _stored(session, InnovationCentre(**defaults | values))


def a_link(session: Session, centre: InnovationCentre, **values: Any) -> CentreInstitute:
    """A stored link of an institute."""
    if "institute_id" not in values:
        values["institute_id"] = an_institute(session).id
    return _stored(session, CentreInstitute(**{"centre_id": centre.id, "linked_at": MADE_AT} | values))


def a_project(session: Session, centre: InnovationCentre, **values: Any) -> CentreProject:
    """A stored project."""
    defaults = {"centre_id": centre.id, "title": "测试项目", "stage": "pilot", "need_ids": [], **EDITED}
    return _stored(session, CentreProject(**defaults | values))


def a_figure(session: Session, centre: InnovationCentre, **values: Any) -> CentreFigure:
    """A stored figure of a text of tests."""
    defaults: dict[str, Any] = {
        "centre_id": centre.id, "label": "入驻企业", "value": 12, "unit": "家", "source": "测试报道", "as_of_on": date(2025, 12, 31),
        "recorded_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, CentreFigure(**defaults | values))


def a_provider(session: Session, **values: Any) -> ServiceProvider:
    """A stored testing laboratory of Wuhan."""
    defaults: dict[str, Any] = {
        "name": f"测试检测中心{next(_numbers)}", "kinds": ["testing"], "region_code": "420100", "industries": ["opto"],
        "services": [{"name": "高低温试验", "unit": "小时", "price_kind": "published", "price": "300 元/小时"}], "qualifications": [],
        "contact_name": "业务窗口", "contact_phone": "027-00000002", **EDITED,
    }  # fmt: skip
    provider = ServiceProvider(**defaults | values)
    provider.fold()
    return _stored(session, provider)


def a_chain_need(session: Session, chain: Chain, enterprise: Enterprise | None = None, **values: Any) -> Need:
    """A stored need of the chain, raised by it."""
    need = a_need(session, enterprise, chain_id=chain.id, **values)
    _stored(session, ChainNeed(need_id=need.id, chain_id=chain.id, raised_at=MADE_AT))
    return need


def a_backing(
    session: Session, need: Need, enterprise: Enterprise | None = None, **values: Any
) -> NeedBacking:
    """A stored request to an enterprise, or to a code that is nobody's; answered where a state says so."""
    code = enterprise.credit_code if enterprise else a_credit_code()
    answered = {"enterprise_id": enterprise and enterprise.id, "answered_at": MADE_AT}
    defaults: dict[str, Any] = {"need_id": need.id, "credit_code": code, "state": "asked", **EDITED}
    extra = answered if values.get("state", "asked") != "asked" else {}
    return _stored(session, NeedBacking(**defaults | extra | values))


def a_figure_target(session: Session, region_code: str = "420100", **values: Any) -> FigureTarget:
    """Twelve events in 2026."""
    defaults: dict[str, Any] = {
        "region_code": region_code, "figure": "events", "year": 2026, "value": 12, "source": "某通知", "recorded_at": MADE_AT,
    }  # fmt: skip
    return _stored(session, FigureTarget(**defaults | values))


def _stored(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
