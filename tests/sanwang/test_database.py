"""`sanwang db roles`, and what `migrate`, `serve` and the application make of the roles they find."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner, Result

from backbone.db import Database, bind
from backbone.roles import PrivilegedLogin
from backbone.settings import Settings
from sanwang import processes
from sanwang.app import create_app
from sanwang.cli import app
from sanwang.database import password_of
from sanwang.serve import database_for
from tests.databases import TestDatabases

pytestmark = pytest.mark.postgres

UNSET = {"DATABASE_URL": "", "MIGRATION_DATABASE_URL": ""}


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=UNSET | environment)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # away from the developer's .env


@pytest.fixture
def administrator(databases: TestDatabases, committed_database: Database) -> str:
    return databases.administrator_url(committed_database.url)


def test_the_role_is_made_by_an_administrator_and_again_by_anybody(
    administrator: str, owner: Database, monkeypatch: pytest.MonkeyPatch
):
    name = f"{make_url(owner.url).database}_app"
    monkeypatch.setattr("backbone.roles.make_role.__defaults__", (name, None))
    try:
        made = run("db", "roles", "--administrator", administrator)
        assert (made.exit_code, "Made the role" in made.output) == (0, True)
        again = run("db", "roles", MIGRATION_DATABASE_URL=owner.url)
        assert (again.exit_code, "exists already" in again.output) == (0, True)
    finally:
        with psycopg.connect(administrator) as connection:
            connection.execute(f"DROP ROLE {name}")


def test_without_any_url_it_says_what_to_give():
    refused = run("db", "roles")
    assert refused.exit_code == 1
    assert "--administrator" in refused.output
    assert "MIGRATION_DATABASE_URL" in refused.output
    assert "内置数据库自动建立角色" in refused.output


def test_a_database_that_does_not_answer_is_one_sentence():
    refused = run("db", "roles", "--administrator", "postgresql://nobody@127.0.0.1:1/x")
    assert refused.exit_code == 1
    assert "The database does not answer" in refused.output
    assert "Traceback" not in refused.output


def test_a_login_that_may_not_make_roles_is_told_what_to_do(owner: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("backbone.roles.make_role.__defaults__", ("sanwang_never", None))
    refused = run("db", "roles", MIGRATION_DATABASE_URL=owner.url)
    assert refused.exit_code == 1
    assert "CREATE ROLE sanwang_never LOGIN" in refused.output
    assert "请管理员执行" in refused.output


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("postgresql://sanwang_app:s%40crt@db/sanwang", "s@crt"),
        ("postgresql://sanwang_app@db/sanwang", None),
        ("postgresql://somebody:secret@db/sanwang", None),
        ("postgresql:///sanwang?user=sanwang_app&password=x&host=/run/postgresql", "x"),
        (None, None),
    ],
)
def test_the_password_is_that_of_the_applications_url(url: str | None, password: str | None):
    assert password_of(url) == password


def test_help_shows_the_command_with_an_example():
    overview = " ".join(run("--help").output.split())
    assert "Example: sanwang db roles" in overview
    assert "Example: sanwang db roles --administrator" in " ".join(
        run("db", "roles", "--help").output.split()
    )


def test_migrate_without_the_role_says_what_to_run(owner: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("backbone.roles.APPLICATION", "sanwang_nobody")
    refused = run("migrate", MIGRATION_DATABASE_URL=owner.url)
    assert refused.exit_code == 1
    assert "sanwang_nobody" in refused.output
    assert "sanwang db roles" in refused.output.splitlines()[-1]


def test_serve_refuses_the_owner_in_both_languages(owner: Database):
    refused = run("serve", DATABASE_URL=owner.url, DIGEST_KEY="a key for tests alone")
    assert refused.exit_code == 1
    assert "the platform does not start" in refused.output
    assert "服务不启动" in refused.output
    assert "Traceback" not in refused.output


def test_a_worker_refuses_the_owner_with_the_status_that_gunicorn_gives_up_at(
    owner: Database, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sanwang.app.Database", lambda url: owner)
    with pytest.raises(SystemExit) as ending:
        processes.application(replace(settings, database_url=owner.url))
    assert ending.value.code == 3
    assert "the platform does not start" in capsys.readouterr().err


def test_the_application_refuses_to_be_the_owner_outside_demo_mode_unless_allowed(
    owner: Database, settings: Settings
):
    ours = replace(settings, database_url=owner.url)
    with pytest.raises(PrivilegedLogin):
        create_app(ours, transactions=owner)
    create_app(replace(ours, allow_privileged_login=True), transactions=owner)
    create_app(replace(ours, demo_mode=True), transactions=owner)


def test_serve_looks_at_a_database_of_ones_own_before_any_child_starts(
    owner: Database, committed_database: Database
):
    with pytest.raises(PrivilegedLogin), database_for(Settings(database_url=owner.url)):
        pass
    allowed = Settings(database_url=owner.url, allow_privileged_login=True)
    for settings in (allowed, Settings(database_url=committed_database.url)):
        with database_for(settings) as ready:
            assert ready == settings
    bind(committed_database)
