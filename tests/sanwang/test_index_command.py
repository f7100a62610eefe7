"""`sanwang index`, as whoever runs a platform calls it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from backbone import db
from backbone.db import Database
from sanwang.cli import app
from sky_net.matching import engine as engines
from sky_net.matching.models import SearchBuild, SearchGeneration
from tests.factories.achievements import an_achievement
from tests.factories.needs import a_need
from tests.sky_net.matching.conftest import write_static_model


@pytest.fixture
def platform(committed_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    before = engines.install(None)
    with committed_database.transaction() as session:
        for _ in range(3):
            an_achievement(session)
        a_need(session, state="confirmed", visibility="public")
    yield committed_database
    engines.install(before)
    db.bind(committed_database)


def run(*words: str):
    return CliRunner().invoke(app, ["index", *words])


def told() -> dict[str, dict]:
    answer = run("status", "--json")
    assert answer.exit_code == 0, answer.output
    return {each["source"]: each for each in json.loads(answer.stdout)}


def test_before_a_build_there_is_no_index_and_after_it_there_is(platform: Database):
    assert {each["searched_with"] for each in told().values()} == {"no index"}
    built = run("build")
    assert built.exit_code == 0, built.output
    after = told()
    assert {name: each["documents"] for name, each in after.items()} == {"achievements": 3, "needs": 1}
    assert {each["searched_with"] for each in after.values()} == {"own"}
    assert after["achievements"]["recall"]["storage"] == 1.0
    assert after["achievements"]["build"]["ended_at"] is not None
    assert after["achievements"]["generation"] in built.output


def test_one_source_alone(platform: Database):
    assert run("build", "--source", "needs").exit_code == 0
    assert {name: each["generation"] is not None for name, each in told().items()} == {
        "achievements": False,
        "needs": True,
    }


def test_a_source_that_does_not_exist_is_named(platform: Database):
    refused = run("build", "--source", "patents")
    assert refused.exit_code == 2
    assert "patents" in refused.output
    assert "achievements, needs" in refused.output


def test_another_encoder_shows_on_what_is_searched_until_it_is_ready(
    platform: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr("sky_net.matching.projection.ENOUGH_FOR_A_GENERATION", 0)
    run("build")
    monkeypatch.setenv("ENCODER", str(write_static_model(tmp_path / "model")))
    assert told()["achievements"]["searched_with"] == "former"
    with platform.transaction() as session:
        session.execute(update(SearchGeneration).values(encoder="a model that has gone"))
    assert told()["achievements"]["searched_with"] == "words alone"
    assert "gone" in run("status").output
    run("build", "--source", "achievements")
    assert told()["achievements"]["searched_with"] == "own"


def a_build(database: Database, **values: object) -> None:
    now = datetime.now(UTC)
    known = {
        "source": "achievements", "encoder": "model", "phase": "encoding", "done": 512, "total": 2048,
        "started_at": now - timedelta(seconds=64), "phase_at": now - timedelta(seconds=64), "told_at": now,
        "ended_at": None, "failure": None,
    }  # fmt: skip
    with database.transaction() as session:
        session.add(SearchBuild(**(known | values)))


def test_a_build_in_progress_shows_its_rate_and_what_is_left(platform: Database):
    a_build(platform)
    build = told()["achievements"]["build"]
    assert build["per_s"] == 8.0
    assert build["remaining_s"] == 192
    assert not build["is_silent"]
    shown = run("status").output
    assert "512/2,048" in shown.replace("\n", "")


def test_a_build_that_went_silent_is_said_to_be_dead(platform: Database):
    a_build(platform, told_at=datetime.now(UTC) - timedelta(hours=1))
    assert told()["achievements"]["build"]["is_silent"]
    assert "no word" in run("status").output


def test_a_failed_build_says_why(platform: Database):
    a_build(platform, ended_at=datetime.now(UTC), failure="OSError: no space left on device")
    assert told()["achievements"]["build"]["failure"] == "OSError: no space left on device"
    assert "failed" in run("status").output


def test_a_damaged_generation_says_so(platform: Database, tmp_path: Path):
    run("build", "--source", "achievements")
    next(tmp_path.rglob("dense.faiss")).write_bytes(b"")
    status = told()["achievements"]
    assert status["searched_with"] == "no index"
    assert "dense.faiss" in status["problem"]


def test_without_a_database_nothing_is_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for words in (("status",), ("build",)):
        assert run(*words).exit_code == 2
