"""`sanwang ranker`, as whoever runs a platform calls it."""

import pytest
from typer.testing import CliRunner

from sanwang.cli import app
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY
from tests.factories.grading import a_grade, a_ranker, a_world, graded
from tests.factories.matching import installed


@pytest.fixture
def platform(committed_database, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setenv("DIGEST_KEY", DIGEST_KEY)
    monkeypatch.setenv("PERSONAL_DATA_KEY", PERSONAL_DATA_KEY)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    with installed(None):
        yield committed_database


def run(*words):
    return CliRunner().invoke(app, ["ranker", *words])


def test_learning_listing_showing_and_going_back(platform):
    with platform.transaction() as session:
        world = a_world(session, 30)
        graded(session, world, range(30))
    assert "default ranking (blend) is in use" in run("list").output
    first = run("learn")
    assert first.exit_code == 0, first.output
    assert "in use: 1" in first.output
    assert "tried on 30 needs against blend" in first.output
    assert "nothing new" in run("learn").output
    listed = run("list").output
    assert "在用 in use" in listed
    assert "blend" in listed
    shown = run("show", "1")
    assert "title:dense" in shown.output
    assert "operations" in shown.output
    back = run("restore")
    assert (back.exit_code, "in use: blend" in back.output) == (0, True)
    assert "已停用 retired" in run("list").output
    with platform.transaction() as session:
        a_grade(session, world.needs[0], world.echoes[0], 1)
    assert "in use: 2" in run("learn").output
    assert "in use: 1" in run("restore", "1").output
    assert "in use: 2" in run("restore").output


def test_too_few_grades_are_said(platform):
    said = run("learn")
    assert (said.exit_code, "too few grades: 0 needs" in said.output) == (0, True)


def test_a_version_that_does_not_fit_is_listed_as_such_and_not_put_back(platform):
    with platform.transaction() as session:
        a_ranker(session, 1, encoder="another")
    assert "不适用 does not fit" in run("list").output
    refused = run("restore", "1")
    assert (refused.exit_code, "other signals or with another encoder" in refused.output) == (2, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "7"], "There is no version 7"),
        (["restore", "7"], "There is no version 7"),
        (["restore", "latest"], "neither a version nor blend"),
        (["restore"], "there is nothing to roll back"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_2(platform, words, says):
    refused = run(*words)
    assert (refused.exit_code, says in refused.output) == (2, True), refused.output


def test_without_a_database_it_says_what_to_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "")
    with installed(None):
        refused = run("learn")
    assert (refused.exit_code, "Set DATABASE_URL" in refused.output) == (2, True)
