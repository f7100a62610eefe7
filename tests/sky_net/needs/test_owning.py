from datetime import timedelta

import pytest

from backbone.actor import Role
from backbone.errors import Invalid
from sky_net.needs.models import NeedTransition
from sky_net.needs.owning import NOTHING, loads_of, records_of
from sky_net.needs.review import confirm_need
from sky_net.needs.states import CLOSED, OPEN, STATES
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.invitations import an_exchange
from tests.factories.needs import MADE_AT, a_need


def found(session, need, hours):
    session.add(
        NeedTransition(
            need_id=need.id, action="match", from_state="confirmed", to_state="matched", actor_role="operator",
            occurred_at=MADE_AT + timedelta(hours=hours),
        )
    )  # fmt: skip
    session.flush()


def test_a_state_is_open_or_closed_or_a_draft_or_under_contract():
    assert set(STATES) == {*OPEN, *CLOSED, "draft", "contracted", "delivered"}


def test_the_load_is_what_is_open_and_the_record_what_came_of_all(session):
    owner, idle = an_account(session), an_account(session)
    needs = [a_need(session, state=state, owner_id=owner.id) for state in STATES if state != "draft"]
    assert loads_of(session, [owner.id, idle.id]) == {owner.id: len(OPEN), idle.id: 0}
    for need, hours in zip(needs, (2, 4, 9), strict=False):
        need.confirmed_at = MADE_AT
        found(session, need, hours)
    found(session, needs[0], 1000)  # found anew: the first time counts
    records = records_of(session, [owner.id, idle.id])
    assert records[idle.id] == NOTHING
    record = records[owner.id]
    assert (record.owned, record.open, record.matched, record.contracted) == (len(needs), len(OPEN), 3, 3)
    assert record.hours_to_match == 4


def test_a_broker_of_the_zone_may_answer_for_a_need(session, clock):
    exchange = an_exchange(session, confirmed=False)
    stranger = an_account(session, (Role.BROKER, zone("420500")))
    confirming = {"complexity": "ordinary", "now": clock.now()}
    with pytest.raises(Invalid):
        confirm_need(session, exchange.operator, exchange.need.id, owner_id=stranger.id, **confirming)
    broker = an_actor(session, (Role.BROKER, zone(exchange.need.zone_code)))
    need = confirm_need(
        session, exchange.operator, exchange.need.id, owner_id=broker.account_id, **confirming
    )
    assert loads_of(session, [broker.account_id]) == {broker.account_id: 1}
    assert need.owner_id == broker.account_id
