"""The writing operations of leads, their events and imports; see `writes`."""

from tests.architecture.writes import Write, for_operation
from tests.factories.invitations import Exchange
from tests.factories.leads import ANSWERS, Desk, a_desk
from tests.factories.table_files import a_csv

LEAD = ("leads",)
VISIT = {"enterprise_name": "测试精工", "words": "焊接太慢", "happened_at": "2026-03-09T14:00:00+08:00"}


def of_lead(desk: Desk) -> dict[str, object]:
    return {"lead_id": desk.full_lead().id}


@for_operation("recordVisit")
def record_visit(exchange: Exchange) -> Write:
    desk = a_desk(exchange.session)
    return Write(desk.collector, {}, (*LEAD, "sla_events"), VISIT | {"node_key": desk.node.key})


@for_operation("amendLead")
def amend_lead(exchange: Exchange) -> Write:
    desk = a_desk(exchange.session)
    return Write(desk.collector, of_lead(desk), LEAD, {"words": "另一句话"})


@for_operation("claimLead")
def claim_lead(exchange: Exchange) -> Write:
    desk = a_desk(exchange.session)
    return Write(desk.broker, of_lead(desk), LEAD)


@for_operation("answerInterview")
def answer_interview(exchange: Exchange) -> Write:
    desk = a_desk(exchange.session)
    return Write(desk.collector, of_lead(desk), LEAD, {"answers": {"title": f"{ANSWERS['title']}，另一种"}})


@for_operation("promoteLead")
def promote_lead(exchange: Exchange) -> Write:
    """The lead and its clock end; the need is drafted, submitted, and its clocks begin."""
    desk = a_desk(exchange.session)
    return Write(desk.collector, of_lead(desk), (*LEAD, "sla_events", "needs", "needs", "sla_events"), {})


@for_operation("closeLead")
def close_lead(exchange: Exchange) -> Write:
    desk = a_desk(exchange.session)
    return Write(desk.collector, of_lead(desk), (*LEAD, "sla_events"), {"reason_code": "no_need"})


@for_operation("recordOutreach")
def record_outreach(exchange: Exchange) -> Write:
    desk = a_desk(exchange.session)
    body = {"node_key": desk.node.key, "title": "测试对接会", "held_on": "2026-03-09"}
    return Write(desk.collector, {}, ("outreaches",), body)


@for_operation("importLeads")
def import_leads(exchange: Exchange) -> Write:
    desk = a_desk(exchange.session)
    content = a_csv([["时间", "企业名称", "原话"], ["2026-03-09", "测试精工", "焊接太慢"]])
    more = {"data": content, "query_string": {"node": desk.node.key, "name": "线索.csv"}}
    return Write(desk.collector, {}, ("lead_imports",), more=more)
