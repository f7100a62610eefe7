"""Two at once, with real threads on committed data: no circle, no key twice, nothing recorded in a closed node."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select

from backbone.actor import PROVINCE, Role, Scope, ScopeKind
from backbone.clock import FrozenClock
from backbone.errors import Bilingual, DomainError
from backbone.identity.memberships import grant_membership
from backbone.identity.models import Membership
from ground_net.network import keeping, service
from ground_net.network.errors import NodeCycle, NodeIsClosed, NodeKeyTaken, NodeStillNeeded
from ground_net.network.models import NetworkNode
from tests.conftest import TUESDAY_MORNING
from tests.factories.identity import an_account, an_actor
from tests.factories.network import a_hub, a_node

NOW = FrozenClock(TUESDAY_MORNING).now()


@pytest.fixture
def operator(committed_database):
    with committed_database.transaction() as session:
        return an_actor(session, (Role.OPERATOR, PROVINCE))


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


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_moves_that_together_make_a_circle_one_is_refused(committed_database, operator, attempt):
    with committed_database.transaction() as session:
        one, other = a_hub(session, key="A"), a_hub(session, key="B")

    def below(node, parent):
        return lambda session: service.move_node(session, operator, node.id, parent.key, now=NOW)

    assert kinds(at_once(committed_database, below(one, other), below(other, one))) == [
        "NetworkNode",
        NodeCycle.__name__,
    ]


def test_of_two_who_open_one_key_one_is_refused(committed_database, operator):
    def opening(session):
        values = {"key": "HB", "kind": "hub", "name": "省中心", "region_code": "420000"}
        return service.open_node(session, operator, values, now=NOW)

    assert kinds(at_once(committed_database, opening, opening)) == ["NetworkNode", NodeKeyTaken.__name__]


def test_a_node_opened_below_one_that_is_being_closed_is_either_refused_or_seen(committed_database, operator):
    with committed_database.transaction() as session:
        hub = a_hub(session, key="HB")
    values = {"key": "HB-1", "kind": "node", "name": "节点", "region_code": "420100", "parent": "HB"}
    answers = at_once(
        committed_database,
        lambda session: service.close_node(session, operator, hub.id, reason="撤并", now=NOW),
        lambda session: service.open_node(session, operator, values, now=NOW),
    )
    assert kinds(answers) in (["NetworkNode", "NetworkRefused"], ["NetworkNode", NodeStillNeeded.__name__])


@pytest.mark.parametrize("first", ["lead", "closing"])
def test_a_lead_recorded_while_its_node_is_being_closed_never_slips_through(
    committed_database, operator, monkeypatch, first
):
    """Whoever comes second waits for the first: a lead keeps the node open, or finds it closed. Accounts stand for leads."""
    with committed_database.transaction() as session:
        node = a_node(session, key="HB-1")
    monkeypatch.setattr(keeping, "_readers", dict(keeping._readers))

    @keeping.keeps_open("open_leads", Bilingual("线索", "lead(s)"))
    def count_leads(session, node_id):
        return session.scalar(
            select(func.count()).select_from(Membership).where(Membership.role == Role.BROKER)
        )

    holds, waits = Event(), Event()

    def record_lead(session):
        service.require_open_node(session, "HB-1")
        an_account(session, (Role.BROKER, PROVINCE))

    def close(session):
        service.close_node(session, operator, node.id, reason="撤并", now=NOW)

    def run(work, is_first):
        try:
            with committed_database.transaction() as session:
                if not is_first:
                    holds.wait(10)
                    waits.set()
                work(session)
                if is_first:
                    holds.set()
                    waits.wait(10)
                    session.execute(select(func.pg_sleep(0.2)))
        except DomainError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(2) as pool:
        lead = pool.submit(run, record_lead, first == "lead")
        closing = pool.submit(run, close, first == "closing")
        refused = {"lead": lead.result(), "closing": closing.result()}
    assert refused.pop(first) is None
    assert isinstance(*refused.values(), NodeStillNeeded if first == "lead" else NodeIsClosed)


def test_a_collector_is_never_left_in_a_closed_node(committed_database, operator):
    with committed_database.transaction() as session:
        node, account = a_node(session, key="HB-1"), an_account(session)
    at_once(
        committed_database,
        lambda session: service.close_node(session, operator, node.id, reason="撤并", now=NOW),
        lambda session: grant_membership(
            session, operator, account.id, Role.COLLECTOR, Scope(ScopeKind.NODE, "HB-1"), now=NOW
        ),
    )
    with committed_database.transaction() as session:
        assert session.get(NetworkNode, node.id).closed_at is not None
        held = select(Membership).where(Membership.account_id == account.id, Membership.ended_at.is_(None))
        assert session.scalars(held).all() == []
