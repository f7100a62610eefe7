"""Whatever is ordered, sent, answered, sent back, asked back, closed and ordered again: no fen of an award is lost or spent twice."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from backbone.errors import DomainError
from finance_net.awards.answers.answer_file import STATUSES
from finance_net.awards.clawbacks.models import Clawback, Recovery
from finance_net.awards.clawbacks.service import record_recovery
from finance_net.awards.life import CLAWBACK, LIVE, PAYMENT, RETURNED, SETTLED
from finance_net.awards.models import Award, TranchePart
from finance_net.awards.payments.models import Payment, PaymentBatch
from finance_net.awards.payments.service import export_batch, withdraw_batch
from finance_net.awards.reconciliation.models import ReconciliationItem
from finance_net.awards.reconciliation.service import resolve_difference
from finance_net.awards.service import close_award
from finance_net.ledger.models import Hold, Transfer
from finance_net.ledger.proving import prove
from tests.factories.awards import AwardDesk, an_award_desk
from tests.factories.ledger import WAN, standing


def _instruct(desk: AwardDesk, _: int) -> None:
    desk.instructed()


def _export(desk: AwardDesk, _: int) -> None:
    export_batch(desk.session, desk.second, _batch(desk), now=desk.now)


def _withdraw(desk: AwardDesk, _: int) -> None:
    withdraw_batch(desk.session, desk.first, _batch(desk), now=desk.now)


def _batch(desk: AwardDesk) -> Any:
    return desk.session.scalars(select(PaymentBatch.id).order_by(PaymentBatch.number.desc()).limit(1)).one()


def _one(desk: AwardDesk, which: int, *states: str) -> Payment:
    """Mostly one of which it may be said."""
    payments = desk.payments
    fitting = [each for each in payments if each.state in states] if which % 4 else payments
    return (fitting or payments)[which % len(fitting or payments)]


def _answer(status: str) -> Callable[[AwardDesk, int], None]:
    def answer(desk: AwardDesk, which: int) -> None:
        desk.answered(desk.line(status, _one(desk, which, *PAYMENT.before(STATUSES[status]))))

    return answer


def _claw_back(desk: AwardDesk, which: int) -> None:
    desk.clawback(_one(desk, which, SETTLED), 1 + which % 3 * WAN, is_approved=which % 4 > 0)


def _recover(desk: AwardDesk, which: int) -> None:
    states = CLAWBACK.before("receive_all")
    clawback = desk.session.scalars(select(Clawback).where(Clawback.state.in_(states)).limit(1)).one()
    left = clawback.amount_fen - clawback.recovered_fen
    said = {
        "bank_ref": f"HK{clawback.recovered_fen}{clawback.number}",
        "received_on": desk.now.date(),
        "now": desk.now,
    }
    record_recovery(desk.session, desk.first, clawback.id, amount_fen=1 + which % left, **said)


def _recover_by_statement(desk: AwardDesk, which: int) -> None:
    """A day is reconciled once: what comes first of an example is taken."""
    states = CLAWBACK.before("receive_all")
    clawback = desk.session.scalars(select(Clawback).where(Clawback.state.in_(states)).limit(1)).one()
    fen = 1 + which % (clawback.amount_fen - clawback.recovered_fen)
    statement = desk.stated(["HK-statement", "in", f"{fen / 100:.2f}", desk.day])
    came = (ReconciliationItem.statement_id == statement.id, ReconciliationItem.bank_ref == "HK-statement")
    item = desk.session.scalars(select(ReconciliationItem).where(*came)).one()
    resolve_difference(
        desk.session, desk.second, item.id, reason="追回", clawback_id=clawback.id, now=desk.now
    )


def _close(desk: AwardDesk, _: int) -> None:
    close_award(desk.session, desk.first, desk.award.id, reason="结题", now=desk.now)


Act = Callable[[AwardDesk, int], None]
POOL = 100 * WAN
PLACED = select(func.count()).where(ReconciliationItem.clawback_id.is_not(None))
SETTLE, RETURN = _answer("settled"), _answer("returned")
ACTS: tuple[Act, ...] = (
    _instruct, _instruct, _export, _export, _withdraw, SETTLE, SETTLE, SETTLE, _answer("refused"), _answer("unknown"), RETURN, RETURN,
    _claw_back, _recover, _recover_by_statement, _close,
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7)), min_size=10, max_size=30)


def _sum(session: Session, column: Any, *where: Any) -> int:
    return int(session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)


def _adds_up(desk: AwardDesk, *, was_closed: bool) -> None:
    session = desk.session
    award = session.get_one(Award, desk.award.id, populate_existing=True)
    committed = session.get_one(Hold, award.hold_id, populate_existing=True).open_fen
    held = select(TranchePart.hold_id).where(TranchePart.award_id == award.id)
    approved = _sum(session, Hold.open_fen, Hold.id.in_(held))
    settled = _sum(session, Payment.amount_fen, Payment.state == SETTLED)
    recovered = _sum(session, Recovery.amount_fen)
    said = {"committed": committed, "approved": approved, "paid": settled, "recovered": recovered}
    said["available"] = POOL - committed - approved - settled + recovered
    assert standing(session, desk.season.pools["F"]) == {name: fen for name, fen in said.items() if fen}
    assert committed + approved + settled <= award.amount_fen
    assert (
        was_closed or committed + approved + settled == award.amount_fen
    )  # what was cancelled once stays free
    assert award.closed_at is None or committed + approved == 0
    back = _sum(session, Transfer.amount_fen, Transfer.kind == "reverse_payment")
    assert back == _sum(session, Payment.amount_fen, Payment.state == RETURNED)
    assert _sum(session, Transfer.amount_fen, Transfer.kind == "pay") == settled + back
    live = {each.part_id: each.state for each in desk.payments if each.state in LIVE}
    payable = set(session.scalars(held.join(Hold, Hold.id == TranchePart.hold_id).where(Hold.open_fen > 0)))
    for tranche in desk.tranches:
        parts = {live.get(part.id) for part in tranche.parts}
        is_held = any(part.hold_id in payable for part in tranche.parts)
        unpaid = "approved" if is_held else "cancelled"
        assert tranche.state == ("paid" if parts == {SETTLED} else "paying" if parts - {None, SETTLED} else unpaid)  # fmt: skip


def _tried(desk: AwardDesk, act: Act, which: int) -> bool:
    """Whether it was done; what is refused is rolled back, as at the boundary."""
    try:
        with desk.session.begin_nested():
            act(desk, which)
    except (DomainError, NoResultFound):
        desk.session.expire_all()
        return False
    return True


def run(session: Session, examples: int) -> None:
    desk = an_award_desk(session, is_first_use=True)
    desk.approved_in_two()
    desk.exported(1)
    desk.answered(*(desk.line("settled", each) for each in desk.payments))
    done: Counter[str] = Counter()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def conserved(steps: list[tuple[Act, int]]) -> None:
        example = session.begin_nested()
        was_closed = False
        try:
            for act, which in steps:
                if _tried(desk, act, which):
                    was_closed |= act is _close
                    _adds_up(desk, was_closed=was_closed)
            done.update(session.scalars(select(Transfer.kind)))
            done["placed"] += session.scalar(PLACED) or 0
            assert prove(session).differences == []
        finally:
            example.rollback()
            session.expire_all()

    conserved()
    assert (
        examples < 100
        or min(done[kind] for kind in ("pay", "reverse_payment", "recover", "void", "placed")) > 0
    )


def test_no_fen_is_lost_or_spent_twice(session: Session):
    run(session, 6)


@pytest.mark.slow
def test_no_fen_is_lost_or_spent_twice_for_long(session: Session):
    run(session, 150)
