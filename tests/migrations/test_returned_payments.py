"""Payments, answers and statements from before they could come back are as they were; a way back that would hide something is refused."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backbone import migrate
from backbone.db import Database
from finance_net.awards.answers.service import import_answer
from finance_net.awards.reconciliation.withdrawing import withdraw_statement
from tests.factories.awards import an_award_desk

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
BEFORE = "0037"
ROWS = [
    text(f"SELECT {columns} FROM {table} ORDER BY id")
    for table, columns in (
        ("award_payments", "id, state, bank_ref, settled_on, transfer_id, version"),
        ("payment_answers", "id, lines, settled, refused, doubtful, changed"),
        ("bank_statements", "id, since_on, sha256, differences"),
        ("reconciliation_items", "id, kind, ours_fen, theirs_fen, resolved_at"),
        ("fund_case_steps", "id, kind, sha256, content_hash"),
    )
]


def rows(database: Database) -> list:
    with database.transaction() as session:
        return [[tuple(row) for row in session.execute(each)] for each in ROWS]


def test_what_was_on_record_stays_and_what_came_back_keeps_the_release(owner, committed_database):
    with committed_database.transaction() as session:
        desk = an_award_desk(session)
        desk.paid()
        statement = desk.stated(["TH-1", "in", "1.00", desk.day]).id
        returned = desk.answer(desk.line("returned"))
    before = rows(committed_database)
    committed_database.engine.dispose()
    migrate.downgrade(owner.url, BEFORE)
    migrate.upgrade(owner.url)
    assert rows(committed_database) == before
    with committed_database.transaction() as session:
        withdraw_statement(session, desk.second, statement, reason="误导入", now=desk.now)
    committed_database.engine.dispose()
    with pytest.raises(DBAPIError, match="statements were withdrawn"):
        migrate.downgrade(owner.url, BEFORE)
    with owner.transaction() as session:
        session.execute(
            text(
                "UPDATE bank_statements SET withdrawn_at = NULL, withdrawn_by = NULL, withdrawing_reason = NULL"
            )
        )
    with committed_database.transaction() as session:
        import_answer(session, desk.first, returned, now=desk.now)
    committed_database.engine.dispose()
    with pytest.raises(DBAPIError, match="ck_award_payments_state"):
        migrate.downgrade(owner.url, BEFORE)
