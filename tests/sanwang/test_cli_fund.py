"""`sanwang fund select`: what is printed is used from outside and keeps its shape."""

import json

import pytest
from typer.testing import CliRunner

from sanwang.cli import app
from tests.factories.rounds import a_round, an_application, category

FUNDED = a_round(
    [an_application("b", score=60, max_fen=700), an_application("a", score=80, min_fen=200, max_fen=900)],
    budget_fen=1_000,
    step_fen=100,
)
IMPOSSIBLE = a_round([an_application("a")], categories=[category("A", 101, 200)])


def fund(path, document, *options):
    path.write_text(json.dumps(document), encoding="utf-8")
    return CliRunner().invoke(app, ["fund", "select", str(path), *options])


def test_a_selection_as_json(tmp_path):
    said = fund(tmp_path / "round.json", FUNDED, "--json")
    assert said.exit_code == 0
    assert json.loads(said.stdout) == {
        "status": "optimal",
        "score": 140,
        "selected": [{"id": "a", "amount_fen": 900}, {"id": "b", "amount_fen": 100}],
        "conflict": [],
    }


def test_a_conflict_as_json(tmp_path):
    said = fund(tmp_path / "round.json", IMPOSSIBLE, "--json")
    assert said.exit_code == 0
    assert json.loads(said.stdout) == {
        "status": "infeasible",
        "score": 0,
        "selected": [],
        "conflict": ["category:A:min"],
    }


@pytest.mark.parametrize(("document", "word"), [(FUNDED, "资助方案"), (IMPOSSIBLE, "category:A:min")])
def test_people_get_a_table_or_the_reason(tmp_path, document, word):
    said = fund(tmp_path / "round.json", document)
    assert said.exit_code == 0
    assert word in said.stdout


def test_an_unusable_round_is_exit_code_2_with_its_places(tmp_path):
    said = fund(tmp_path / "round.json", {**FUNDED, "budget_fen": -1}, "--json")
    assert said.exit_code == 2
    assert said.stdout == ""
    assert "budget_fen 应在 0 至" in said.stderr
    assert "budget_fen must lie between 0" in said.stderr


def test_a_missing_file_is_exit_code_2(tmp_path):
    said = CliRunner().invoke(app, ["fund", "select", str(tmp_path / "none.json")])
    assert said.exit_code == 2
    assert "cannot read" in said.stderr
