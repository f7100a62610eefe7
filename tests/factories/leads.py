"""Leads for tests: `a_lead(session, node, actor)` through the service, `a_visit(node)` as a form sends it, `a_desk(session)`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from backbone.actor import Actor, Role, Scope, ScopeKind
from backbone.directory.models import Enterprise
from backbone.identity.models import Account
from ground_net.leads.imports.models import LeadImport
from ground_net.leads.imports.service import read_file, start_import, take_part
from ground_net.leads.models import Lead
from ground_net.leads.outreach.models import Outreach
from ground_net.leads.outreach.service import record_outreach
from ground_net.leads.recording import record_lead
from ground_net.network.models import NetworkNode
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, headers_of, zone
from tests.factories.network import a_node
from tests.factories.table_files import a_csv

VISITED_AT = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)  # Monday 14:00 in Wuhan
RECORDED_AT = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)  # Tuesday 09:30
WORDS = "焊接飞溅多，每班要两个人打磨，希望快一点，成本也低一些。"
CONSENT = {"by": "王测试", "how": "spoken", "at": VISITED_AT, "covers": ["keep_contact", "pass_on"]}
CONTACT = {"name": "王测试", "phone": "027-88880001", "email": None}
ANSWERS: dict[str, Any] = {
    "title": "薄壁铝件焊接飞溅过多", "industry": "equipment",
    "problem": "电池托盘薄壁铝件焊接时飞溅过多，喷涂前需人工打磨，每班多用两个人，节拍也受影响，年产二十万件。",
    "indicators": [{"name": "焊接飞溅", "now": "22", "target": "≤5", "unit": "个/米", "test_method": "高速摄像", "weight": "must"}],
}  # fmt: skip


def at_node(node: NetworkNode) -> Scope:
    """The reach of a node."""
    return Scope(ScopeKind.NODE, node.key)


def a_visit(node: NetworkNode, **more: Any) -> dict[str, Any]:
    """The least that the form asks for, with whatever is said besides; instants as the schema gives them."""
    return {
        "node_key": node.key, "enterprise_name": "测试精工", "words": WORDS, "happened_at": VISITED_AT,
    } | more  # fmt: skip


def a_full_visit(node: NetworkNode, **more: Any) -> dict[str, Any]:
    """A visit with everything that a need must have."""
    return a_visit(node, **{"consent": CONSENT, "contact": CONTACT, "answers": ANSWERS} | more)


@dataclass(frozen=True)
class Desk:
    """A node with its people: two collectors, a broker, an operator and an auditor of its zone, and an enterprise there."""

    session: Session
    node: NetworkNode
    enterprise: Enterprise
    collector: Actor
    colleague: Actor
    broker: Actor
    operator: Actor
    auditor: Actor

    def headers(self, actor: Actor) -> dict[str, str]:
        """The Authorization header of one of them."""
        account = self.session.get(Account, actor.account_id)
        assert account is not None
        return headers_of(self.session, account)

    def lead(self, actor: Actor | None = None, **more: Any) -> Lead:
        """A lead with the least, by the collector unless said otherwise."""
        return record_lead(self.session, actor or self.collector, a_visit(self.node, **more), now=RECORDED_AT)

    def full_lead(self, **more: Any) -> Lead:
        """A lead of the enterprise that lacks nothing to become a need."""
        said = a_full_visit(self.node, **{"enterprise_id": self.enterprise.id} | more)
        return record_lead(self.session, self.collector, said, now=RECORDED_AT)


def a_desk(session: Session, code: str = "420100", **node: Any) -> Desk:
    """A station of the zone with everybody around it."""
    station = a_node(session, **{"kind": "station", "region_code": code} | node)
    here = at_node(station)
    return Desk(
        session, station, an_enterprise(session, region_code=code),
        an_actor(session, (Role.COLLECTOR, here), name="采集员甲"), an_actor(session, (Role.COLLECTOR, here), name="采集员乙"),
        an_actor(session, (Role.BROKER, zone(code)), name="经纪人丙"), an_actor(session, (Role.OPERATOR, zone(code))),
        an_actor(session, (Role.AUDITOR, zone(code))),
    )  # fmt: skip


def a_lead_import(desk: Desk) -> LeadImport:
    """An import of one row that was refused."""
    content = a_csv([["时间", "企业名称", "原话"], ["上周", "测试精工", "焊接太慢"]])
    told = {"node_key": desk.node.key, "name": "线索.csv", "only_check": False}
    started = start_import(desk.session, desk.collector, content, **told, now=RECORDED_AT)
    table = read_file(content, started.name)
    return take_part(desk.session, desk.collector, started.id, table, table.rows, now=RECORDED_AT)


def an_outreach(desk: Desk, **more: Any) -> Outreach:
    """An event of the node, on the day of the visit."""
    said = {"node_key": desk.node.key, "kind": "salon", "title": "测试沙龙", "held_on": VISITED_AT.date()}
    return record_outreach(desk.session, desk.collector, said | more, now=RECORDED_AT)
