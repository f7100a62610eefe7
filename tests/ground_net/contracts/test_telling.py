from datetime import timedelta

import pytest
from sqlalchemy import select

from backbone.actor import Role
from backbone.notices.models import Notice
from ground_net.contracts.delivery import service as delivery
from ground_net.contracts.service import dispute_contract, settle_contract, terminate_contract
from tests.factories.contracts import SIGNED_AT, a_contract
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of
from tests.factories.invitations import an_exchange
from tests.factories.notices import accounts, heard

LATER = SIGNED_AT + timedelta(days=1)


@pytest.mark.parametrize("who", ["poster", "office", "seller", "operator"])
def test_both_sides_and_whoever_answers_for_the_need_hear_of_the_end_but_who_wrote_it(session, who):
    exchange, company = an_exchange(session), an_enterprise(session)
    people = {
        "poster": exchange.poster, "office": exchange.office, "operator": exchange.operator,
        "seller": an_actor(session, (Role.ENTERPRISE_MEMBER, of(company))),
    }  # fmt: skip
    contract = a_contract(exchange, seller_enterprise_id=company.id)
    terminate_contract(
        session, people[who], contract.id, {"reason_code": "agreed", "message": "甲方转产"}, now=LATER
    )
    told = session.scalars(select(Notice).where(Notice.kind == "contract_terminated")).all()
    assert {each.recipient_id for each in told} == {
        person.account_id for name, person in people.items() if name != who
    }
    assert {(each.subject_id, each.subject_number, str(each.payload)) for each in told} == {
        (contract.id, contract.number, "{}")
    }


def test_of_a_need_that_nobody_answers_for_the_two_sides_alone_hear(session):
    exchange = an_exchange(session)
    contract = a_contract(exchange)
    exchange.need.owner_id = None
    terminate_contract(session, exchange.operator, contract.id, {"reason_code": "agreed"}, now=LATER)
    told = select(Notice.recipient_id).where(Notice.kind == "contract_terminated")
    assert set(session.scalars(told)) == {exchange.poster.account_id, exchange.office.account_id}


def test_who_settles_a_dispute_and_the_other_side_hear_of_it_but_not_who_disputes(session):
    exchange = an_exchange(session)
    contract = a_contract(exchange)
    dispute_contract(session, exchange.poster, contract.id, reason="金额不符", now=LATER)
    assert heard(session, "contract_to_settle") == accounts(exchange.operator)
    assert heard(session, "contract_disputed") == accounts(exchange.office)


@pytest.mark.parametrize(("stands", "kind"), [(True, "contract_upheld"), (False, "contract_cancelled")])
def test_both_sides_hear_how_a_dispute_was_settled(session, stands, kind):
    exchange = an_exchange(session)
    contract = a_contract(exchange)
    dispute_contract(session, exchange.poster, contract.id, reason="金额不符", now=LATER)
    settle_contract(session, exchange.operator, contract.id, stands=stands, now=LATER)
    assert heard(session, kind) == accounts(exchange.poster, exchange.office)


def test_the_buyer_hears_of_a_delivery_and_the_seller_of_what_was_accepted(session):
    exchange, company = an_exchange(session), an_enterprise(session)
    seller = an_actor(session, (Role.ENTERPRISE_MEMBER, of(company)))
    contract = a_contract(exchange, seller_enterprise_id=company.id)
    plan = {"title": "样机", "deliverable": "样机", "criterion": "按附件", "due_on": LATER.date()}
    (milestone,) = delivery.plan_milestones(session, exchange.office, contract.id, [plan], now=LATER)
    delivery.deliver_contract(session, exchange.office, contract.id, now=LATER)
    assert heard(session, "contract_delivered") == accounts(exchange.poster)
    delivery.accept_milestone(session, exchange.poster, milestone.id, now=LATER)
    assert heard(session, "milestone_accepted") == accounts(exchange.office, seller)
    delivery.accept_delivery(session, exchange.poster, contract.id, now=LATER)
    assert heard(session, "contract_accepted") == accounts(exchange.office, seller, exchange.operator)
