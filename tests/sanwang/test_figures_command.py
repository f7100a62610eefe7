"""`sanwang network figures` and `load-targets`, as whoever runs a platform calls them."""

import json

import pytest
from typer.testing import CliRunner

from ground_net.figures.words import FIGURES
from sanwang.cli import app
from sanwang.figures_report import _cell
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY
from tests.factories.network import a_hub


@pytest.fixture
def platform(committed_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setenv("DIGEST_KEY", DIGEST_KEY)
    monkeypatch.setenv("PERSONAL_DATA_KEY", PERSONAL_DATA_KEY)
    return committed_database


def run(*words):
    return CliRunner().invoke(app, ["network", *words])


def test_the_figures_stand_beside_the_published_targets(platform):
    with platform.transaction() as session:
        a_hub(session, key="HB-HS", name="黄石中心", region_code="420200")
    assert "4" in run("load-targets").stdout
    assert "0" in run("load-targets").stdout
    shown = run("figures", "--by", "zone", "--year", "2024")
    assert shown.exit_code == 0, shown.output
    assert "目标" in shown.stdout
    assert "80%" in shown.stdout
    [row] = json.loads(run("figures", "--by", "zone", "--year", "2024", "--json").stdout)["rows"]
    assert {each["figure"]: each["met"] for each in row["targets"]} == {
        "needs_mined": False, "matching_rate": None, "events": False, "cooperations": False,
    }  # fmt: skip
    assert json.loads(run("figures", "--json", "--region", "420200").stdout)["rows"][0]["key"] == "HB-HS"


@pytest.mark.parametrize("words", [("--by", "star"), ("--region", "1"), ("--year", "99")])
def test_unusable_input_is_a_sentence_and_exit_status_2(platform, words):
    refused = run("figures", *words)
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
    said_where = [line for line in refused.output.splitlines() if line.startswith("  ") and " / " in line]
    assert said_where or "errors" not in refused.output, "it says where to look and shows nothing there"


def test_shares_and_money_are_short_enough_for_a_terminal():
    assert _cell(FIGURES["valid_share"], 0.3333) == "33.3%"
    assert _cell(FIGURES["amount_fen"], 69_935_626_900) == "69,935.63万元"
    assert (_cell(FIGURES["events"], 0), _cell(FIGURES["valid_share"], None)) == ("0", "—")
