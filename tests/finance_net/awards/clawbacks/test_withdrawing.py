"""A recovery that was recorded by mistake: taken back by another, put right in the ledger, and recorded anew."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from backbone.errors import Forbidden, NotFound
from backbone.identity.models import Membership
from finance_net.awards.clawbacks.withdrawing import RecoveryVouched, withdraw_recovery
from finance_net.awards.errors import PeopleGone, SecondPerson
from finance_net.awards.reconciliation.models import ReconciliationItem
from finance_net.awards.reconciliation.withdrawing import withdraw_statement
from finance_net.cases.models import CaseStep
from finance_net.cases.reading import summary
from finance_net.ledger.errors import EnvelopeExceeded
from finance_net.ledger.service import reserve
from tests.factories.awards import an_award_desk
from tests.factories.ledger import WAN, standing
from tests.made_once import made_once


@made_once
def desk(session):
    return an_award_desk(session)


@made_once
def clawback(desk):
    return desk.clawback(desk.paid(), 10 * WAN)


def withdrawn(desk, recovery, by=None, reason="金额登记有误"):
    return withdraw_recovery(desk.session, by or desk.second, recovery.id, reason=reason, now=desk.now)


def test_a_mistyped_recovery_is_taken_back_by_another_and_recorded_anew(desk, session, clawback):
    mistyped = desk.recovery(clawback, 8 * WAN)
    desk.recovery(clawback, WAN, "ZH-2")
    with pytest.raises(SecondPerson):
        withdrawn(desk, mistyped, by=desk.first)
    assert withdrawn(desk, mistyped) is clawback
    assert (clawback.state, clawback.recovered_fen) == ("partly", WAN)
    assert standing(session, desk.season.pools["R"])["recovered"] == WAN
    assert (mistyped.withdrawn_by, mistyped.withdrawing_reason) == (desk.second.account_id, "金额登记有误")
    assert withdrawn(desk, mistyped) is clawback  # twice is once
    again = desk.recovery(clawback, 9 * WAN)  # by the same reference
    assert (clawback.state, clawback.recovered_fen) == ("recovered", 10 * WAN)
    assert [each.id for each in clawback.recoveries if each.withdrawn_at is None] == sorted(
        each.id for each in clawback.recoveries if each is not mistyped
    )
    assert again in clawback.recoveries


def test_with_the_last_one_nothing_has_come_and_the_case_and_the_public_sums_say_so(desk, session, clawback):
    withdrawn(desk, desk.recovery(clawback, 10 * WAN))
    assert (clawback.state, clawback.recovered_fen) == ("expected", 0)
    query = select(CaseStep.kind, CaseStep.amount_fen).order_by(CaseStep.ordinal.desc()).limit(2)
    assert session.execute(query).all() == [("recovery_withdrawn", 10 * WAN), ("clawback", 10 * WAN)]
    assert summary(session, None, now=desk.now)["recovered_fen"] == 0


def test_what_the_banks_statement_has_stays_until_the_statement_is_withdrawn(desk, session, clawback):
    recovery = desk.recovery(clawback, 2 * WAN)
    statement = desk.stated([recovery.bank_ref, "in", "20000.00", desk.day])
    with pytest.raises(RecoveryVouched, match="ZH-1"):
        withdrawn(desk, recovery)
    withdraw_statement(session, desk.second, statement.id, reason="误导入", now=desk.now)
    assert withdrawn(desk, recovery).state == "expected"
    assert _kinds_in(desk, [recovery.bank_ref, "in", "20000.00", desk.day]) == ["surplus"]


def test_another_amount_than_the_banks_is_put_right(desk, clawback):
    """The statement says 20,000, somebody typed 30,000: a difference vouches for nothing."""
    recovery = desk.recovery(clawback, 3 * WAN)
    assert _kinds_in(desk, [recovery.bank_ref, "in", "20000.00", desk.day]) == ["amount_differs"]
    assert withdrawn(desk, recovery).state == "expected"


def test_money_that_is_set_aside_again_is_not_there_to_be_taken_back(desk, session, clawback):
    recovery, pool = desk.recovery(clawback, 10 * WAN), desk.season.pools["R"]
    reserve(session, desk.first, pool.id, standing(session, pool)["available"], reason="另用", now=desk.now)
    with pytest.raises(EnvelopeExceeded), session.begin_nested():
        withdrawn(desk, recovery)
    session.refresh(recovery)
    assert recovery.withdrawn_at is None


def test_only_managers_take_it_back_and_two_of_them_are_behind_it(desk, session, clawback):
    recovery = desk.recovery(clawback)
    with pytest.raises(Forbidden):
        withdrawn(desk, recovery, by=desk.member)
    with pytest.raises(NotFound):
        withdraw_recovery(session, desk.second, clawback.id, reason="x", now=desk.now)
    for held in session.scalars(select(Membership).filter_by(account_id=desk.first.account_id)):
        held.ended_at = desk.now
    session.flush()
    with pytest.raises(PeopleGone), session.begin_nested():
        withdrawn(desk, recovery)
    with pytest.raises(IntegrityError, match="two_people"), session.begin_nested():
        session.execute(
            text(
                "UPDATE clawback_recoveries SET withdrawn_by = recorded_by, withdrawn_at = recorded_at, withdrawing_reason = 'x',"
                " withdrawal_transfer_id = transfer_id"
            )
        )


def _kinds_in(desk, *lines):
    """How a statement of these lines compares with what has come in."""
    items = select(ReconciliationItem.kind).filter_by(statement_id=desk.stated(*lines).id, direction="in")
    return list(desk.session.scalars(items))
