"""The bank's answer: only what is settled is booked, once; what is unknown neither frees nor spends; whole or not at all."""

import pytest
from sqlalchemy import select

from backbone.actor import Actor
from backbone.errors import Forbidden
from finance_net.awards.answers.models import PaymentAnswer
from finance_net.awards.answers.service import import_answer
from finance_net.awards.errors import PeopleGone
from finance_net.cases.models import CaseStep
from finance_net.ledger.models import Hold, Transfer
from tests.factories.awards import an_award_desk
from tests.factories.ledger import WAN
from tests.made_once import made_once

PAY = select(Transfer).where(Transfer.kind == "pay")


@made_once
def desk(session):
    desk = an_award_desk(session)
    desk.approved()
    desk.exported()
    return desk


def test_what_is_settled_is_booked_by_the_two_who_ordered_and_sent_it_and_told_in_the_case(desk, session):
    answer = desk.answered(desk.line("settled"))
    (payment,), (paid,) = desk.payments, session.scalars(PAY).all()
    assert (answer.lines, answer.settled, answer.changed) == (1, 1, 1)
    assert (payment.state, payment.transfer_id, paid.id) == ("settled", paid.id, payment.id)
    assert {paid.actor_id, paid.approver_id} == {desk.first.account_id, desk.second.account_id}
    assert paid.effective_on == payment.settled_on
    assert (desk.tranches[0].state, desk.pool()) == ("paid", {"paid": 40 * WAN, "available": 60 * WAN})
    step = session.scalars(select(CaseStep).where(CaseStep.kind == "payment")).one()
    assert (step.case_id, step.subject_id, step.amount_fen) == (
        desk.award.application_id,
        payment.id,
        40 * WAN,
    )
    assert [(each.months, each.reported_at) for each in desk.effects] == [(12, None)]


def test_an_answer_taken_twice_does_nothing_twice(desk, session):
    line = desk.line("settled")
    first, again = desk.answered(line), desk.answered(line, by=desk.second)
    assert first is again
    other = import_answer(session, desk.first, desk.answer(line, encoding="gb18030"), now=desk.now)
    assert (other.lines, other.settled, other.changed) == (1, 1, 0)
    assert len(session.scalars(PAY).all()) == 1
    assert len(desk.effects) == 1


def test_what_is_unknown_neither_frees_nor_spends_until_the_bank_says_more(desk, session):
    desk.answered(desk.line("unknown"))
    held = desk.pool()
    assert (desk.payments[0].state, desk.tranches[0].state, held["approved"]) == (
        "unknown",
        "paying",
        40 * WAN,
    )
    with pytest.raises(Exception, match="nothing_to_pay"):
        desk.instructed()
    assert desk.answered(desk.line("unknown", bank_ref="YH7")).changed == 1
    assert desk.pool() == held
    assert session.scalars(PAY).all() == []
    desk.answered(desk.line("settled"))
    assert desk.pool()["paid"] == 40 * WAN


def test_what_is_refused_may_be_paid_again_to_another_account(desk):
    desk.answered(desk.line("refused"))
    assert (desk.payments[0].state, desk.tranches[0].state) == ("refused", "approved")
    assert desk.pool()["approved"] == 40 * WAN
    desk.exported()
    first, second = desk.payments
    assert (first.state, second.state, desk.tranches[0].state) == ("refused", "exported", "paying")
    assert first.account_id != second.account_id
    assert list(desk.problems_of(desk.line("settled", first))) == ["line 2: status"]
    desk.answered(desk.line("settled", second))
    assert desk.pool()["paid"] == 40 * WAN


def test_another_amount_or_reference_is_refused_with_its_line_and_nothing_of_the_file_is_taken(desk, session):
    good = desk.line("settled")
    for wrong, said in (
        (
            desk.line("settled", reference="FK-2026-999999", bank_ref="YH9"),
            "There is no payment “FK-2026-999999”",
        ),
        (
            desk.line("settled", reference="FK-2026-999999", bank_ref="YH9", amount="1.00"),
            "There is no payment",
        ),
    ):
        found = desk.problems_of(good, wrong)
        assert list(found) == ["line 3: reference"]
        assert said in found["line 3: reference"]
    found = desk.problems_of(desk.line("settled", amount="399999.99"))
    assert found == {"line 2: amount": "It says 399,999.99 yuan, the payment is 400,000.00"}
    for day in ("2026-01-01", "2026-12-31"):
        assert list(desk.problems_of(desk.line("settled", settled_on=day))) == ["line 2: settled_on"]
    assert desk.payments[0].state == "exported"
    assert session.scalars(select(PaymentAnswer)).all() == []
    assert desk.pool()["approved"] == 40 * WAN


def test_a_settled_payment_is_not_settled_with_other_facts(desk):
    desk.answered(desk.line("settled"))
    for wrong, said in (
        (desk.line("settled", bank_ref="YH-other"), "is settled already"),
        (desk.line("refused"), "if the bank sent the money back since, its status is “returned”"),
        (desk.line("unknown"), "its status is “returned”"),
    ):
        found = desk.problems_of(wrong)
        assert said in found["line 2: status"]
    assert desk.payments[0].state == "settled"


def test_a_banks_reference_is_that_of_one_payment(session):
    desk = an_award_desk(session)
    desk.approved_in_two()
    desk.exported()
    first, second = desk.payments
    desk.answered(desk.line("settled", first, bank_ref="YH1"))
    found = desk.problems_of(desk.line("settled", second, bank_ref="YH1"))
    assert found == {"line 2: bank_ref": f"The reference “YH1” is that of {first.reference}"}


def test_what_was_ordered_and_did_not_leave_is_not_answered(session):
    desk = an_award_desk(session)
    desk.approved()
    desk.instructed()
    assert (
        "did not go to the bank (instructed)" in desk.problems_of(desk.line("settled"))["line 2: reference"]
    )


def test_of_a_first_use_each_is_paid_for_itself(session):
    desk = an_award_desk(session, is_first_use=True)
    desk.approved()
    desk.exported()
    maker, user = sorted(desk.payments, key=lambda each: -each.amount_fen)
    assert (maker.amount_fen, user.amount_fen) == (24 * WAN, 16 * WAN)
    desk.answered(desk.line("settled", maker), desk.line("refused", user))
    assert desk.tranches[0].state == "approved"
    assert desk.pool("F")["paid"] == 24 * WAN
    desk.exported()
    desk.answered(desk.line("settled", desk.payments[-1]))
    assert (desk.tranches[0].state, desk.pool("F")["paid"]) == ("paid", 40 * WAN)
    assert len(desk.effects) == 2
    home = session.get_one(Hold, desk.award.hold_id, populate_existing=True)
    assert home.open_fen == 0


def test_two_present_managers_stand_behind_every_booking(desk, session, monkeypatch):
    content = desk.answer(desk.line("settled"))
    with pytest.raises(Forbidden):
        import_answer(session, desk.member, content, now=desk.now)
    gone = {desk.first.account_id, desk.second.account_id}
    monkeypatch.setattr(
        "finance_net.awards.answers.booking.actor_of",
        lambda _, id_: Actor(id_, "") if id_ in gone else None,
    )
    with pytest.raises(PeopleGone), session.begin_nested():
        import_answer(session, desk.first, content, now=desk.now)
