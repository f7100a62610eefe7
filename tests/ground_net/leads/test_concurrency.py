"""Two at once, with real threads on committed data: one owner, one lead, one need, and no lead of a closed node."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from backbone.db import new_id
from backbone.errors import DomainError
from ground_net.leads.errors import LeadAlreadyClaimed, LeadSettled
from ground_net.leads.models import Lead
from ground_net.leads.promoting import promote_lead
from ground_net.leads.recording import record_lead
from ground_net.leads.service import claim_lead, close_lead
from ground_net.network.errors import NodeIsClosed, NodeStillNeeded
from ground_net.network.models import NetworkNode
from ground_net.network.service import close_node
from sky_net.needs.models import Need
from tests.factories.leads import RECORDED_AT, a_desk, a_visit


@pytest.fixture
def desk(committed_database):
    with committed_database.transaction() as session:
        return a_desk(session)


def made(committed_database, desk, make):
    """What `make` makes, committed."""
    with committed_database.transaction() as session:
        return make(type(desk)(**{**vars(desk), "session": session}))


def at_once(database, *works):
    """Run each in a transaction of its own, all beginning together; what they raise instead of an answer."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            with database.transaction() as session:
                session.execute(select(1))
                barrier.wait()
                return work(session)
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def counted(database, kind):
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(kind))


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_claim_one_lead_one_has_it_and_the_other_is_told(committed_database, desk, attempt):
    lead = made(committed_database, desk, lambda desk: desk.lead())
    answers = at_once(
        committed_database,
        lambda session: claim_lead(session, desk.collector, lead.id, now=RECORDED_AT),
        lambda session: claim_lead(session, desk.broker, lead.id, now=RECORDED_AT),
    )
    [refused] = [answer for answer in answers if isinstance(answer, LeadAlreadyClaimed)]
    [kept] = [answer for answer in answers if isinstance(answer, Lead)]
    assert refused.data["owner_id"] == kept.owner_id
    assert refused.data["owner"] in ("采集员甲", "经纪人丙")


def test_one_form_sent_twice_at_once_is_one_lead(committed_database, desk):
    said = a_visit(desk.node, client_id=new_id())

    def record(session):
        return record_lead(session, desk.collector, said, now=RECORDED_AT)

    first, second = at_once(committed_database, record, record)
    assert first.id == second.id
    assert counted(committed_database, Lead) == 1


def test_of_two_who_promote_one_lead_one_makes_a_need(committed_database, desk):
    lead = made(committed_database, desk, lambda desk: desk.full_lead())

    def promote(session):
        return promote_lead(session, desk.collector, lead.id, now=RECORDED_AT)

    answers = at_once(committed_database, promote, promote)
    assert sorted(type(answer).__name__ for answer in answers) == ["Lead", LeadSettled.__name__]
    assert counted(committed_database, Need) == 1


def test_a_lead_that_is_promoted_while_another_closes_it_ends_in_one_way(committed_database, desk):
    lead = made(committed_database, desk, lambda desk: desk.full_lead())
    answers = at_once(
        committed_database,
        lambda session: promote_lead(session, desk.collector, lead.id, now=RECORDED_AT),
        lambda session: close_lead(
            session, desk.operator, lead.id, {"reason_code": "no_need"}, now=RECORDED_AT
        ),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Lead", LeadSettled.__name__]
    with committed_database.transaction() as session:
        settled = session.get(Lead, lead.id)
        assert (settled.state == "promoted") == (counted(committed_database, Need) == 1)


def test_two_leads_merged_crosswise_at_once_leave_one_open(committed_database, desk):
    first = made(committed_database, desk, lambda desk: desk.lead())
    second = made(committed_database, desk, lambda desk: desk.lead())

    def merge(one, other):
        reason = {"reason_code": "duplicate_of_lead", "lead_id": other.id}
        return lambda session: close_lead(session, desk.collector, one.id, reason, now=RECORDED_AT)

    answers = at_once(committed_database, merge(first, second), merge(second, first))
    assert sorted(type(answer).__name__ for answer in answers) == ["Invalid", "Lead"]


@pytest.mark.parametrize("attempt", range(3))
def test_a_visit_recorded_while_its_node_is_closed_is_refused_or_keeps_it_open(
    committed_database, desk, attempt
):
    answers = at_once(
        committed_database,
        lambda session: close_node(session, desk.operator, desk.node.id, reason="撤并", now=RECORDED_AT),
        lambda session: record_lead(session, desk.collector, a_visit(desk.node), now=RECORDED_AT),
    )
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [type(answer) for answer in refused] in ([NodeIsClosed], [NodeStillNeeded])
    with committed_database.transaction() as session:
        is_open = session.get(NetworkNode, desk.node.id).closed_at is None
    assert is_open == (counted(committed_database, Lead) == 1)
