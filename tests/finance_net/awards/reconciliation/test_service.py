"""Reconciliation: every difference is listed, and resolved by another person than who found it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden, Invalid, StateConflict
from backbone.identity.models import Membership
from finance_net.awards.clawbacks.service import record_recovery
from finance_net.awards.errors import (
    BankRefKnown,
    LinesRefused,
    MoreThanExpected,
    PeopleGone,
    PeriodCovered,
    SecondPerson,
)
from finance_net.awards.reconciliation.models import ReconciliationItem
from finance_net.awards.reconciliation.service import import_statement, list_items, resolve_difference
from finance_net.awards.reconciliation.withdrawing import StatementBooked, withdraw_statement
from finance_net.ledger.models import Transfer
from finance_net.ledger.proving import prove
from tests.factories.awards import STATEMENT, an_award_desk
from tests.factories.identity import an_actor
from tests.factories.ledger import WAN
from tests.factories.table_files import a_csv
from tests.made_once import made_once

ASKED = {"limit": 20, "sort": "-found_at", "address": "/"}


@made_once
def desk(session):
    """Two payments and what came back of the first."""
    desk = an_award_desk(session)
    desk.approved_in_two()
    desk.exported()
    first, second = desk.payments
    desk.answered(desk.line("settled", first, bank_ref="YH1"), desk.line("settled", second, bank_ref="YH2"))
    return desk


def kinds(session, statement):
    items = session.scalars(select(ReconciliationItem).where(ReconciliationItem.statement_id == statement.id))
    return {(each.direction, each.bank_ref): (each.kind, each.ours_fen, each.theirs_fen) for each in items}


def test_missing_surplus_and_other_amounts_are_listed_and_resolved_by_another(desk, session):
    first, second = sorted(desk.payments, key=lambda each: each.bank_ref)
    lines = [
        ["YH1", "支出", f"{first.amount_fen / 100:.2f}", desk.day],
        ["YH3", "out", "5.00", desk.day],
        ["YH2", "收入", "1", desk.day],
    ]
    statement = desk.stated(*lines)
    assert (statement.lines, statement.matched, statement.differences) == (3, 1, 3)
    assert kinds(session, statement) == {
        ("out", "YH1"): ("matched", first.amount_fen, first.amount_fen), ("out", "YH2"): ("missing", second.amount_fen, None),
        ("out", "YH3"): ("surplus", None, 500), ("in", "YH2"): ("surplus", None, 100),
    }  # fmt: skip
    assert desk.stated(*lines, by=desk.second) is statement
    with pytest.raises(PeriodCovered, match="overlaps with a statement"):
        desk.stated(["YH1", "out", "1", desk.day])
    found = list_items(session, desk.second, ASKED | {"is_open": True, "fund_id": desk.award.fund_id}).items
    assert {each.kind for each in found} == {"missing", "surplus"}
    with pytest.raises(SecondPerson):
        resolve_difference(session, desk.first, found[0].id, reason="手续费", now=desk.now)
    resolve_difference(session, desk.second, found[0].id, reason="手续费", now=desk.now)
    with pytest.raises(StateConflict):
        resolve_difference(session, desk.second, found[0].id, reason="手续费", now=desk.now)
    (matched,) = list_items(session, desk.second, ASKED | {"kind": "matched"}).items
    with pytest.raises(StateConflict):
        resolve_difference(session, desk.second, matched.id, reason="手续费", now=desk.now)


def test_another_amount_and_what_came_back_are_seen(desk, session):
    payment = desk.payments[0]
    clawback = desk.clawback(payment, WAN)
    record_recovery(
        session,
        desk.first,
        clawback.id,
        amount_fen=WAN,
        bank_ref="HK1",
        received_on=desk.now.date(),
        now=desk.now,
    )
    statement = desk.stated(
        ["HK1", "in", "10000.00", desk.day],
        ["YH1", "out", "1.00", desk.day],
        ["YH2", "out", "2.00", desk.day],
    )
    found = kinds(session, statement)
    assert found[("in", "HK1")][0] == "matched"
    assert {found[("out", ref)][0] for ref in ("YH1", "YH2")} == {"amount_differs"}


def test_what_only_the_bank_knew_turns_out_to_be_a_payment_and_is_booked_as_that_by_another(desk, session):
    """A refused payment that was settled after all, and one that came back, both seen in the statement first."""
    one, other = sorted(desk.payments, key=lambda each: each.bank_ref)
    desk.answered(desk.line("returned", other))
    desk.exported()
    again = desk.payments[-1]
    desk.answered(desk.line("refused", again))
    amount, back = f"{other.amount_fen / 100:.2f}", f"{one.amount_fen / 100:.2f}"
    statement = desk.stated(
        ["YH9", "out", amount, desk.day], ["TH9", "in", back, desk.day], ["TH8", "in", back, desk.day], ["YH1", "out", "1", desk.day]
    )  # fmt: skip
    items = {
        (each.direction, each.bank_ref): each
        for each in session.scalars(
            select(ReconciliationItem).where(ReconciliationItem.statement_id == statement.id)
        )
    }

    def placed(key, payment, by=desk.second):
        said = {"reason": "银行更正", "payment_id": payment.id, "now": desk.now}
        return resolve_difference(session, by, items[key].id, **said)

    def refused(key, payment):
        with pytest.raises(Invalid) as refusal:
            placed(key, payment)
        return " ".join(str(each["problem"]) for each in refusal.value.data["errors"])

    assert "only what the bank alone knows" in refused(("out", "YH1"), one)
    assert "There is no such payment of this fund" in refused(("out", "YH9"), desk.award)
    assert "the payment is 100,000.00" in refused(("in", "TH9"), again)
    assert "is settled already" in refused(("out", "YH9"), one)
    with pytest.raises(SecondPerson):
        placed(("in", "TH9"), one, by=desk.first)
    assert (placed(("in", "TH9"), one).payment_id, one.state, one.return_ref) == (one.id, "returned", "TH9")
    assert (placed(("out", "YH9"), again).payment_id, again.state, again.bank_ref) == (again.id, "settled", "YH9")  # fmt: skip
    assert (one.returned_on, again.settled_on) == (desk.now.date(), desk.now.date())
    assert "is returned already (reference TH9" in refused(("in", "TH8"), one)
    assert [each.state for each in desk.tranches] == ["approved", "paid"]
    with pytest.raises(IntegrityError, match="ck_reconciliation_items_of_payment"), session.begin_nested():
        session.execute(
            text("UPDATE reconciliation_items SET payment_id = (SELECT id FROM award_payments LIMIT 1)")
        )
    assert prove(session).differences == []


def test_where_those_who_ordered_it_have_left_two_others_book_what_came_back(desk, session):
    payment, left = desk.payments[0], {desk.first.account_id, desk.second.account_id}
    third, fourth = (an_actor(session, (Role.FUND_MANAGER, PROVINCE)) for _ in range(2))
    session.execute(update(Membership).where(Membership.account_id.in_(left)).values(ended_at=desk.now))
    session.expire_all()
    with pytest.raises(PeopleGone, match="there are fewer among the two who ordered it and you"), session.begin_nested():  # fmt: skip
        desk.answered(desk.line("returned", payment), by=third)
    desk.stated(["TH9", "in", f"{payment.amount_fen / 100:.2f}", desk.day], by=third)
    (item,) = list_items(session, fourth, ASKED | {"kind": "surplus"}).items
    resolve_difference(session, fourth, item.id, reason="退汇", payment_id=payment.id, now=desk.now)
    booked = session.get_one(Transfer, payment.return_transfer_id)
    assert {booked.actor_id, booked.approver_id} == {third.account_id, fourth.account_id}


def test_where_both_who_decided_a_clawback_have_left_two_others_book_what_came_of_it(desk, session):
    payment = desk.payments[0]
    clawback, left = desk.clawback(payment, 2 * WAN), {desk.first.account_id, desk.second.account_id}
    third, fourth = (an_actor(session, (Role.FUND_MANAGER, PROVINCE)) for _ in range(2))
    session.execute(update(Membership).where(Membership.account_id.in_(left)).values(ended_at=desk.now))
    session.expire_all()
    said = {"amount_fen": WAN, "bank_ref": "HK1", "received_on": desk.now.date(), "now": desk.now}
    with pytest.raises(PeopleGone, match="there are fewer among"), session.begin_nested():
        record_recovery(session, third, clawback.id, **said)
    lines = (
        ["HK1", "in", "10000.00", desk.day],
        ["HK2", "in", "10000.01", desk.day],
        ["YH8", "out", "1.00", desk.day],
    )
    statement = desk.stated(*lines, by=third)
    query = select(ReconciliationItem).where(ReconciliationItem.statement_id == statement.id)
    items = {each.bank_ref: each for each in session.scalars(query)}

    def placed(ref, by=fourth, **other):
        how = {"reason": "追回到账", "clawback_id": clawback.id, "now": desk.now} | other
        with session.begin_nested():
            return resolve_difference(session, by, items[ref].id, **how)

    def refused(ref, **other):
        with pytest.raises(Invalid) as refusal:
            placed(ref, **other)
        return " ".join(str(each["problem"]) for each in refusal.value.data["errors"])

    assert "“not with us”, money that left: only money that came" in refused("YH8")
    assert "There is no such clawback of this fund" in refused("HK1", clawback_id=payment.id)
    assert "not both" in refused("HK1", payment_id=payment.id)
    with pytest.raises(SecondPerson):
        placed("HK1", by=third)
    assert placed("HK1").clawback_id == clawback.id
    assert (clawback.state, clawback.recovered_fen) == ("partly", WAN)
    booked = session.scalars(select(Transfer).where(Transfer.kind == "recover")).one()
    assert {booked.actor_id, booked.approver_id} == {third.account_id, fourth.account_id}
    with pytest.raises(StateConflict):
        placed("HK1")
    with pytest.raises(MoreThanExpected):
        placed("HK2")
    assert items["HK2"].resolved_at is None
    with pytest.raises(BankRefKnown):
        record_recovery(session, third, clawback.id, **said)
    with pytest.raises(StatementBooked, match="1 items were placed as payments or clawbacks"):
        withdraw_statement(session, fourth, statement.id, reason="误导入", now=desk.now)
    with pytest.raises(IntegrityError, match="ck_reconciliation_items_of_clawback"), session.begin_nested():
        session.execute(
            text("UPDATE reconciliation_items SET clawback_id = (SELECT id FROM clawbacks LIMIT 1)")
        )
    assert prove(session).differences == []


def test_who_brings_the_statement_of_one_who_left_again_takes_their_place(desk, session):
    one, other = sorted(desk.payments, key=lambda each: each.bank_ref)
    lines = [
        [ref, "in", f"{each.amount_fen / 100:.2f}", desk.day] for ref, each in (("TH1", one), ("TH2", other))
    ]
    statement, left = desk.stated(*lines), {desk.first.account_id, desk.second.account_id}
    query = select(ReconciliationItem).where(ReconciliationItem.statement_id == statement.id)
    items = {each.bank_ref: each for each in session.scalars(query)}
    third, fourth = (an_actor(session, (Role.FUND_MANAGER, PROVINCE)) for _ in range(2))
    assert desk.stated(*lines, by=third).imported_by == desk.first.account_id

    def placed(ref, payment, by):
        said = {"reason": "退汇", "payment_id": payment.id, "now": desk.now}
        with session.begin_nested():
            return resolve_difference(session, by, items[ref].id, **said)

    placed("TH1", one, desk.second)
    session.execute(update(Membership).where(Membership.account_id.in_(left)).values(ended_at=desk.now))
    session.expire_all()
    with pytest.raises(PeopleGone):
        placed("TH2", other, fourth)
    assert desk.stated(*lines, by=third) is statement
    assert (statement.imported_by, items["TH1"].found_by) == (third.account_id, desk.first.account_id)
    with pytest.raises(SecondPerson):
        placed("TH2", other, third)
    placed("TH2", other, fourth)
    booked = session.get_one(Transfer, other.return_transfer_id)
    assert {booked.actor_id, booked.approver_id} == {third.account_id, fourth.account_id}


def test_money_of_a_clawback_lies_not_before_its_payment(desk, session):
    """The day is the statement's, so that the refusal names what the caller may change."""
    clawback, before = desk.clawback(desk.payments[0], WAN), desk.now.date() - timedelta(days=1)
    content = a_csv([STATEMENT, ["HK0", "in", "1.00", before.isoformat()]])
    import_statement(
        session, desk.first, desk.award.fund_id, content, since_on=before, until_on=before, now=desk.now
    )
    (item,) = list_items(session, desk.second, ASKED | {"kind": "surplus"}).items
    with pytest.raises(Invalid) as refusal:
        resolve_difference(
            session, desk.second, item.id, reason="追回", clawback_id=clawback.id, now=desk.now
        )
    assert [each["field"] for each in refusal.value.data["errors"]] == ["clawback_id"]
    assert item.resolved_at is None


def test_days_without_movements_are_reconciled_and_days_to_come_are_not(desk, session):
    day, content = desk.now.date(), a_csv([STATEMENT])

    def stated(since, until):
        said = {"since_on": since, "until_on": until, "now": desk.now}
        return import_statement(session, desk.first, desk.award.fund_id, content, **said)

    with pytest.raises(Invalid) as refusal:
        stated(day, day + timedelta(days=1))
    assert (
        str(refusal.value.data["errors"][0]["problem"]) == f"May not lie after today ({day}, Asia/Shanghai)"
    )
    quiet = stated(day - timedelta(days=9), day - timedelta(days=2))
    assert (quiet.lines, quiet.differences) == (0, 0)
    silent = stated(day - timedelta(days=1), day)
    assert kinds(session, silent).keys() == {("out", "YH1"), ("out", "YH2")}
    assert stated(day - timedelta(days=1), day) is silent
    with pytest.raises(PeriodCovered):
        stated(day, day)


def test_a_reference_of_money_that_came_says_nothing_of_money_that_left_before(desk, session):
    """A bank may give a return the reference of the payment that it returns."""
    later = desk.now + timedelta(days=1)
    content = a_csv([STATEMENT, ["YH1", "in", "5.00", later.date().isoformat()]])
    said = {"since_on": later.date(), "until_on": later.date(), "now": later}
    statement = import_statement(session, desk.first, desk.award.fund_id, content, **said)
    assert kinds(session, statement) == {("in", "YH1"): ("surplus", None, 500)}


def test_a_statement_of_another_fund_is_withdrawn_by_a_second_person_and_its_days_are_free(desk, session):
    lines = (
        ["YH1", "out", "1.00", desk.day],
        ["TH9", "in", f"{desk.payments[0].amount_fen / 100:.2f}", desk.day],
    )
    statement = desk.stated(*lines)
    said = {"reason": "导入到了另一资金", "now": desk.now}
    with pytest.raises(PeriodCovered) as covered:
        desk.stated(["YH1", "out", "2.00", desk.day])
    assert covered.value.data["statement_id"] == statement.id
    with pytest.raises(Forbidden):
        withdraw_statement(session, desk.member, statement.id, **said)
    with pytest.raises(SecondPerson):
        withdraw_statement(session, desk.first, statement.id, **said)
    assert withdraw_statement(session, desk.second, statement.id, **said).withdrawn_at == desk.now
    with pytest.raises(StateConflict):
        withdraw_statement(session, desk.second, statement.id, **said)
    mine = {"fund_id": desk.award.fund_id}
    assert list_items(session, desk.second, ASKED | mine).items == []
    (item, *_) = list_items(
        session, desk.second, ASKED | {"statement_id": statement.id, "is_open": True}
    ).items
    with pytest.raises(StateConflict):
        resolve_difference(session, desk.second, item.id, reason="手续费", now=desk.now)
    again = desk.stated(*lines)
    assert (again is statement, len(list_items(session, desk.second, ASKED | mine).items)) == (False, 3)
    back = select(ReconciliationItem.id).where(
        ReconciliationItem.statement_id == again.id, ReconciliationItem.direction == "in"
    )
    placed = {"reason": "退汇", "payment_id": desk.payments[0].id, "now": desk.now}
    resolve_difference(session, desk.second, session.scalars(back).one(), **placed)
    with pytest.raises(StatementBooked):
        withdraw_statement(session, desk.second, again.id, **said)
    for wrong in (
        "withdrawn_by = imported_by, withdrawn_at = now(), withdrawing_reason = '.'",
        "withdrawn_at = now()",
    ):
        with pytest.raises(IntegrityError, match="ck_bank_statements_"), session.begin_nested():
            session.execute(text(f"UPDATE bank_statements SET {wrong} WHERE withdrawn_at IS NULL"))


def test_a_statement_is_of_its_period_and_names_each_reference_once(desk, session):
    with pytest.raises(LinesRefused) as refusal:
        desk.stated(
            ["YH1", "out", "1", desk.day], ["YH1", "out", "1", desk.day], ["YH2", "out", "1", "2026-01-01"]
        )
    assert [each["field"] for each in refusal.value.data["errors"]] == [
        "line 3: bank_ref",
        "line 4: booked_on",
    ]
    day, content = desk.now.date(), a_csv([STATEMENT, ["YH1", "out", "1", desk.day]])
    with pytest.raises(Invalid) as refusal:
        import_statement(
            session,
            desk.first,
            desk.award.fund_id,
            content,
            since_on=day,
            until_on=day.replace(year=2025),
            now=desk.now,
        )
    assert refusal.value.data["errors"][0]["field"] == "until_on"
    with pytest.raises(Forbidden):
        desk.stated(["YH1", "out", "1", desk.day], by=desk.member)
