"""Whatever changes has the enterprise looked at anew: once, however much changed, and in the change's own transaction."""

import pytest
from sqlalchemy import func, select, text

from backbone.actor import SYSTEM, Role
from backbone.directory.facts.service import record_fact, retract_fact
from backbone.directory.service import amend
from policy_pack.pushes.jobs import tell_enterprise
from policy_pack.pushes.models import PolicyNews
from policy_pack.subjects.recording import state_facts
from tests.factories.directory import a_credit_code, an_enterprise
from tests.factories.identity import an_account, an_actor, of, operator
from tests.factories.policy_facts import a_lasting_policy, a_policy_fact

QUEUED = text(
    "SELECT args ->> 'enterprise_id' FROM procrastinate_jobs WHERE task_name = 'policy_pack.tell_news'"
)
SME = [{"name": "科技型中小企业"}]
FIGURE = {"kind": "staff_total", "value": 80, "as_of_on": "2025-12-31", "source": "走访"}


@pytest.fixture
def enterprise(session):
    return an_enterprise(session, labels=SME)


def queued(session):
    session.flush()
    return session.scalars(QUEUED).all()


def told(session):
    return session.scalar(select(func.count()).select_from(PolicyNews))


def test_a_fact_of_policies_that_changes_queues_one_look(session, clock, enterprise):
    for spent in (40, 41, 42):
        state_facts(session, SYSTEM, enterprise.id, {"service_spend": spent}, "合同登记", clock.now())
    assert queued(session) == [str(enterprise.id)]


def test_a_figure_of_the_directory_that_changes_queues_one_too(session, clock, enterprise):
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    values = FIGURE | {"as_of_on": clock.now().date()}
    fact = record_fact(session, member, enterprise.id, values, now=clock.now())
    assert queued(session) == [str(enterprise.id)]
    session.execute(text("DELETE FROM procrastinate_jobs"))
    retract_fact(session, member, fact.id, reason_code="mistaken", now=clock.now())
    assert queued(session) == [str(enterprise.id)]


def test_the_enterprises_record_that_changes_queues_one_and_an_institutes_none(session, clock, enterprise):
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    amend(session, member, enterprise, {"park": "光谷"}, now=clock.now())
    assert queued(session) == [str(enterprise.id)]


def test_an_enterprise_that_is_registered_is_looked_at(client, session):
    values = {"name": "新企业", "credit_code": a_credit_code(), "region_code": "420100", "industry": "opto"}
    registered = client.post("/api/enterprises", json=values, headers=operator(session))
    assert queued(session) == [registered.json["id"]]


def test_a_refused_change_queues_none(client, session, enterprise):
    address = f"/api/enterprises/{enterprise.id}/policy-facts"
    said = {"facts": {"service_spend": -1}, "as_of_on": "2026-03-01", "source": "走访"}
    assert client.post(address, json=said, headers=operator(session)).status_code == 422
    assert queued(session) == []


def test_from_the_answer_to_the_notice(client, session, enterprise, run_jobs):
    a_lasting_policy(session)
    account = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    session.execute(text("DELETE FROM procrastinate_jobs"))
    said = {"facts": {"service_spend": 40}, "as_of_on": "2026-03-01", "source": "服务合同"}
    client.post(f"/api/enterprises/{enterprise.id}/policy-facts", json=said, headers=operator(session))
    assert "policy_pack.tell_news" in run_jobs()
    [news] = session.scalars(select(PolicyNews)).all()
    assert (news.enterprise_id, news.kind) == (enterprise.id, "open")
    inbox = text("SELECT kind FROM notices WHERE recipient_id = :id")
    assert session.scalars(inbox, {"id": account.id}).all() == ["policy_open"]


def test_a_job_that_runs_twice_tells_once(session, enterprise):
    a_lasting_policy(session)
    a_policy_fact(session, enterprise)
    for _ in range(2):
        tell_enterprise(str(enterprise.id))
    assert told(session) == 1
