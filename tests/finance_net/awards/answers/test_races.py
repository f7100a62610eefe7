"""Many at once on real PostgreSQL, and connections that die: a batch leaves once, an answer books once, a part is ordered once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from backbone.db import Database
from backbone.errors import DomainError
from finance_net.awards.answers.models import PaymentAnswer
from finance_net.awards.answers.service import import_answer
from finance_net.awards.clawbacks.models import Clawback
from finance_net.awards.clawbacks.service import decide_clawback, propose_clawback, record_recovery
from finance_net.awards.payments.models import Payment, PaymentBatch
from finance_net.awards.payments.service import export_batch, instruct_payments
from finance_net.awards.reconciliation.models import ReconciliationItem
from finance_net.awards.reconciliation.service import resolve_difference
from finance_net.awards.service import close_award
from finance_net.ledger.models import Transfer
from finance_net.ledger.proving import prove
from tests.factories.awards import an_award_desk
from tests.factories.ledger import WAN

CALLERS = 4
PAID, REVERSED = (select(func.count()).where(Transfer.kind == kind) for kind in ("pay", "reverse_payment"))
KILLED = text("SELECT pg_terminate_backend(pg_backend_pid())")


def at_once(database: Database, act: Callable[[Any, int], Any], *, callers: int = CALLERS) -> list[str]:
    """What each of the callers got: an answer, or the code of a refusal."""
    start = Barrier(callers)

    def call(number: int) -> str:
        start.wait(30)
        try:
            with database.transaction() as session:
                return str(act(session, number))
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(callers) as pool:
        return sorted(pool.map(call, range(callers)))


def test_of_many_at_once_one_orders_one_sends_and_one_books(committed_database: Database):
    with committed_database.transaction() as session:
        desk = an_award_desk(session)
        desk.planned(30 * WAN, 10 * WAN)
        ids = [desk.approved(ordinal).id for ordinal in (1, 2)]
        desk.with_accounts()
        fund_id = desk.award.fund_id
    first, second, now = desk.first, desk.second, desk.now

    batch, *refused = at_once(
        committed_database, lambda session, _: instruct_payments(session, first, fund_id, ids, now=now).id
    )
    assert refused == ["nothing_to_pay"] * 3
    _, *refused = at_once(
        committed_database, lambda session, _: export_batch(session, second, batch, now=now).sha256
    )
    assert refused == ["wrong_state"] * 3
    with committed_database.transaction() as session:
        payments = session.scalars(select(Payment).order_by(Payment.reference)).all()
        lines = [desk.line("settled", each) for each in payments]
    files = desk.answer(*lines), desk.answer(*reversed(lines))
    taken = at_once(
        committed_database,
        lambda session, number: import_answer(session, first, files[number % 2], now=now).changed,
    )
    assert taken == ["0", "0", "2", "2"]  # each file once: its repetition is told what the first did
    with committed_database.transaction() as session:
        assert session.scalar(PAID) == 2
        assert sorted(session.scalars(select(PaymentAnswer.changed))) == [0, 2]
        assert prove(session).differences == []


def test_a_connection_that_dies_before_its_commit_leaves_nothing_and_a_repetition_all(
    committed_database: Database,
):
    with committed_database.transaction() as session:
        desk = an_award_desk(session)
        desk.approved()
        batch = desk.instructed().id

    def dying(act: Callable[[Any], Any]) -> None:
        with committed_database.transaction() as session:
            act(session)
            session.execute(KILLED)

    with pytest.raises(OperationalError):
        dying(lambda session: export_batch(session, desk.second, batch, now=desk.now))
    with committed_database.transaction() as session:
        assert session.get_one(PaymentBatch, batch).state == "proposed"
        export_batch(session, desk.second, batch, now=desk.now)
        content = desk.answer(desk.line("settled", session.scalars(select(Payment)).one()))
    with pytest.raises(OperationalError):
        dying(lambda session: import_answer(session, desk.first, content, now=desk.now))
    for before in (("exported", 0), ("settled", 1)):
        with committed_database.transaction() as session:
            assert (session.scalars(select(Payment.state)).one(), session.scalar(PAID)) == before
            assert import_answer(session, desk.first, content, now=desk.now).changed == 1
    with committed_database.transaction() as session:
        assert session.scalar(PAID) == 1


def test_of_many_who_say_at_once_that_it_came_back_one_takes_it_back(committed_database: Database):
    """Beside the closing of its award, and beside somebody who books the same money as a clawback's: nothing hangs, all of it adds up."""
    with committed_database.transaction() as session:
        desk = an_award_desk(session)
        desk.approved_in_two()
        desk.exported()
        one, other = desk.payments
        out = [desk.line("settled", each) for each in (one, other)]
        desk.answered(*out)
        clawback = desk.clawback(other, 1)
        line, second = desk.line("returned", one), desk.line("returned", other)
        files = [desk.answer(line), desk.answer(line), desk.answer(*out, line), desk.answer(line, *out)]
    first, now = desk.first, desk.now

    def say_or_close(session: Any, number: int) -> Any:
        if number < len(files):
            return import_answer(session, first, files[number], now=now).changed
        return close_award(session, first, desk.award.id, reason="结题", now=now).number

    told = at_once(committed_database, say_or_close, callers=len(files) + 1)
    assert desk.award.number in told
    assert set(told) == {"0", "1", desk.award.number}
    with committed_database.transaction() as session:
        assert sum(session.scalars(select(PaymentAnswer.changed).where(PaymentAnswer.returned > 0))) == 1
        assert session.scalar(REVERSED) == 1

    back = {"amount_fen": 1, "bank_ref": second[2], "received_on": now.date(), "now": now}

    def say_or_recover(session: Any, number: int) -> Any:
        if number:
            return record_recovery(session, first, clawback.id, **back).state
        return import_answer(session, first, desk.answer(second), now=now).changed

    assert at_once(committed_database, say_or_recover, callers=2) in (["1", "wrong_state"], ["lines_refused", "recovered"])  # fmt: skip
    with committed_database.transaction() as session:
        assert prove(session).differences == []


def test_of_two_who_book_one_reference_of_the_bank_at_once_the_other_is_told(committed_database: Database):
    with committed_database.transaction() as session:
        desk = an_award_desk(session)
        desk.planned(10 * WAN, 10 * WAN, 10 * WAN, 10 * WAN)
        for ordinal in range(1, 5):
            desk.approved(ordinal)
        desk.exported()
        payments = desk.payments
        files = [desk.answer(desk.line("settled", each, bank_ref="YH-1")) for each in payments]
    first, now = desk.first, desk.now

    taken = at_once(
        committed_database,
        lambda session, number: import_answer(session, first, files[number], now=now).changed,
    )
    assert taken == ["1", "lines_refused", "lines_refused", "lines_refused"]
    asked = {"reason": "other", "words": "测试", "amount_fen": 2, "due_on": now.date()}
    clawbacks = []
    with committed_database.transaction() as session:
        left = session.scalars(select(Payment).where(Payment.state == "exported").order_by(Payment.id)).all()
        rest = desk.answer(*(desk.line("settled", each) for each in left))
        import_answer(session, first, rest, now=now)
        for payment in session.scalars(select(Payment).order_by(Payment.id)).all():
            proposed = propose_clawback(session, first, payment.id, asked, now=now)
            decide_clawback(session, desk.second, proposed.id, is_approved=True, note=None, now=now)
            clawbacks.append(proposed.id)
    said = {"amount_fen": 1, "bank_ref": "HK-1", "received_on": now.date(), "now": now}
    booked = at_once(
        committed_database,
        lambda session, number: record_recovery(session, first, clawbacks[number], **said).state,
    )
    assert booked[:3] == ["bank_ref_known"] * 3


def test_of_many_who_book_and_place_one_line_of_a_clawback_at_once_one_books_it(committed_database: Database):
    with committed_database.transaction() as session:
        desk = an_award_desk(session)
        clawback = desk.clawback(desk.paid(), WAN).id
        statement = desk.stated(["HK1", "in", "100.00", desk.day])
        query = select(ReconciliationItem.id).where(ReconciliationItem.statement_id == statement.id)
        item = session.scalars(query.where(ReconciliationItem.bank_ref == "HK1")).one()
    first, second, now = desk.first, desk.second, desk.now

    def book(session: Any, number: int) -> str:
        if number % 2:
            said = {"amount_fen": 10_000, "bank_ref": "HK1", "received_on": now.date()}
            return record_recovery(session, first, clawback, **said, now=now).state
        resolve_difference(session, second, item, reason="追回", clawback_id=clawback, now=now)
        return session.get_one(Clawback, clawback).state

    told = at_once(committed_database, book)
    assert told.count("partly") == 1
    assert set(told) <= {"partly", "bank_ref_known", "wrong_state"}
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).where(Transfer.kind == "recover")) == 1
        assert prove(session).differences == []
