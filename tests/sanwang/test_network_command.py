"""`sanwang network`, as whoever runs a platform calls it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from ground_net.network.models import NetworkNode
from sanwang.cli import app
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY

PLATFORM = Path(__file__).resolve().parents[2] / "platform"
PATTERN = """
nodes:
  - {key: HB-HS, kind: hub, name: 黄石中心, region_code: 420200, nodes_planned: 6}
  - {key: HB-HS-01, kind: node, name: 测试园区, parent: HB-HS, region_code: 420200, park: 某园区}
  - {key: HB-HS-01-01, kind: station, name: 测试驿站, parent: HB-HS-01, region_code: 420200}
"""
FAULTY = (
    PATTERN
    + """
  - {key: HB-HS-01, kind: node, name: 重复, parent: HB-HS, region_code: 420200}
  - {key: HB-HS-02, kind: node, name: 无上级, parent: NOWHERE, region_code: "999999"}
  - {key: A, kind: hub, name: 甲, parent: B, region_code: 420200}
  - {key: B, kind: hub, name: 乙, parent: A, region_code: 420200}
"""
)
PLACES = ("nodes.3.key", "nodes.4.parent", "nodes.4.region_code", "nodes.5.parent")


@pytest.fixture
def alone(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def platform(committed_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setenv("DIGEST_KEY", DIGEST_KEY)
    monkeypatch.setenv("PERSONAL_DATA_KEY", PERSONAL_DATA_KEY)
    return committed_database


def run(*words):
    return CliRunner().invoke(app, ["network", *words])


def written(tmp_path, text, name="pattern.yaml"):
    (tmp_path / name).write_text(text, "utf-8")
    return str(tmp_path / name)


def count(database):
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(NetworkNode))


def test_the_command_works_in_a_process_that_has_imported_nothing_else(alone, tmp_path):
    command = [sys.executable, "-m", "sanwang.cli", "network", "check", written(tmp_path, FAULTY)]
    environment = {**os.environ, "PYTHONPATH": str(PLATFORM)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert all(place in ended.stderr for place in PLACES)


def test_a_pattern_is_checked_without_a_database(alone, tmp_path):
    assert run("check", written(tmp_path, PATTERN)).exit_code == 0
    refused = run("check", written(tmp_path, FAULTY))
    assert refused.exit_code == 2
    assert all(place in refused.stderr for place in PLACES)
    assert "A → B → A" in refused.stderr


def test_a_pattern_is_checked_loaded_and_shown(platform, tmp_path):
    good, faulty = written(tmp_path, PATTERN), written(tmp_path, FAULTY, "faulty.yaml")
    assert run("check", good).exit_code == 0
    refused = run("load", faulty)
    assert (refused.exit_code, count(platform)) == (2, 0)
    assert all(place in refused.stderr for place in PLACES)
    assert "3" in run("load", good).stdout
    assert "opened 0" in run("load", good).stdout, "what stands is left as it is"
    assert count(platform) == 3
    shown = run("show").stdout
    assert "1+6+N" in shown
    assert "1+1+1" in shown
    assert "2024-06-30" in shown, "published figures carry their day"
    [hub, *rest] = json.loads(run("show", "--json").stdout)["nodes"]
    assert (hub["declared"], hub["standing"]["text"], [line["depth"] for line in rest]) == (
        "1+6+N",
        "1+1+1",
        [1, 2],
    )
    assert json.loads(run("show", "--json", "--below", "HB-HS-01").stdout)["counts"] == {
        "hub": 0,
        "node": 1,
        "station": 1,
    }


@pytest.mark.parametrize(
    "words",
    [("show", "--region", "1"), ("show", "--below", "NOWHERE"), ("check", "missing.yaml"), ("load", ".")],
)
def test_unusable_input_is_a_sentence_and_exit_status_2(platform, words):
    refused = run(*words)
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
