"""`sanwang credit`: what it says of a card, of a wrong one, and of values."""

import json

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from backbone.db import transaction
from finance_net.credit.models import StoredScorecard
from sanwang.cli import app
from tests.factories.credit import CARD

VALUES = {"years": 3, "revenue": 500, "patents": 4, "debt_ratio": 0.6}


@pytest.fixture
def card(tmp_path):
    path = tmp_path / "card.yaml"
    path.write_text(CARD, "utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["credit", *map(str, arguments)])


def scored(card, tmp_path, values, *more):
    path = tmp_path / "V.json"
    path.write_text(values if isinstance(values, str) else json.dumps(values), "utf-8")
    return run("score", card, "--values", path, *more)


def test_a_card_that_is_right_is_summed_up_and_told_where_it_differs_from_what_was_published(card):
    result = run("scorecard", "check", card)
    assert result.exit_code == 0
    assert "test-card" in result.stdout
    assert "note" not in result.stdout
    card.write_text(CARD.replace("source: 测试\n", "source: 测试\nshape: hubei\n"), "utf-8")
    assert "2 indicators; 27 were published" in run("scorecard", "check", card).stdout


@pytest.mark.parametrize(("content", "said"), [
    (CARD.replace("start_up: 60", "start_up: 61"), ["card.yaml:16：indicators 组 start_up 的权重合计 101", "card.yaml:16: indicators have weights"]),
    ("key: [", ["不是合法的 YAML", "is not valid YAML"]),
    ("", ["文件是空的", "is empty"]),
    (b"\xff\xfe", ["不是 UTF-8", "is not UTF-8"]),
    (None, ["无法读取", "cannot be read"]),
])  # fmt: skip
def test_what_is_wrong_is_said_in_both_languages_with_its_line(card, content, said):
    if content is None:
        card.unlink()
    else:
        card.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("scorecard", "check", card)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert all(each in result.stderr for each in said), result.stderr


def test_a_score_is_told_as_json_and_for_people(card, tmp_path):
    answer = json.loads(scored(card, tmp_path, VALUES, "--json").stdout)
    assert (answer["group"], answer["hundredths"], answer["missing"]) == ("start_up", 5_400, [])
    assert "54.00 / 100" in scored(card, tmp_path, VALUES).stdout
    some = {name: value for name, value in VALUES.items() if name != "patents"}
    assert "24.00 – 84.00" in scored(card, tmp_path, some).stdout
    assert json.loads(scored(card, tmp_path, some, "--json").stdout)["hundredths"] is None
    assert "years" in scored(card, tmp_path, {}).stdout


@pytest.mark.parametrize(("values", "said"), [
    ("[1]", "must be a JSON object"),
    ('{"patents": "4"}', "patents must be numbers"),
    ('{"patents": NaN}', "patents must be numbers"),
    ("{", "is not JSON"),
    ('{"patents": 1, "patents": 20}', "twice: patents"),
    ('{"patents": 1e99999999999999999999999}', "is not JSON"),
    ('{"patent": 4}', "does not read patent"),
])  # fmt: skip
def test_values_that_are_none_are_refused(card, tmp_path, values, said):
    result = scored(card, tmp_path, values)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_card_is_loaded_once(card, committed_database, monkeypatch):
    assert run("scorecard", "load", card).exit_code == 2
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setenv("DIGEST_KEY", "a key for tests alone")
    monkeypatch.setenv("PERSONAL_DATA_KEY", "a key for sealing in tests")
    assert run("scorecard", "load", card).exit_code == 0
    again = run("scorecard", "load", card)
    assert again.exit_code == 2
    assert "is on record" in again.stderr
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(StoredScorecard)) == 1
