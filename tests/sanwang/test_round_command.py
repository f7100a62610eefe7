"""`sanwang fund round` as managers call it."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from sanwang import fund_command
from tests.factories.grants import a_season, announced, scored_all
from tests.factories.ledger import WAN


@pytest.fixture
def run(committed_database, tmp_path, monkeypatch) -> Any:
    monkeypatch.chdir(tmp_path)  # away from the developer's .env

    def call(*words: str) -> Any:
        said = {"COLUMNS": "220", "DATABASE_URL": committed_database.url}
        return CliRunner().invoke(fund_command.app, ["round", *words], env=said)

    return call


def test_who_gets_what_and_what_another_would_have_cost(run, committed_database):
    with committed_database.transaction() as session:
        season = a_season(session, pool_fen=60 * WAN)
        best, second, third = (each.number for each in scored_all(season, 90, 80, 70, least_fen=30 * WAN))
        number = season.round.number
        before = run(number)  # nothing of it is committed yet
        announced(season)
    assert before.exit_code == 2
    shown = run(number, "--why")
    assert shown.exit_code == 0
    for words in ("公示中 announced", "300,000.00", f"得分少 score lost 10.00；替下 displaces {second}"):
        assert words in shown.output
    assert "为何未入选" not in run(number).output
    said = json.loads(run(number, "--why", "--json").stdout)
    assert [each["number"] for each in said["applications"]] == [best, second, third]
    assert [each["amount_fen"] for each in said["applications"]] == [30 * WAN, 30 * WAN, None]
    assert said["applications"][2]["why_not"]["displaced"] == [second]
    assert len(said["selection"]["model_sha256"]) == 64


def test_a_round_before_its_selection_shows_what_was_handed_in(run, committed_database):
    with committed_database.transaction() as session:
        season = a_season(session)
        scored_all(season, 90)
    said = json.loads(run(season.round.number, "--json").stdout)
    assert (said["selection"], [each["state"] for each in said["applications"]]) == (None, ["admitted"])


def test_a_number_that_is_nobodys_is_a_sentence(run):
    said = run("PC-0000")
    assert (said.exit_code, "没有编号为 PC-0000 的批次" in said.stderr) == (2, True)
