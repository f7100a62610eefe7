from datetime import date, timedelta

import pytest

from backbone.errors import Forbidden, NotFound, StateConflict
from ground_net.contracts.delivery import service
from ground_net.contracts.delivery.errors import MilestoneAccepted, MilestonesOpen
from sky_net.needs.models import Need
from tests.factories.contracts import SIGNED_AT, a_contract
from tests.factories.invitations import an_exchange
from tests.made_once import made_once

LATER = SIGNED_AT + timedelta(days=1)


def milestone(title, due_on=date(2026, 6, 30)):
    return {"title": title, "deliverable": "样机", "criterion": "按附件", "due_on": due_on}


@made_once
def exchange(session):
    return an_exchange(session)


@made_once
def contract(exchange):
    return a_contract(exchange)


def plan(exchange, contract, *titles):
    entries = [milestone(title) for title in titles]
    return service.plan_milestones(exchange.session, exchange.office, contract.id, entries, now=LATER)


def test_a_plan_puts_it_in_delivery_and_an_empty_one_does_not(exchange, contract):
    assert (plan(exchange, contract), contract.state) == ([], "signed")
    rows = plan(exchange, contract, "样机", "联调")
    assert [(row.position, row.title) for row in rows] == [(0, "样机"), (1, "联调")]
    assert contract.state == "in_delivery"


def test_a_new_plan_replaces_what_is_open_and_keeps_what_was_accepted(session, exchange, contract):
    first, _ = plan(exchange, contract, "样机", "联调")
    service.accept_milestone(session, exchange.poster, first.id, now=LATER)
    rows = plan(exchange, contract, "小批", "量产")
    assert [(row.position, row.title) for row in rows] == [(0, "样机"), (1, "小批"), (2, "量产")]


def test_the_buyer_accepts_a_part_once(session, exchange, contract):
    (row,) = plan(exchange, contract, "样机")
    for who, refusal in (
        (exchange.office, Forbidden),
        (exchange.operator, Forbidden),
        (exchange.stranger, NotFound),
    ):
        with pytest.raises(refusal):
            service.accept_milestone(session, who, row.id, now=LATER)
    service.accept_milestone(session, exchange.poster, row.id, now=LATER)
    assert row.accepted_on == date(2026, 3, 11)
    with pytest.raises(MilestoneAccepted):
        service.accept_milestone(session, exchange.poster, row.id, now=LATER)


def test_delivery_and_acceptance_take_the_need_along(session, exchange, contract):
    need = session.get_one(Need, exchange.need.id)
    with pytest.raises(StateConflict):
        service.accept_delivery(session, exchange.poster, contract.id, now=LATER)
    service.deliver_contract(session, exchange.researcher, contract.id, now=LATER)
    assert (contract.state, need.state, contract.delivered_at) == ("delivered", "delivered", LATER)
    with pytest.raises(Forbidden):
        service.accept_delivery(session, exchange.office, contract.id, now=LATER)
    service.accept_delivery(session, exchange.poster, contract.id, now=LATER)
    assert (contract.state, need.state, contract.accepted_at) == ("accepted", "accepted", LATER)


def test_the_whole_is_accepted_once_its_parts_are(session, exchange, contract):
    rows = plan(exchange, contract, "样机", "联调")
    service.deliver_contract(session, exchange.office, contract.id, now=LATER)
    with pytest.raises(MilestonesOpen) as refused:
        service.accept_delivery(session, exchange.poster, contract.id, now=LATER)
    assert refused.value.data["open"] == ["样机", "联调"]
    for row in rows:
        service.accept_milestone(session, exchange.poster, row.id, now=LATER)
    assert service.accept_delivery(session, exchange.poster, contract.id, now=LATER).state == "accepted"
    with pytest.raises(StateConflict):
        plan(exchange, contract, "再来")


def test_the_parties_and_whoever_watches_read_the_plan(session, exchange, contract):
    plan(exchange, contract, "样机")
    for who in (exchange.poster, exchange.researcher, exchange.operator, exchange.auditor):
        assert [row.title for row in service.list_milestones(session, who, contract.id)] == ["样机"]
    with pytest.raises(NotFound):
        service.list_milestones(session, exchange.rival_office, contract.id)
