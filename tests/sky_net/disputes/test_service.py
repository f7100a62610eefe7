"""A proposal that is no answer: who says so, until when, who decides, and what becomes of the promise."""

import threading
from datetime import timedelta

import pytest

from backbone import db
from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden, NotFound, StateConflict
from sky_net.disputes.errors import DisputedAlready, NeedsSecondPerson, RuledAlready, TooLateToDispute
from sky_net.disputes.reading import count_disputes, list_disputes
from sky_net.disputes.service import dispute_proposal, rule_on_dispute
from sky_net.proposals import promise
from sky_net.proposals.service import accept_proposal, decline_proposal, withdraw_proposal
from sky_net.sla.clocks import ClockState
from sky_net.sla.service import readings
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.proposals import a_proposal
from tests.made_once import made_once

RELEASED = SUBMITTED_AT + timedelta(days=2)
LATER = RELEASED + timedelta(hours=3)
WHY = {"reason_code": "not_a_solution", "message": "只写了请来电"}
ASKED = {"sort": "disputed_at", "limit": 20}


@made_once
def exchange(session):
    made = an_exchange(session)
    for institute in (made.institute, made.rival):
        an_invitation(session, made.need, institute, state="accepted")
    return made


@made_once
def released(exchange):
    return a_proposal(exchange, now=RELEASED)


@pytest.fixture
def second(session, exchange):
    return an_actor(session, (Role.OPERATOR, zone(exchange.need.zone_code)))


def dispute(exchange, proposal, now=LATER, by=None):
    return dispute_proposal(exchange.session, by or exchange.poster, proposal.id, WHY, now=now)


def rule(exchange, made, by, *, upheld=True, now=LATER + timedelta(hours=1)):
    return rule_on_dispute(exchange.session, by, made.id, upheld=upheld, ruling="不构成方案", now=now)


def propose(exchange, now):
    [reading] = [
        one
        for one in readings(exchange.session, [exchange.need.id], now=now)[exchange.need.id]
        if one.stage == "propose"
    ]
    return reading


def test_an_upheld_dispute_opens_the_promise_at_the_time_it_had_used_up(exchange, released, second):
    used = propose(exchange, RELEASED).consumed
    ruled_at = LATER + timedelta(hours=1)
    rule(exchange, dispute(exchange, released), second, now=ruled_at)
    after = propose(exchange, ruled_at)
    assert (after.state, after.consumed) == (ClockState.RUNNING, used)
    assert (released.state, exchange.need.state) == ("non_responsive", "communicating")


def test_a_dispute_that_is_not_upheld_changes_nothing(exchange, released, second):
    rule(exchange, dispute(exchange, released), second, upheld=False)
    assert (released.state, exchange.need.state) == ("released", "proposed")
    assert propose(exchange, LATER + timedelta(days=1)).state is ClockState.MET


def test_another_released_proposal_takes_its_place(exchange, released, second):
    a_proposal(exchange, by=exchange.rival_office, now=RELEASED + timedelta(hours=1))
    rule(exchange, dispute(exchange, released), second)
    assert (exchange.need.state, propose(exchange, LATER + timedelta(days=1)).state) == (
        "proposed",
        ClockState.MET,
    )


def test_until_it_is_decided_the_promise_stands(exchange, released):
    dispute(exchange, released)
    assert propose(exchange, LATER).state is ClockState.MET


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=5)])
def test_it_is_disputed_within_the_days_of_the_policy_and_no_longer(exchange, released, late):
    until = promise.disputable_until(exchange.session, exchange.need, RELEASED)
    with pytest.raises(TooLateToDispute) as refused:
        dispute(exchange, released, now=until + late)
    assert refused.value.data["until"] == until.isoformat()
    assert dispute(exchange, released, now=until - timedelta(microseconds=1)).upheld is None


def test_it_is_disputed_once(exchange, released):
    first = dispute(exchange, released)
    with pytest.raises(DisputedAlready) as refused:
        dispute(exchange, released)
    assert refused.value.data["id"] == first.id


def test_only_the_enterprise_disputes_and_only_what_is_on_the_table(exchange, released):
    for other in (exchange.operator, exchange.office):
        with pytest.raises(Forbidden):
            dispute(exchange, released, by=other)
    withdraw_proposal(exchange.session, exchange.office, released.id, now=LATER)
    with pytest.raises(StateConflict):
        dispute(exchange, released)


def test_the_owner_does_not_decide_not_even_a_supervisor_but_a_second_person(
    session, exchange, released, second
):
    made = dispute(exchange, released)
    for owner in (an_actor(session, (Role.OPERATOR, PROVINCE)), exchange.operator):
        exchange.need.owner_id = owner.account_id
        session.flush()
        with pytest.raises(NeedsSecondPerson):
            rule(exchange, made, owner)
    with pytest.raises(Forbidden):
        rule(exchange, made, exchange.poster)
    for stranger in (exchange.office, an_actor(session, (Role.OPERATOR, zone("420500")))):
        with pytest.raises(NotFound):
            rule(exchange, made, stranger)
    assert rule(exchange, made, an_actor(session, (Role.OPERATOR, PROVINCE))).upheld
    with pytest.raises(RuledAlready):
        rule(exchange, made, second)


def test_a_proposal_chosen_meanwhile_stays_chosen(exchange, released, second):
    made = dispute(exchange, released)
    accept_proposal(exchange.session, exchange.poster, released.id, now=LATER)
    rule(exchange, made, second)
    assert (released.state, exchange.need.state) == ("accepted", "selected")


@pytest.mark.parametrize("meanwhile", [decline_proposal, withdraw_proposal])
def test_what_was_declined_or_withdrawn_meanwhile_answers_nothing_either(
    exchange, released, second, meanwhile
):
    """The promise counted as kept by a proposal that was found to be no answer."""
    made, ruled_at = dispute(exchange, released), LATER + timedelta(days=9)
    said = [{"reason_code": "price"}] if meanwhile is decline_proposal else []
    by = exchange.poster if meanwhile is decline_proposal else exchange.office
    meanwhile(exchange.session, by, released.id, *said, now=LATER + timedelta(days=8))
    assert (exchange.need.state, propose(exchange, ruled_at).state) == ("proposed", ClockState.MET)
    rule(exchange, made, second, now=ruled_at)
    assert released.state == ("non_responsive" if meanwhile is decline_proposal else "withdrawn")
    assert (exchange.need.state, propose(exchange, ruled_at).state) == ("communicating", ClockState.RUNNING)


def test_what_was_declined_and_struck_takes_no_others_place(exchange, released, second):
    other = a_proposal(exchange, by=exchange.rival_office, now=RELEASED + timedelta(hours=1))
    made = dispute(exchange, other)
    decline_proposal(exchange.session, exchange.poster, other.id, {"reason_code": "price"}, now=LATER)
    rule(exchange, made, second)
    withdraw_proposal(exchange.session, exchange.office, released.id, now=LATER + timedelta(hours=2))
    assert (exchange.need.state, propose(exchange, LATER + timedelta(hours=3)).state) == (
        "communicating",
        ClockState.RUNNING,
    )


def test_they_are_listed_for_their_zone_and_counted_by_owner(session, exchange, released, second):
    owner = an_account(session, (Role.OPERATOR, zone(exchange.need.zone_code)))
    exchange.need.owner_id = owner.id
    session.flush()
    made = dispute(exchange, released)
    assert list_disputes(session, second, ASKED | {"decided": False}).items == [made]
    assert list_disputes(session, an_actor(session, (Role.OPERATOR, zone("420500"))), ASKED).items == []
    rule(exchange, made, second)
    assert list_disputes(session, second, ASKED | {"decided": False}).items == []
    [counted] = count_disputes(session, second)
    assert counted == {
        "owner_id": owner.id, "name": owner.name, "talks_disputed": 0, "proposals_disputed": 1, "proposals_upheld": 1,
    }  # fmt: skip
    with pytest.raises(Forbidden):
        count_disputes(session, exchange.poster)


def test_two_rulings_at_once_are_one(committed_database):
    with db.transaction() as session:
        exchange = an_exchange(session)
        an_invitation(session, exchange.need, exchange.institute, state="accepted")
        released = a_proposal(exchange, now=RELEASED)
        made = dispute_proposal(session, exchange.poster, released.id, WHY, now=LATER)
        judges = [an_actor(session, (Role.OPERATOR, PROVINCE)) for _ in range(2)]
    together, ended = threading.Barrier(2), []

    def decide(judge, upheld):
        try:
            with db.transaction() as session:
                together.wait()
                rule_on_dispute(session, judge, made.id, upheld=upheld, ruling="裁定", now=LATER)
                ended.append("ruled")
        except RuledAlready:
            ended.append("refused")

    threads = [
        threading.Thread(target=decide, args=(judge, bool(number))) for number, judge in enumerate(judges)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["refused", "ruled"]
