"""`sanwang ledger verify` as people and monitors call it: what it prints, and its exit status."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from backbone.db import Database
from sanwang import ledger_command
from tests.factories.chain import as_owner
from tests.factories.ledger import Treasury, a_treasury, an_envelope, some_holds


@pytest.fixture
def treasury(committed_database: Database) -> Treasury:
    with committed_database.transaction() as session:
        treasury = a_treasury(session, limit_fen=2_000)
        some_holds(treasury, an_envelope(treasury, treasury.root, limit_fen=1_000))
    return treasury


@pytest.fixture
def run(committed_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)  # away from the developer's .env

    def call(*words: str, url: str = committed_database.url) -> Any:
        said = {"COLUMNS": "220", "DATABASE_URL": url}
        return CliRunner().invoke(ledger_command.app, ["verify", *words], env=said)

    return call


def test_an_intact_ledger_ends_with_zero(run: Any, treasury: Treasury):
    said = run()
    assert said.exit_code == 0
    assert "账本完好 / intact" in said.output
    of_fund = json.loads(run("--fund", treasury.fund.key, "--json").output)
    assert (of_fund["intact"], of_fund["transfers"], of_fund["envelopes"], of_fund["findings"]) == (
        True,
        9,
        2,
        [],
    )


def test_a_broken_one_ends_with_one_and_says_what_is_wrong(run: Any, owner: Database, treasury: Treasury):
    with as_owner(owner) as connection:
        connection.execute(text("UPDATE fund_envelopes SET limit_fen = limit_fen + 1 WHERE depth = 0"))
        connection.execute(text("UPDATE fund_transfers SET amount_fen = 1 WHERE kind = 'pay'"))
    said = run("--fund", treasury.fund.key)
    assert said.exit_code == 1
    for words in ("余额与分录不符", "分录与凭证不符", "内容被改动"):
        assert words in said.output
    found = json.loads(run("--json").output)
    assert {"balances", "legs", "changed"} <= {each["what"] for each in found["findings"]}


@pytest.mark.usefixtures("treasury")
def test_what_cannot_be_looked_at_ends_with_two(run: Any):
    assert (run("--fund", "nobody").exit_code, run(url="").exit_code) == (2, 2)
