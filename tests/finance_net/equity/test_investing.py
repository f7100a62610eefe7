"""Money is committed by a deal that its committee approved, called within it, and the fund's capital follows."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone.errors import Invalid, StateConflict
from finance_net.equity import errors
from finance_net.equity.committees.service import fulfil_condition
from finance_net.equity.investing import agree_deal, call_capital
from finance_net.equity.service import decline_deal
from finance_net.funds.service import capital_of
from finance_net.ledger.errors import EnvelopeExceeded, HoldClosed, HoldExceeded, SecondPersonNeeded
from finance_net.ledger.orders.service import approve_order, decline_order
from finance_net.ledger.service import commit, pay, recover, reserve, reverse, void
from tests.factories.equity import Desk, an_equity_desk
from tests.factories.ledger import AT, a_treasury, standing

REASON: dict[str, Any] = {"reason": "测试", "now": AT}


def capital(desk: Desk) -> dict[str, int]:
    known = capital_of(desk.session, desk.treasury.fund.id, AT.date())
    return {name: row.amount_fen for name, row in known.items()}


def test_with_a_condition_open_there_is_no_agreement(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("approved", conditions=("完成专利权属变更",))
    with pytest.raises(errors.ConditionsOpen) as refusal:
        desk.asked_to_agree(deal)
    assert refusal.value.data["titles"] == "完成专利权属变更"
    assert standing(session, desk.treasury.root) == {"available": 1_000}
    fulfil_condition(session, desk.treasury.first, desk.condition(deal).id, evidence="登记簿", now=AT)
    desk.agreed(deal)
    assert (deal.state, deal.agreed_fen) == ("agreed", 100)
    with pytest.raises(IntegrityError, match="ck_equity_deals_decided"):
        session.execute(text("UPDATE equity_deals SET open_conditions = 1"))


def test_two_people_agree_and_no_more_than_was_approved(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("approved")
    with pytest.raises(errors.AboveApproved):
        desk.asked_to_agree(deal, amount_fen=101)
    with pytest.raises(errors.OtherFund):
        desk.asked_to_agree(deal, envelope_id=a_treasury(session, kind="equity").root.id)
    desk.asked_to_agree(deal, amount_fen=90)
    assert (deal.state, standing(session, desk.treasury.root)) == (
        "committee",
        {"available": 910, "reserved": 90},
    )
    with pytest.raises(SecondPersonNeeded):
        approve_order(session, desk.treasury.first, deal.order_id, now=AT)
    with pytest.raises(errors.AgreementPending):
        desk.asked_to_agree(deal)
    void(session, desk.treasury.first, deal.reservation_id, **REASON)
    assert (deal.reservation_id, deal.terms_fen) == (None, None)
    desk.agreed(deal)
    assert (deal.state, deal.agreed_fen, deal.commitment_id is not None) == ("agreed", 100, True)
    with pytest.raises(StateConflict):
        desk.asked_to_agree(deal)


def test_what_the_envelope_does_not_hold_is_not_agreed(session: Session):
    desk = an_equity_desk(session, limit_fen=50)
    with pytest.raises(EnvelopeExceeded):
        desk.asked_to_agree(desk.deal("approved"))


def test_an_equity_fund_pays_nothing_that_no_deal_asked_for(session: Session):
    desk = an_equity_desk(session)
    first, second = desk.treasury.first, desk.treasury.second
    held = reserve(session, first, desk.treasury.root.id, 10, **REASON)
    with pytest.raises(errors.OutsideDeal), session.begin_nested():
        commit(session, first, held.id, approver=second, **REASON)
    deal = desk.deal("approved")
    desk.asked_to_agree(deal)
    with pytest.raises(errors.OtherTerms), session.begin_nested():
        commit(session, first, deal.reservation_id, 50, approver=second, **REASON)
    approve_order(session, second, deal.order_id, now=AT)
    call = desk.invested(deal, 40)
    with pytest.raises(errors.OutsideDeal), session.begin_nested():
        recover(session, first, call.payment_id, 5, approver=second, **REASON)
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_the_database_refuses_a_commitment_without_a_deal(session: Session):
    """By SQL, past every service: the deal is taken away from under its commitment."""
    desk = an_equity_desk(session)
    deal = desk.deal("agreed")
    session.execute(text(
        "UPDATE equity_deals SET commitment_id = NULL, agreed_fen = 0, state = 'committee' WHERE id = :id"
    ), {"id": deal.id})  # fmt: skip
    with pytest.raises(IntegrityError, match="to no deal that was decided"):
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_no_more_is_called_than_was_committed_and_two_people_pay(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("agreed")
    with pytest.raises(HoldExceeded):
        desk.called(deal, 101)
    call = desk.called(deal, 60)
    with pytest.raises(SecondPersonNeeded):
        approve_order(session, desk.treasury.first, call.order_id, now=AT)
    with pytest.raises(HoldExceeded):
        desk.called(deal, 41)
    approve_order(session, desk.treasury.second, call.order_id, now=AT)
    assert (deal.state, deal.called_fen, deal.paid_fen, call.state) == ("invested", 60, 60, "paid")
    desk.invested(deal, 40)
    with pytest.raises(HoldClosed):
        desk.called(deal, 1)
    assert standing(session, desk.treasury.root) == {"available": 900, "paid": 100}
    with pytest.raises(IntegrityError, match="ck_equity_deals_drawn"):
        session.execute(text("UPDATE equity_deals SET called_fen = 101"))


def test_called_and_invested_follow_and_stay_in_order(session: Session):
    desk = an_equity_desk(session, subscribed_fen=70)
    deal = desk.deal("agreed")
    desk.invested(deal, 30)
    assert capital(desk) == {"subscribed": 70, "called": 30, "invested": 30}
    desk.called(deal, 40)
    assert capital(desk) == {"subscribed": 70, "called": 70, "invested": 30}
    with pytest.raises(errors.NotSubscribed) as refusal:
        desk.called(deal, 10)
    assert refusal.value.data == {"subscribed_fen": 70, "called_fen": 80}


def test_what_was_called_and_not_invested_is_used_before_more_is_called(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("agreed")
    call = desk.called(deal, 40)
    void(session, desk.treasury.first, call.tranche_id, **REASON)
    assert (call.state, deal.called_fen, capital(desk)["called"]) == ("cancelled", 0, 40)
    assert desk.called(deal, 50).from_subscribers_fen == 10
    assert capital(desk)["called"] == 50


def test_a_payment_of_less_and_its_reversal_are_followed(session: Session):
    desk = an_equity_desk(session)
    first, second = desk.treasury.first, desk.treasury.second
    deal = desk.deal("agreed")
    call = desk.called(deal, 40)
    pay(session, first, call.tranche_id, 30, approver=second, **REASON)
    assert (deal.called_fen, deal.paid_fen, call.paid_fen, capital(desk)["invested"]) == (30, 30, 30, 30)
    desk.booked(deal, "write_down", 5)
    with pytest.raises(errors.SoldAlready), session.begin_nested():
        reverse(session, first, call.payment_id, approver=second, **REASON)
    session.refresh(deal)
    other = desk.deal("invested")
    payment = desk.called(other, 10)
    approve_order(session, second, payment.order_id, now=AT)
    reverse(session, first, payment.payment_id, approver=second, **REASON)
    assert (other.paid_fen, other.called_fen, other.state, payment.state) == (40, 40, "invested", "reversed")
    assert capital(desk)["invested"] == 70


def test_a_deal_is_let_go_with_its_money_until_capital_is_called(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("agreed")
    call = desk.called(deal, 40)
    with pytest.raises(errors.CapitalCalled) as refusal:
        decline_deal(session, desk.treasury.first, deal.id, reason="尽调后放弃", now=AT)
    assert refusal.value.data["calls"] == "1"
    void(session, desk.treasury.first, call.tranche_id, **REASON)
    decline_deal(session, desk.treasury.first, deal.id, reason="尽调后放弃", now=AT)
    assert (deal.state, deal.agreed_fen, standing(session, desk.treasury.root)) == (
        "declined",
        0,
        {"available": 1_000},
    )
    waiting = desk.deal("approved")
    desk.asked_to_agree(waiting)
    decline_deal(session, desk.treasury.first, waiting.id, reason="企业另寻投资", now=AT)
    assert (waiting.reservation_id, standing(session, desk.treasury.root)) == (None, {"available": 1_000})
    voided = desk.deal("agreed")
    void(session, desk.treasury.first, voided.commitment_id, **REASON)
    assert voided.state == "declined"
    with pytest.raises(StateConflict):
        agree_deal(session, desk.treasury.first, voided.id, desk.terms(), now=AT)


def test_nothing_is_agreed_beside_an_open_meeting_nor_before_the_one_that_approved_it(session: Session):
    """The second meeting would have cut what the first one's agreement was made for: a fault of the database (500)."""
    desk = an_equity_desk(session)
    deal = desk.deal("approved")
    for signed_on in (AT.date() - timedelta(days=1), AT.date() + timedelta(days=1)):
        with pytest.raises(Invalid) as refusal:
            desk.asked_to_agree(deal, signed_on=signed_on)
        assert refusal.value.data["errors"][0]["field"] == "signed_on"
    desk.convened(deal)
    with pytest.raises(errors.MeetingOpen):
        desk.asked_to_agree(deal)
    desk.vote(deal, "for", "for")
    desk.close(deal, approved_fen=40)
    with pytest.raises(errors.AboveApproved):
        desk.asked_to_agree(deal)
    desk.asked_to_agree(deal, amount_fen=40)
    assert (deal.approved_fen, deal.terms_fen) == (40, 40)


def test_no_capital_is_called_for_a_day_that_is_past(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("agreed")
    said = {"amount_fen": 40, "due_on": AT.date() - timedelta(days=1), "purpose": "首期"}
    with pytest.raises(Invalid) as refusal:
        call_capital(session, desk.treasury.first, deal.id, now=AT, **said)
    assert refusal.value.data["errors"][0]["problem"].zh == f"不能早于今天（{AT.date()}，北京时间）"


def test_an_agreement_that_was_not_approved_makes_room_for_another(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("approved")
    desk.asked_to_agree(deal)
    decline_order(session, desk.treasury.second, deal.order_id, note="条款有误", now=AT)
    with pytest.raises(errors.AgreementRefused) as refusal:
        desk.asked_to_agree(deal)
    assert str(deal.reservation_id) in refusal.value.sentence().zh
    void(session, desk.treasury.first, deal.reservation_id, reason="重来", now=AT)
    desk.agreed(deal)
    assert deal.state == "agreed"
