"""One manager asks, another approves: only then is anything booked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Role
from backbone.db import new_id
from backbone.errors import DomainError, Forbidden, NotFound, StateConflict
from backbone.identity.models import Membership
from finance_net.ledger.errors import SecondPersonNeeded
from finance_net.ledger.models import Envelope, Transfer
from finance_net.ledger.orders import service
from finance_net.ledger.orders.errors import OrderIdReused, ProposerGone
from finance_net.ledger.orders.models import FundOrder
from finance_net.ledger.service import reserve
from finance_net.ledger.steps import Kind
from tests.factories.identity import an_actor
from tests.factories.ledger import (
    AT,
    Holds,
    Treasury,
    a_treasury,
    an_envelope,
    an_order,
    some_holds,
    standing,
)

SAID = {"reason": "测试"}
LATER = AT + timedelta(hours=1)


@pytest.fixture
def treasury(session: Session) -> Treasury:
    return a_treasury(session, limit_fen=2_000)


@pytest.fixture
def project(treasury: Treasury) -> Envelope:
    return an_envelope(treasury, treasury.root, limit_fen=1_000)


@pytest.fixture
def holds(treasury: Treasury, project: Envelope) -> Holds:
    return some_holds(treasury, project)


def approved(treasury: Treasury, order: FundOrder) -> Transfer:
    return service.approve_order(treasury.session, treasury.second, order.id, now=LATER)


def test_nothing_is_booked_before_the_second_person_approves(
    treasury: Treasury, project: Envelope, holds: Holds
):
    before = standing(treasury.session, project)
    order = an_order(treasury, holds.reserved)
    assert standing(treasury.session, project) == before
    transfer = approved(treasury, order)
    assert (transfer.id, transfer.kind, transfer.amount_fen, transfer.rest_fen) == (
        order.id,
        "commit",
        150,
        50,
    )
    assert (transfer.actor_id, transfer.approver_id) == (
        treasury.first.account_id,
        treasury.second.account_id,
    )
    assert (order.state, order.decided_by, order.decided_at) == (
        "carried_out",
        treasury.second.account_id,
        LATER,
    )
    with pytest.raises(StateConflict):
        approved(treasury, order)


def test_every_kind_of_order_is_carried_out(treasury: Treasury, project: Envelope, holds: Holds):
    session, first = treasury.session, treasury.first
    giver = an_envelope(treasury, treasury.root, limit_fen=100)
    orders = [
        service.propose_draw(session, first, Kind.PAY, holds.approved, SAID, now=AT),
        service.propose_draw(session, first, Kind.RECOVER, holds.paid, SAID | {"amount_fen": 10}, now=AT),
        service.propose_reversal(session, first, holds.recovery, SAID, now=AT),
        service.propose_limit(session, first, project.id, SAID | {"limit_fen": 990}, now=AT),
        service.propose_adjustment(
            session, first, project.id, SAID | {"giver_id": giver.id, "amount_fen": 10}, now=AT
        ),
    ]
    kinds = [approved(treasury, order).kind for order in orders]
    assert kinds == ["pay", "recover", "reverse_recovery", "lower_limit", "adjust"]


def test_who_asked_does_not_approve(treasury: Treasury, holds: Holds):
    order = an_order(treasury, holds.reserved)
    with pytest.raises(SecondPersonNeeded):
        service.approve_order(treasury.session, treasury.first, order.id, now=LATER)
    with pytest.raises(Forbidden):
        service.approve_order(treasury.session, an_actor(treasury.session), order.id, now=LATER)
    alone = {"state": "carried_out", "decided_by": treasury.first.account_id, "decided_at": LATER}
    with pytest.raises(IntegrityError, match="two_people"), treasury.session.begin_nested():
        treasury.session.execute(update(FundOrder).where(FundOrder.id == order.id).values(alone))


def test_who_asked_withdraws_and_the_other_declines(treasury: Treasury, holds: Holds):
    for actor, state in ((treasury.first, "withdrawn"), (treasury.second, "declined")):
        order = an_order(treasury, holds.reserved)
        service.decline_order(treasury.session, actor, order.id, note="不同意", now=LATER)
        assert (order.state, order.note) == (state, "不同意")
        with pytest.raises(StateConflict):
            approved(treasury, order)
    with pytest.raises(NotFound):
        service.decline_order(treasury.session, treasury.first, new_id(), note="无", now=LATER)


def test_an_order_of_somebody_who_is_no_manager_any_more_is_not_carried_out(treasury: Treasury, holds: Holds):
    order = an_order(treasury, holds.reserved)
    session = treasury.session
    for membership in session.scalars(select(Membership).filter_by(account_id=treasury.first.account_id)):
        membership.ended_at = AT
    session.flush()
    session.expire_all()
    with pytest.raises(ProposerGone):
        approved(treasury, order)


def test_the_same_order_again_is_the_same_and_another_under_its_id_is_refused(
    treasury: Treasury, holds: Holds
):
    session, key = treasury.session, new_id()
    said = SAID | {"id": key, "amount_fen": 10}
    order = service.propose_draw(session, treasury.first, Kind.COMMIT, holds.reserved, said, now=AT)
    assert (
        service.propose_draw(session, treasury.first, Kind.COMMIT, holds.reserved, said, now=LATER) is order
    )
    with pytest.raises(OrderIdReused):
        service.propose_draw(
            session, treasury.first, Kind.COMMIT, holds.reserved, said | {"amount_fen": 11}, now=AT
        )


def test_what_cannot_be_carried_out_is_refused_when_it_is_asked_for(
    treasury: Treasury, project: Envelope, holds: Holds
):
    session, first = treasury.session, treasury.first
    reserve(session, first, project.id, 140, reason="测试", now=AT)
    stranger = a_treasury(session).root

    def refused(call: Any, *rest: Any, **said: Any) -> str:
        with pytest.raises(DomainError) as refusal:
            call(session, first, *rest, SAID | said, now=AT)
        return refusal.value.code

    draw, limit, move = service.propose_draw, service.propose_limit, service.propose_adjustment
    assert refused(draw, Kind.COMMIT, holds.reserved, amount_fen=201) == "hold_exceeded"
    assert refused(draw, Kind.PAY, holds.reserved) == "wrong_hold"
    assert refused(draw, Kind.PAY, new_id()) == "not_found"
    assert refused(limit, project.id, limit_fen=899) == "limit_below_use"
    assert refused(limit, project.id, limit_fen=1_000) == "nothing_to_change"
    assert refused(move, treasury.root.id, giver_id=project.id, amount_fen=101) == "envelope_exceeded"
    assert refused(move, project.id, giver_id=stranger.id, amount_fen=1) == "cross_ledger"
    assert refused(move, project.id, giver_id=project.id, amount_fen=1) == "same_envelope"
    assert refused(service.propose_reversal, holds.reserved) == "not_reversible"
    assert refused(service.propose_reversal, new_id()) == "not_found"
    approved(treasury, service.propose_reversal(session, first, holds.recovery, SAID, now=AT))
    assert refused(service.propose_reversal, holds.recovery) == "reversed_already"
    assert session.scalars(select(FundOrder).where(FundOrder.state == "proposed")).all() == []


def test_an_order_that_has_become_impossible_stays_as_it_was(treasury: Treasury, holds: Holds):
    order = an_order(treasury, holds.reserved)
    approved(treasury, an_order(treasury, holds.reserved))
    with pytest.raises(DomainError, match="hold_closed"), treasury.session.begin_nested():
        approved(treasury, order)
    treasury.session.refresh(order)
    assert order.state == "proposed"


def test_two_people_are_of_the_whole_province(treasury: Treasury, holds: Holds):
    other = an_actor(treasury.session, (Role.FUND_MANAGER, PROVINCE))
    assert service.approve_order(
        treasury.session, other, an_order(treasury, holds.reserved).id, now=LATER
    ).approver_id
