"""Write-downs and exits take two people; the ledger gets back what was paid, and a gain is a fact beside it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone.clock import local_date
from backbone.errors import Invalid, StateConflict
from finance_net.equity import errors
from finance_net.equity.holding import decide_entry, enter
from finance_net.ledger.errors import NotYet, SecondPersonNeeded
from finance_net.ledger.proving import prove
from finance_net.ledger.service import reverse
from tests.factories.equity import an_equity_desk
from tests.factories.ledger import AT, standing


def test_an_exit_gives_back_what_was_paid_and_tells_the_gain(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("agreed")
    for amount in (40, 30):
        desk.invested(deal, amount)
    desk.booked(deal, "write_down", 20)
    assert (deal.written_down_fen, deal.position.carrying_fen) == (20, 50)
    part = desk.booked(deal, "exit", 35, 50)
    assert (part.recovered_fen, part.result["gain_fen"], part.result["result_fen"]) == (50, 15, 25)
    # The oldest payment first: all 40 of the first, 10 of the second.
    assert standing(session, desk.treasury.root) == {
        "available": 950,
        "committed": 30,
        "paid": 70,
        "recovered": 50,
    }
    whole = desk.booked(deal, "exit", 35, 90)
    assert (whole.recovered_fen, whole.result["gain_fen"], deal.state) == (20, 55, "exited")
    assert (deal.proceeds_fen, deal.recovered_fen, deal.position.realised_fen) == (140, 70, 70)
    # What was agreed and never called is free again.
    assert standing(session, desk.treasury.root) == {"available": 1_000, "paid": 70, "recovered": 70}
    assert prove(session, fund_id=desk.treasury.fund.id).is_intact
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    with pytest.raises(StateConflict):
        desk.entry(deal, "valuation", 10)


def test_who_asks_does_not_book_and_what_is_declined_changes_nothing(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("invested")
    entry = desk.entry(deal, "exit", 40, 60)
    with pytest.raises(SecondPersonNeeded) as refusal:
        decide_entry(session, desk.treasury.first, entry.id, is_approved=True, note=None, now=AT)
    assert refusal.value.sentence().zh == "退出须由提出人以外的基金经理批准"
    decide_entry(session, desk.treasury.second, entry.id, is_approved=False, note="价格过低", now=AT)
    assert (entry.state, deal.state, deal.sold_fen) == ("declined", "invested", 0)
    with pytest.raises(errors.EntryDecided):
        decide_entry(session, desk.treasury.second, entry.id, is_approved=True, note=None, now=AT)
    with pytest.raises(IntegrityError, match="ck_equity_entries_two_people"):
        session.execute(text("UPDATE equity_entries SET decided_by = entered_by"))


def test_two_sales_of_the_same_stake_are_not_both_booked(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("invested")
    first, second = desk.entry(deal, "exit", 30, 30), desk.entry(deal, "exit", 30, 30)
    decide_entry(session, desk.treasury.second, first.id, is_approved=True, note=None, now=AT)
    with pytest.raises(errors.CostExceeded) as refusal:
        decide_entry(session, desk.treasury.second, second.id, is_approved=True, note=None, now=AT)
    assert refusal.value.data == {"cost_fen": 10, "asked_fen": 30}


def test_nothing_is_exited_for_good_while_a_call_is_open(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("invested")
    desk.called(deal, 10)
    with pytest.raises(errors.CapitalCalled) as refusal:
        desk.booked(deal, "exit", 40, 40)
    assert refusal.value.data["calls"] == "2"
    assert desk.booked(deal, "exit", 39, 40).state == "booked"


def test_a_valuation_is_a_fact_and_changes_no_sum(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("invested")
    entry = desk.entry(deal, "valuation", 400)
    assert (entry.state, entry.decided_by, deal.position.carrying_fen) == ("booked", None, 40)
    with pytest.raises(errors.EntryDecided):
        decide_entry(session, desk.treasury.second, entry.id, is_approved=True, note=None, now=AT)


def test_what_says_too_much_or_too_early_is_refused(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("invested")
    said = {"kind": "exit", "value_fen": 10, "proceeds_fen": 1, "as_of_on": local_date(AT), "source": "协议"}
    for wrong, refusal in (
        ({"as_of_on": local_date(AT + timedelta(days=1))}, NotYet),
        ({"proceeds_fen": None}, Invalid),
        ({"kind": "write_down"}, Invalid),
        ({"value_fen": 41}, errors.CostExceeded),
        ({"kind": "write_down", "proceeds_fen": None, "value_fen": 41}, errors.WriteDownExceeded),
    ):
        with pytest.raises(refusal):
            enter(session, desk.treasury.first, deal.id, said | wrong, now=AT)
    with pytest.raises(StateConflict):
        enter(session, desk.treasury.first, desk.deal("agreed").id, said, now=AT)


def test_what_an_exit_brought_back_is_not_taken_back_alone(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("invested")
    desk.booked(deal, "exit", 40, 40)
    recovery = session.scalar(
        text("SELECT id FROM fund_transfers WHERE kind = 'recover' ORDER BY number DESC LIMIT 1")
    )
    with pytest.raises(errors.OutsideDeal), session.begin_nested():
        reverse(session, desk.treasury.first, recovery, approver=desk.treasury.second, reason="测试", now=AT)


def test_what_became_of_it_is_of_a_day_since_the_agreement_was_signed(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("invested")
    said = {"kind": "valuation", "value_fen": 1, "proceeds_fen": None, "source": "年报"}
    before = AT.date() - timedelta(days=1)
    with pytest.raises(Invalid) as refusal:
        enter(session, desk.treasury.first, deal.id, said | {"as_of_on": before}, now=AT)
    assert AT.date().isoformat() in refusal.value.data["errors"][0]["problem"].zh
