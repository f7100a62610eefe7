import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from backbone import migrate
from backbone.db import Database
from backbone.settings import describe_settings
from sanwang import operations

PLATFORM = Path(__file__).resolve().parents[2] / "platform"
NO_DATABASE = {"DATABASE_URL": "", "MIGRATION_DATABASE_URL": ""}


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.chdir(tmp_path)  # away from the developer's .env
    app = typer.Typer()
    operations.register(app)
    return app


def test_migrate_goes_up_and_down_on_the_owners_url(
    command: typer.Typer, committed_database: Database, owner: Database
):
    url = {"DATABASE_URL": "postgresql://nobody@nowhere/x", "MIGRATION_DATABASE_URL": owner.url}
    down = CliRunner().invoke(command, ["migrate", "--down", "--revision", "-1"], env=url)
    assert down.exit_code == 0
    assert not migrate.is_current(committed_database.url)
    up = CliRunner().invoke(command, ["migrate"], env=url)
    assert up.exit_code == 0
    assert "up to date" in up.output
    assert migrate.is_current(committed_database.url)


def test_migrate_without_a_database_says_what_to_set(command: typer.Typer):
    refused = CliRunner().invoke(command, ["migrate"], env=NO_DATABASE)
    assert refused.exit_code == 1
    assert "Set DATABASE_URL" in refused.output


def test_a_database_that_does_not_answer_is_one_sentence(command: typer.Typer):
    url = {"MIGRATION_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}
    refused = CliRunner().invoke(command, ["migrate"], env=url)
    assert refused.exit_code == 1
    assert "The database does not answer" in refused.output


def test_whoever_migrates_without_being_the_owner_is_told_so(
    command: typer.Typer, committed_database: Database, owner: Database
):
    migrate.downgrade(owner.url, "-1")
    url = {"DATABASE_URL": committed_database.url, "MIGRATION_DATABASE_URL": ""}
    refused = CliRunner().invoke(command, ["migrate"], env=url)
    assert refused.exit_code == 1
    assert "migrate as the owner, by MIGRATION_DATABASE_URL" in refused.output


def test_serve_on_a_database_that_is_behind_names_the_command(
    command: typer.Typer, committed_database: Database, owner: Database
):
    migrate.downgrade(owner.url, "-1")
    refused = CliRunner().invoke(command, ["serve"], env={"DATABASE_URL": committed_database.url})
    assert refused.exit_code == 1
    assert "sanwang migrate" in refused.output
    assert "sanwang migrate" in refused.output.splitlines()[-1]


def test_settings_lists_every_variable(command: typer.Typer):
    shown = CliRunner().invoke(command, ["settings"], env={"COLUMNS": "300"})
    assert shown.exit_code == 0
    assert all(name in shown.output for name, _, _ in describe_settings())


def test_settings_show_what_holds_now_but_no_secret(command: typer.Typer):
    known = {
        "COLUMNS": "300",
        "DATABASE_URL": "postgresql://me:secret@db/x",
        "DIGEST_KEY": "a-secret",
        "HTTP_PORT": "8123",
    }
    shown = CliRunner().invoke(command, ["settings"], env=known).output
    assert "postgresql://me:***@db/x" in shown
    assert "8123" in shown
    assert "secret" not in shown


def test_a_setting_that_cannot_be_read_is_a_sentence():
    environment = {**os.environ, "PYTHONPATH": str(PLATFORM), "HTTP_PORT": "eight"}
    ended = subprocess.run(
        [sys.executable, "-m", "sanwang.cli", "serve"], env=environment, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (2, "HTTP_PORT 应为整数 / HTTP_PORT must be a whole number\n")


def test_a_key_that_is_missing_is_a_sentence_to_whoever_opens_the_administrator():
    environment = {
        **os.environ, "PYTHONPATH": str(PLATFORM), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "DIGEST_KEY": "",
        "SANWANG_PASSWORD": "long enough to be one",
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "sanwang.cli",
        "open-administrator",
        "--login",
        "admin",
        "--name",
        "管理员",
    ]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "set DIGEST_KEY" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_command_explains_itself_with_an_example(command: typer.Typer):
    for name in ("serve", "worker", "migrate", "settings"):
        assert "Example:" in CliRunner().invoke(command, [name, "--help"]).output


def test_importing_the_commands_loads_nothing_heavy():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys; from sanwang import operations; print(*sys.modules)"],
        env=os.environ | {"PYTHONPATH": str(PLATFORM)}, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert not {"sqlalchemy", "flask", "psycopg", "procrastinate", "alembic", "faiss", "numpy"} & set(loaded)
