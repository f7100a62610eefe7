import pytest
from sqlalchemy import func, select

from backbone.actor import Role
from backbone.errors import Forbidden
from ground_net.contracts.service import terminate_contract
from ground_net.routing.errors import NobodyFits
from ground_net.routing.models import Handover
from ground_net.routing.portfolios import hand_portfolio, show_portfolio
from tests.factories.contracts import SIGNED_AT, a_contract
from tests.factories.ground import a_broker
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.invitations import an_exchange
from tests.factories.needs import a_need
from tests.factories.notices import an_absence
from tests.made_once import made_once


@made_once
def exchange(session):
    """A broker with a profile answers for the need."""
    made = an_exchange(session)
    made.need.owner_id = made.broker.account_id
    return made


@pytest.fixture
def broker(session, exchange):
    return a_broker(session, account_of(session, exchange.broker))


def account_of(session, actor):
    return session.get(type(an_account(session)), actor.account_id)


def another_need(session, exchange, **values):
    return a_need(
        session, exchange.enterprise, state="confirmed", owner_id=exchange.broker.account_id, **values
    )


def test_a_broker_sees_what_is_in_hand_and_the_zone_its_own_part(session, exchange, broker, clock):
    elsewhere = another_need(session, exchange, zone_code="420200")
    another_need(session, exchange, visibility="operators")
    leave = an_absence(session, account_of(session, exchange.broker), an_account(session))
    shown = show_portfolio(session, exchange.broker, broker.id, now=clock.now())
    assert [each.need for each in shown.needs] == [exchange.need]
    assert (shown.load, shown.overdue, shown.open_leads, shown.credited_contracts, shown.leave) == (
        3,
        0,
        0,
        0,
        leave,
    )
    assert shown.needs[0].due_at > clock.now()
    clock.advance(days=60)
    late = show_portfolio(session, exchange.operator, broker.id, now=clock.now())
    assert (len(late.needs), late.overdue, late.leave) == (2, 1, None)
    assert elsewhere not in [each.need for each in late.needs]
    for other in (exchange.poster, an_actor(session, (Role.OPERATOR, zone("420200")))):
        with pytest.raises(Forbidden):
            show_portfolio(session, other, broker.id, now=clock.now())


def test_a_contract_that_came_to_nothing_is_no_credit(session, exchange, broker):
    def credited():
        return show_portfolio(session, exchange.broker, broker.id, now=SIGNED_AT).credited_contracts

    contract = a_contract(exchange)
    assert credited() == 1
    terminate_contract(session, exchange.office, contract.id, {"reason_code": "agreed"}, now=SIGNED_AT)
    assert credited() == 0
    assert exchange.need in [
        each.need for each in show_portfolio(session, exchange.broker, broker.id, now=SIGNED_AT).needs
    ]


def test_the_deputy_is_offered_all_of_it_once(session, exchange, broker, clock):
    second = another_need(session, exchange)
    deputy = an_account(session, (Role.BROKER, zone()))
    an_absence(session, account_of(session, exchange.broker), deputy)
    handed = hand_portfolio(session, exchange.broker, broker.id, to="deputy", now=clock.now())
    assert [(each.need_id, each.to_id) for each in handed] == [
        (need.id, deputy.id) for need in sorted((exchange.need, second), key=lambda each: each.id)
    ]
    assert hand_portfolio(session, exchange.broker, broker.id, to="deputy", now=clock.now()) == []
    shown = show_portfolio(session, exchange.broker, broker.id, now=clock.now())
    assert {each.offered_to for each in shown.needs} == {deputy.id}


def test_each_need_goes_to_whoever_has_room_left_for_it(session, exchange, broker, clock):
    another_need(session, exchange)
    best, next_best = a_broker(session, capacity=1), a_broker(session, industries=[], capacity=1)
    handed = hand_portfolio(session, exchange.operator, broker.id, to="suggested", now=clock.now())
    assert {each.to_id for each in handed} == {best.account_id, next_best.account_id}


@pytest.mark.parametrize("to", ["deputy", "suggested"])
def test_where_one_need_finds_nobody_none_is_handed_over(session, exchange, broker, clock, to):
    another_need(session, exchange)
    deputy = an_account(session, (Role.BROKER, zone()))
    a_broker(session, deputy, capacity=1)
    an_absence(session, account_of(session, exchange.broker), deputy)
    with pytest.raises(NobodyFits) as refused, session.begin_nested():
        hand_portfolio(session, exchange.broker, broker.id, to=to, now=clock.now())
    assert refused.value.data["count"] == 1
    assert session.scalar(select(func.count()).select_from(Handover)) == 0


def test_without_a_leave_there_is_no_deputy_and_a_stranger_hands_nothing(session, exchange, broker, clock):
    with pytest.raises(NobodyFits), session.begin_nested():
        hand_portfolio(session, exchange.broker, broker.id, to="deputy", now=clock.now())
    with pytest.raises(Forbidden):
        hand_portfolio(session, exchange.auditor, broker.id, to="deputy", now=clock.now())
