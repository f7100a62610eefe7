from datetime import timedelta

import pytest
from sqlalchemy import select

from backbone.actor import Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from backbone.identity.models import Account
from backbone.notices.models import Notice
from ground_net.routing.errors import BrokerFull, HandoverLapsed, HandoverOpen, OwnerChanged, ReceiverAway
from ground_net.routing.lapsing import lapse_overdue
from ground_net.routing.models import Handover
from ground_net.routing.reading import list_handovers, state_at
from ground_net.routing.service import accept_handover, decline_handover, hand_need
from sky_net.needs.disclosures import list_readers
from sky_net.needs.life_cycle import advance
from sky_net.needs.reading import show_need
from tests.factories.ground import a_broker
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.invitations import an_exchange
from tests.factories.notices import an_absence
from tests.factories.routing import DUE_AT, a_handover
from tests.made_once import made_once

ASKED = {"sort": "due_at", "limit": 20, "address": "x"}


@made_once
def exchange(session):
    return an_exchange(session)


def handed(exchange, clock, to=None, by=None):
    said = {"to_id": (to or exchange.broker).account_id, "reason_code": "speciality"}
    return hand_need(exchange.session, by or exchange.operator, exchange.need.id, said, now=clock.now())


def told(session):
    return [
        (row.recipient_id, row.kind)
        for row in session.scalars(select(Notice).order_by(Notice.id))
        if row.kind.startswith("handover")
    ]


def test_the_giver_answers_until_the_other_accepts_by_the_close_of_the_next_working_day(
    session, exchange, clock
):
    handover = handed(exchange, clock)
    assert (handover.state, handover.from_id, exchange.need.owner_id) == (
        "offered",
        exchange.operator.account_id,
        exchange.operator.account_id,
    )
    assert handover.due_at == DUE_AT + timedelta(days=1)
    accept_handover(session, exchange.broker, handover.id, now=clock.now())
    assert (handover.state, exchange.need.owner_id) == ("accepted", exchange.broker.account_id)
    assert told(session) == [
        (exchange.broker.account_id, "handover_offered"), (exchange.operator.account_id, "handover_accepted"),
    ]  # fmt: skip
    written = session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject_id == exchange.need.id)
    ).all()
    assert "hand_need" in written


def test_whoever_declines_leaves_it_with_the_giver_who_may_offer_it_again(session, exchange, clock):
    handover = handed(exchange, clock)
    decline_handover(session, exchange.broker, handover.id, reason_code="load", now=clock.now())
    assert (handover.state, handover.refusal_code, exchange.need.owner_id) == (
        "declined",
        "load",
        exchange.operator.account_id,
    )
    assert told(session)[-1] == (exchange.operator.account_id, "handover_declined")
    for answer in (accept_handover, lambda *said, now: decline_handover(*said, reason_code="load", now=now)):
        with pytest.raises(StateConflict):
            answer(session, exchange.broker, handover.id, now=clock.now())
    assert handed(exchange, clock).state == "offered"


def test_one_offer_stands_at_a_time_and_a_lapsed_one_gives_way(session, exchange, clock):
    first = handed(exchange, clock)
    with pytest.raises(HandoverOpen) as refused:
        handed(exchange, clock)
    assert refused.value.data["id"] == first.id
    clock.instant = first.due_at
    assert (first.state, state_at(first, clock.now())) == ("offered", "lapsed")
    with pytest.raises(HandoverLapsed):
        accept_handover(session, exchange.broker, first.id, now=clock.now())
    second = handed(exchange, clock)
    assert (first.state, second.state, exchange.need.owner_id) == (
        "lapsed",
        "offered",
        exchange.operator.account_id,
    )


def test_only_the_receiver_answers_and_only_the_owner_or_an_operator_hands(session, exchange, clock):
    handover = handed(exchange, clock)
    with pytest.raises(Forbidden):
        accept_handover(session, exchange.operator, handover.id, now=clock.now())
    for stranger in (exchange.poster, an_actor(session, (Role.BROKER, zone()))):
        with pytest.raises(NotFound):
            accept_handover(session, stranger, handover.id, now=clock.now())
    for other in (exchange.broker, exchange.poster, exchange.auditor):
        with pytest.raises(Forbidden):
            handed(exchange, clock, by=other)
    accept_handover(session, exchange.broker, handover.id, now=clock.now())
    assert (
        handed(exchange, clock, to=exchange.operator, by=exchange.broker).from_id
        == exchange.broker.account_id
    )


def test_nobody_receives_who_may_not_answer_for_it(session, exchange, clock):
    elsewhere = an_actor(session, (Role.BROKER, zone("420200")))
    for other in (exchange.operator, exchange.poster, elsewhere):
        with pytest.raises(Invalid):
            handed(exchange, clock, to=other)
    exchange.need.visibility = "operators"
    with pytest.raises(Invalid):
        handed(exchange, clock)


def test_nobody_receives_who_is_away_or_has_no_room(session, exchange, clock):
    account = an_account(session, (Role.BROKER, zone()))
    profile = a_broker(session, account, capacity=1)
    receiver = an_actor(session, (Role.BROKER, zone()))
    waiting = an_exchange(session)
    a_handover(session, waiting.need, account.id, due_at=DUE_AT)
    with pytest.raises(BrokerFull):
        hand_need(
            session,
            exchange.operator,
            exchange.need.id,
            {"to_id": account.id, "reason_code": "load"},
            now=clock.now(),
        )
    profile.capacity = 2
    an_absence(session, account, session.get(type(account), receiver.account_id))
    with pytest.raises(ReceiverAway) as refused:
        hand_need(
            session,
            exchange.operator,
            exchange.need.id,
            {"to_id": account.id, "reason_code": "load"},
            now=clock.now(),
        )
    assert refused.value.data["deputy_id"] == receiver.account_id


def test_what_is_not_in_anybodys_hands_is_not_handed(session, clock):
    unconfirmed = an_exchange(session, confirmed=False)
    with pytest.raises(StateConflict):
        handed(unconfirmed, clock)
    withdrawn = an_exchange(session)
    handover = handed(withdrawn, clock)
    advance(session, withdrawn.poster, withdrawn.need, "withdraw", now=clock.now())
    with pytest.raises(StateConflict):
        accept_handover(session, withdrawn.broker, handover.id, now=clock.now())


def test_an_offer_of_somebody_who_no_longer_owns_it_is_void(session, exchange, clock):
    handover = handed(exchange, clock)
    exchange.need.owner_id = an_account(session).id
    with pytest.raises(OwnerChanged):
        accept_handover(session, exchange.broker, handover.id, now=clock.now())


def test_the_list_finds_what_is_due_and_whose_it_is(session, exchange, clock):
    handover = handed(exchange, clock)
    later = an_exchange(session)
    a_handover(session, later.need, later.broker.account_id, due_at=clock.now())

    def found(**asked):
        page = list_handovers(session, exchange.operator, ASKED | asked, now=clock.now())
        return [(row.row.need_id, row.state) for row in page.items]

    both = [(later.need.id, "lapsed"), (exchange.need.id, "offered")]
    assert found() == both
    assert (
        found(state=["offered"])
        == found(due_before=handover.due_at + timedelta(1), to_id=handover.to_id)
        == both[1:]
    )
    assert found(state=["lapsed"]) == found(due_before=handover.due_at) == both[:1]
    assert found(owner_id=later.need.owner_id) == both[:1]
    assert found(state=["accepted"]) == []
    assert session.get(Handover, handover.id) is handover


def test_the_broker_who_answers_for_a_need_reads_it_and_the_enterprise_knows_by_name(
    session, exchange, clock
):
    exchange.need.visibility, exchange.need.owner_id = "masked", exchange.operator.account_id
    session.flush()
    other = an_actor(session, (Role.BROKER, zone()))

    def view(reader):
        return show_need(session, reader, exchange.need.id, now=clock.now()).view

    assert (view(exchange.broker), view(other)) == ("masked", "masked")
    accept_handover(session, exchange.broker, handed(exchange, clock).id, now=clock.now())
    assert (view(exchange.broker), view(other)) == ("invited", "masked")
    asked = {"sort": "-read_at", "limit": 20, "address": "x"}
    [noted] = list_readers(session, exchange.poster, exchange.need.id, asked).items
    broker = session.get_one(Account, exchange.broker.account_id)
    assert (noted.noted.role, noted.reader_name, noted.organisation_name) == ("broker", broker.name, None)
    exchange.need.nda_required = True
    session.flush()
    assert view(exchange.broker) == "masked"


def test_the_giver_is_told_once_that_nobody_answered_in_time(session, exchange, clock):
    first = handed(exchange, clock)
    clock.instant = first.due_at - timedelta(seconds=1)
    assert lapse_overdue(session, now=clock.now()) == 0
    clock.instant = first.due_at
    assert (lapse_overdue(session, now=clock.now()), lapse_overdue(session, now=clock.now())) == (1, 0)
    assert (first.state, first.settled_at, exchange.need.owner_id) == (
        "lapsed", clock.now(), exchange.operator.account_id,
    )  # fmt: skip
    assert told(session) == [
        (exchange.broker.account_id, "handover_offered"), (exchange.operator.account_id, "handover_lapsed"),
    ]  # fmt: skip
    actions = select(AuditEvent.action).where(AuditEvent.subject_id == first.id).order_by(AuditEvent.id)
    assert session.scalars(actions).all() == ["offer_handover", "lapse_handover"]
    assert handed(exchange, clock).state == "offered"
