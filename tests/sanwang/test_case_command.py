"""`sanwang fund case` as auditors call it."""

import json
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from backbone.chain.sealing import seal
from finance_net.cases.models import CHAIN
from sanwang import fund_command
from tests.factories.chain import as_owner, wait_until_due
from tests.factories.directory import an_enterprise
from tests.factories.fund_cases import STORY, a_told_case
from tests.factories.ledger import AT, a_treasury


@pytest.fixture
def number(committed_database) -> str:
    with committed_database.transaction() as session:
        told = a_told_case(a_treasury(session), [an_enterprise(session).id]).number
    wait_until_due(committed_database)
    with committed_database.transaction() as session:
        seal(session, CHAIN, now=AT)
    return told


@pytest.fixture
def run(committed_database, tmp_path, monkeypatch) -> Any:
    monkeypatch.chdir(tmp_path)  # away from the developer's .env

    def call(*words: str) -> Any:
        said = {"COLUMNS": "220", "DATABASE_URL": committed_database.url}
        return CliRunner().invoke(fund_command.app, ["case", *words], env=said)

    return call


def test_the_story_is_shown_exported_and_verified_by_its_own_script(run, number, tmp_path):
    said = run(number, "--export", "audit")
    assert said.exit_code == 0
    for words in ("立项决定 awarded", "6.00", "完好 whole", f"audit/{number}.json"):
        assert words in said.output
    checked = subprocess.run(
        [sys.executable, "-I", "audit/check_case.py", f"audit/{number}.json"], capture_output=True, text=True, check=False,
        cwd=tmp_path,
    )  # fmt: skip
    assert (checked.returncode, "尚无签名链头" in checked.stdout) == (0, True)
    steps = json.loads(run(number, "--json").output)["steps"]
    assert [step["position"] for step in steps] == list(range(1, len(STORY) + 1))


def test_a_changed_row_is_shown_and_ends_with_one(run, number, owner):
    with as_owner(owner) as connection:
        connection.execute(text("UPDATE fund_case_steps SET amount_fen = 9 WHERE kind = 'award'"))
    said = run(number)
    assert (said.exit_code, "被改动 changed" in said.output) == (1, True)


def test_a_number_that_is_nobodys_is_a_sentence(run):
    said = run("SB-0000")
    assert (said.exit_code, "没有编号为 SB-0000 的个案" in said.stderr) == (2, True)
