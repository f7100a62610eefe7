"""退汇: a settled payment that comes back is taken back once, and its part is paid again, to an account that somebody looked at."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from backbone.audit import AuditEvent
from finance_net.awards.answers.service import import_answer
from finance_net.awards.clawbacks.service import list_clawbacks, record_recovery
from finance_net.awards.errors import AccountCameBack, BankRefKnown, NothingToPay, NotPaid
from finance_net.awards.payments.service import export_batch, instruct_payments, withdraw_batch
from finance_net.awards.service import close_award
from finance_net.cases.models import CaseStep
from finance_net.cases.reading import summary
from finance_net.ledger.models import Hold, Transfer
from finance_net.ledger.proving import prove
from tests.factories.awards import an_award_desk
from tests.factories.ledger import WAN
from tests.made_once import made_once

ASKED = {"limit": 20, "sort": "-created_at", "address": "/"}


@made_once
def desk(session):
    return an_award_desk(session)


def kinds(session):
    return session.scalars(select(Transfer.kind).order_by(Transfer.number)).all()


def test_what_comes_back_is_taken_back_once_and_paid_again_to_an_account_entered_anew(desk, session):
    payment = desk.paid()
    first_hold, first_effects = desk.tranches[0].parts[0].hold_id, desk.effects
    answer = desk.returned()
    assert (answer.returned, answer.changed) == (1, 1)
    reversal = session.scalars(select(Transfer).where(Transfer.kind == "reverse_payment")).one()
    assert (reversal.reverses_id, payment.return_transfer_id) == (payment.transfer_id, reversal.id)
    assert {reversal.actor_id, reversal.approver_id} == {desk.first.account_id, desk.second.account_id}
    assert (payment.state, payment.bank_ref[:2], payment.return_ref[:2]) == ("returned", "YH", "TH")
    assert (desk.tranches[0].state, desk.pool()) == (
        "approved",
        {"approved": 40 * WAN, "available": 60 * WAN},
    )
    assert desk.tranches[0].parts[0].hold_id != first_hold
    assert (first_effects != [], desk.effects) == (
        True,
        [],
    )  # nothing was paid of which an effect could be asked
    assert desk.returned() is answer
    once_more = desk.answer(desk.line("settled"), desk.line("returned"), encoding="gb18030")
    assert import_answer(session, desk.second, once_more, now=desk.now).changed == 0

    ids = [desk.tranches[0].id]
    with pytest.raises(AccountCameBack, match="Of these 1 the account that would be paid to"):
        instruct_payments(session, desk.first, desk.award.fund_id, ids, now=desk.now)
    desk.now += timedelta(days=9)
    desk.exported()
    old, new = desk.payments
    desk.answered(desk.line("settled", new))
    assert (old.state, new.state, desk.tranches[0].state) == ("returned", "settled", "paid")
    assert (old.account_id, desk.pool()["paid"]) != (new.account_id, 80 * WAN)
    assert desk.pool() == {"paid": 40 * WAN, "available": 60 * WAN}
    (effect,) = desk.effects
    assert effect.due_on == new.settled_on.replace(year=new.settled_on.year + 1)
    steps = select(CaseStep.kind, CaseStep.amount_fen).order_by(CaseStep.ordinal)
    told = session.execute(steps.where(CaseStep.case_id == desk.award.application_id)).all()
    assert told[-3:] == [("payment", 40 * WAN), ("return", 40 * WAN), ("payment", 40 * WAN)]
    assert summary(session, None, now=desk.now)["paid_fen"] == 40 * WAN
    assert kinds(session)[-4:] == ["pay", "reverse_payment", "approve_tranche", "pay"]
    assert prove(session).differences == []


def test_what_was_never_out_or_came_back_otherwise_is_refused_with_what_to_do(desk, session):
    desk.approved()
    desk.exported()
    payment = desk.payments[0]
    assert "import that answer first" in desk.problems_of(desk.line("returned"))["line 2: status"]
    lacking = desk.problems_of(desk.line("returned", bank_ref="", settled_on=""))
    assert set(lacking) == {"line 2: bank_ref", "line 2: settled_on"}
    desk.answered(desk.line("settled", settled_on=desk.day))
    other = desk.line("returned", amount="1.00", settled_on="2026-01-01")
    assert set(desk.problems_of(other)) == {"line 2: amount", "line 2: settled_on"}
    clawback = desk.clawback(payment, WAN)
    back = {"amount_fen": WAN, "bank_ref": "TH-1", "received_on": desk.now.date(), "now": desk.now}
    record_recovery(session, desk.first, clawback.id, **back)
    said = desk.problems_of(desk.line("returned", bank_ref="TH-1"))
    assert f"were recovered already, as {clawback.number}" in said["line 2: status"]
    assert said["line 2: bank_ref"] == f"The reference “TH-1” is that of {clawback.number}"
    assert (payment.state, desk.pool()["recovered"]) == ("settled", WAN)
    assert "reverse_payment" not in kinds(session)


def test_one_day_may_tell_that_it_went_and_came_back_by_one_reference_and_no_other_money_has_it(session):
    desk = an_award_desk(session)
    desk.approved_in_two()
    desk.exported()
    one, other = desk.payments
    answer = desk.answered(
        desk.line("returned", one, bank_ref="YH-1"), desk.line("settled", one, bank_ref="YH-1"), desk.line("settled", other)
    )  # fmt: skip
    assert (answer.lines, answer.settled, answer.returned, answer.changed) == (3, 2, 1, 3)
    assert [each.state for each in desk.tranches] == ["approved", "paid"]
    assert len(desk.effects) == 1
    found = desk.problems_of(desk.line("returned", other, bank_ref="YH-1"))
    assert found == {"line 2: bank_ref": f"The reference “YH-1” is that of {one.reference}"}
    clawback = desk.clawback(other, WAN)
    back = {"amount_fen": WAN, "bank_ref": "YH-1", "received_on": desk.now.date(), "now": desk.now}
    with pytest.raises(BankRefKnown):
        record_recovery(session, desk.first, clawback.id, **back)
    statement = desk.stated(
        ["YH-1", "out", f"{one.amount_fen / 100:.2f}", desk.day], ["YH-1", "in", f"{one.amount_fen / 100:.2f}", desk.day],
        [other.bank_ref, "out", f"{other.amount_fen / 100:.2f}", desk.day],
    )  # fmt: skip
    assert (statement.matched, statement.differences) == (3, 0)


def test_what_was_asked_back_of_it_lapses_and_what_nobody_decided_stays_unseen(desk, session):
    payment = desk.paid()
    expected, suggested = desk.clawback(payment, WAN), desk.clawback(payment, 2 * WAN, is_approved=False)
    desk.returned()
    assert ({expected.state, suggested.state}, payment.clawed_fen) == ({"lapsed"}, 0)
    assert [each.id for each in list_clawbacks(session, desk.member, ASKED).items] == [expected.id]
    with pytest.raises(NotPaid, match="is returned"):
        desk.clawback(payment, WAN)
    acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "clawbacks")).all()
    assert acts.count("lapse_clawback") == 2


def test_a_closed_award_whose_money_came_back_is_open_until_somebody_pays_or_closes_it_again(session):
    desk = an_award_desk(session, is_first_use=True)
    desk.approved()
    desk.exported()
    maker, user = sorted(desk.payments, key=lambda each: -each.amount_fen)
    desk.answered(desk.line("settled", maker), desk.line("refused", user))
    close_award(session, desk.first, desk.award.id, reason="结题", now=desk.now)
    assert (desk.tranches[0].state, desk.pool("F")["available"]) == ("cancelled", 76 * WAN)
    found = desk.problems_of(desk.line("settled", user))
    assert "freed when the award was closed" in found["line 2: status"]
    desk.returned(maker)
    assert (desk.award.closed_at, desk.award.closing_reason, desk.tranches[0].state) == (
        None,
        None,
        "approved",
    )
    assert desk.pool("F") == {"approved": 24 * WAN, "available": 76 * WAN}
    desk.exported()
    assert [each.part_id for each in desk.payments[2:]] == [maker.part_id]  # what was cancelled stays so
    desk.answered(desk.line("settled", desk.payments[-1]))
    assert desk.tranches[0].state == "cancelled"  # nothing is left of it that anybody could pay
    close_award(session, desk.first, desk.award.id, reason="结题", now=desk.now)
    desk.returned(desk.payments[-1], bank_ref="TH-again")
    close_award(session, desk.first, desk.award.id, reason="单位注销", now=desk.now)
    assert (desk.tranches[0].state, desk.pool("F")) == ("cancelled", {"available": 100 * WAN})
    with pytest.raises(NothingToPay):
        desk.instructed()
    assert session.get_one(Hold, desk.award.hold_id, populate_existing=True).open_fen == 0
    acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "awards")).all()
    assert (acts.count("close_award"), acts.count("reopen_award")) == (3, 2)
    assert prove(session).differences == []


def test_what_was_ordered_to_an_account_before_money_came_back_from_it_is_not_sent(session):
    desk = an_award_desk(session)
    desk.approved_in_two()
    desk.exported(1)
    desk.answered(desk.line("settled"))
    rest = [desk.tranches[1].id]
    waiting = instruct_payments(session, desk.first, desk.award.fund_id, rest, now=desk.now)
    desk.returned(desk.payments[0])
    with pytest.raises(AccountCameBack, match="is one from which a payment came back: 测试"):
        export_batch(session, desk.second, waiting.id, now=desk.now)
    assert (waiting.state, waiting.sha256, desk.payments[1].state) == ("proposed", None, "instructed")
    withdraw_batch(session, desk.first, waiting.id, now=desk.now)
    assert desk.exported().lines == 2  # to the account that was entered anew


def test_a_refused_payment_that_was_settled_after_all_is_booked_unless_another_took_its_place(desk, session):
    desk.approved()
    desk.exported()
    first = desk.payments[0]
    desk.answered(desk.line("refused"))
    batch = desk.instructed()
    assert "withdraw its batch" in desk.problems_of(desk.line("settled", first))["line 2: status"]
    export_batch(session, desk.second, batch.id, now=desk.now)
    second = desk.payments[-1]
    assert "wait for what becomes of that" in desk.problems_of(desk.line("settled", first))["line 2: status"]
    desk.answered(desk.line("refused", second))
    desk.answered(desk.line("settled", first))
    assert (first.state, desk.tranches[0].state, desk.pool()["paid"]) == ("settled", "paid", 40 * WAN)
    again = desk.problems_of(desk.line("settled", second, bank_ref="YH-2"))
    assert f"{first.reference} has paid it since: it was paid twice" in again["line 2: status"]


def test_the_database_keeps_how_it_came_back_whole(desk, session):
    desk.paid()
    for wrong in (
        "SET state = 'returned'",
        "SET return_ref = 'TH'",
        "SET state = 'returned', return_ref = 'TH', returned_at = now(), return_transfer_id = transfer_id, returned_on = '2020-01-01'",
    ):
        with pytest.raises(IntegrityError, match="ck_award_payments_returned"), session.begin_nested():
            session.execute(text(f"UPDATE award_payments {wrong}"))
