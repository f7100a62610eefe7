"""Clawbacks: decided by two, never above what was paid, booked as money comes."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from finance_net.awards.clawbacks.service import (
    decide_clawback,
    list_clawbacks,
    propose_clawback,
    record_recovery,
)
from finance_net.awards.errors import BankRefKnown, MoreThanExpected, MoreThanPaid, NotPaid, SecondPerson
from finance_net.cases.models import CaseStep
from tests.factories.awards import an_award_desk
from tests.factories.ledger import WAN, standing

ASKED = {"limit": 20, "sort": "-created_at", "address": "/"}


@pytest.fixture
def desk(session):
    return an_award_desk(session)


def recovered(desk, clawback, amount_fen, bank_ref, by=None):
    said = {"amount_fen": amount_fen, "bank_ref": bank_ref, "received_on": desk.now.date(), "now": desk.now}
    return record_recovery(desk.session, by or desk.first, clawback.id, **said)


def test_what_was_not_paid_is_not_asked_back_and_never_more_than_was(desk, session):
    desk.approved()
    desk.exported()
    with pytest.raises(NotPaid, match="is sent to the bank"):
        desk.clawback(desk.payments[0], 1)
    desk.answered(desk.line("settled"))
    payment = desk.payments[0]
    desk.clawback(payment, 30 * WAN)
    with pytest.raises(
        MoreThanPaid, match=r"400,000\.00 yuan were paid, 300,000\.00 are asked back already; 100,000\.01"
    ):
        desk.clawback(payment, 10 * WAN + 1)
    declined = desk.clawback(payment, 10 * WAN, is_approved=False)
    decide_clawback(session, desk.second, declined.id, is_approved=False, note="证据不足", now=desk.now)
    desk.clawback(payment, 10 * WAN)
    with pytest.raises(IntegrityError, match="ck_award_payments_amounts"), session.begin_nested():
        session.execute(text("UPDATE award_payments SET clawed_fen = amount_fen + 1"))


def test_it_takes_two_and_comes_in_parts_that_are_booked_and_told(desk, session):
    payment = desk.paid()
    proposed = desk.clawback(payment, 15 * WAN, is_approved=False)
    with pytest.raises(SecondPerson):
        decide_clawback(session, desk.first, proposed.id, is_approved=True, note=None, now=desk.now)
    with pytest.raises(StateConflict):
        recovered(desk, proposed, WAN, "YH-1")
    assert list_clawbacks(session, desk.member, ASKED).items == []
    decide_clawback(session, desk.second, proposed.id, is_approved=True, note=None, now=desk.now)
    assert [each.id for each in list_clawbacks(session, desk.member, ASKED).items] == [proposed.id]
    assert recovered(desk, proposed, 5 * WAN, "YH-1").state == "partly"
    with pytest.raises(MoreThanExpected, match=r"100,000\.00 yuan are expected; 100,000\.01 are booked"):
        recovered(desk, proposed, 10 * WAN + 1, "YH-2")
    with pytest.raises(BankRefKnown):
        recovered(desk, proposed, WAN, "YH-1")
    assert recovered(desk, proposed, 10 * WAN, "YH-2", by=desk.second).state == "recovered"
    with pytest.raises(StateConflict):
        recovered(desk, proposed, 1, "YH-3")
    assert standing(session, desk.season.pools["R"])["recovered"] == 15 * WAN
    told = session.scalars(select(CaseStep.amount_fen).where(CaseStep.kind == "clawback")).all()
    assert sorted(told) == [5 * WAN, 10 * WAN]


def test_only_managers_ask_and_a_recovery_lies_between_payment_and_today(desk, session):
    payment = desk.paid()
    said = {"reason": "other", "words": "测试", "amount_fen": 1, "due_on": desk.now.date()}
    with pytest.raises(Forbidden):
        propose_clawback(session, desk.member, payment.id, said, now=desk.now)
    with pytest.raises(NotFound):
        propose_clawback(session, desk.first, desk.award.id, said, now=desk.now)
    with pytest.raises(Invalid) as refusal:
        propose_clawback(session, desk.first, payment.id, said | {"due_on": date(2020, 1, 1)}, now=desk.now)
    assert (
        str(refusal.value.data["errors"][0]["problem"])
        == f"May not lie before today ({desk.day}, Asia/Shanghai)"
    )
    clawback = desk.clawback(payment, WAN)
    for day in ("2026-01-01", "2027-01-01"):
        said = {"amount_fen": 1, "bank_ref": "YH", "received_on": type(desk.now.date()).fromisoformat(day)}
        with pytest.raises(Invalid):
            record_recovery(session, desk.first, clawback.id, **said, now=desk.now)
