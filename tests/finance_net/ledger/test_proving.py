"""The proof finds whatever somebody with the database in hand has changed."""

from typing import Any

import pytest
from sqlalchemy import text

from backbone.chain.sealing import seal
from backbone.db import Database
from finance_net.ledger.models import CHAIN, Envelope
from finance_net.ledger.proving import Proof, count_steps, prove
from tests.factories.chain import as_owner, wait_until_due
from tests.factories.ledger import AT, a_treasury, an_envelope, some_holds

CHANGES = {
    "a leg": ("legs", "UPDATE fund_transfer_legs SET reserved_fen = reserved_fen + 1, available_fen = available_fen - 1"
              " WHERE reserved_fen = 200 AND envelope_id = '{project}'"),
    "a leg of another envelope": ("legs_unasked", "INSERT INTO fund_transfer_legs SELECT transfer_id, '{other}', 99, limit_fen,"
                                  " available_fen, reserved_fen, committed_fen, approved_fen, paid_fen, recovered_fen"
                                  " FROM fund_transfer_legs WHERE reserved_fen = 200 AND envelope_id = '{project}'"),
    "a leg gone": ("legs", "DELETE FROM fund_transfer_legs WHERE reserved_fen = 200 AND envelope_id = '{project}'"),
    "a balance": ("balances", "UPDATE fund_envelopes SET limit_fen = limit_fen + 1 WHERE id = '{project}'"),
    "an order of legs": ("balances", "UPDATE fund_transfer_legs SET ordinal = 1000 - ordinal WHERE envelope_id = '{project}'"),
    "a hold": ("holds", "UPDATE fund_holds SET open_fen = open_fen - 1 WHERE id = '{reserved}'"),
    "a hold's place": ("holds", "UPDATE fund_holds SET envelope_id = '{other}' WHERE id = '{reserved}'"),
    "a hold gone": ("holds", "DELETE FROM fund_holds WHERE id = '{reserved}'"),
    "an amount": ("changed", "UPDATE fund_transfers SET amount_fen = amount_fen + 1 WHERE id = '{reserved}'"),
    "a second person": ("changed", "UPDATE fund_transfers SET approver_id = NULL, kind = 'void', bucket = 'reserved'"
                        " WHERE kind = 'commit'"),
    "a part": ("parts", "UPDATE fund_envelopes SET is_partitioned = true WHERE id = '{project}'"),
}  # fmt: skip


@pytest.fixture
def known(committed_database: Database) -> dict[str, Any]:
    """A sealed ledger with one of everything."""
    with committed_database.transaction() as session:
        seal(session, CHAIN, now=AT)
        treasury = a_treasury(session, limit_fen=2_000)
        project, other = (an_envelope(treasury, treasury.root, limit_fen=1_000) for _ in range(2))
        holds = some_holds(treasury, project)
    wait_until_due(committed_database)
    with committed_database.transaction() as session:
        assert seal(session, CHAIN, now=AT) > 0
    return {"project": project.id, "other": other.id, "reserved": holds.reserved, "fund": treasury.fund.id}


def proven(database: Database, **more: Any) -> Proof:
    with database.transaction() as session:
        return prove(session, **more)


def test_what_nobody_touched_is_intact(committed_database: Database, known: dict[str, Any]):
    told: list[int] = []
    proof = proven(committed_database, progress=told.append)
    assert (proof.is_intact, proof.chain.waiting) == (True, 0)
    assert (proof.transfers, proof.envelopes) == (proof.chain.sealed, 3)
    with committed_database.transaction() as session:
        assert sum(told) == count_steps(session)
        of_fund = count_steps(session, known["fund"])
        assert session.query(Envelope).count() == 3
    assert of_fund == sum(told)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_was_changed_is_found(
    committed_database: Database, owner: Database, known: dict[str, Any], change: str
):
    what, statement = CHANGES[change]
    with as_owner(owner) as connection:
        connection.execute(text(statement.format(**known)))
    found = proven(committed_database).findings
    assert what in {each.what for each in found}
    of_fund = proven(committed_database, fund_id=known["fund"])
    assert {each.what for each in of_fund.findings} == {each.what for each in found}


def test_what_is_wrong_in_another_fund_is_not_told_of_this_one(
    committed_database: Database, owner: Database, known: dict[str, Any]
):
    with committed_database.transaction() as session:
        another = a_treasury(session).fund.id
    with as_owner(owner) as connection:
        connection.execute(text(CHANGES["a balance"][1].format(**known)))
    assert proven(committed_database, fund_id=another).differences == []
    assert proven(committed_database, fund_id=known["fund"]).differences != []
