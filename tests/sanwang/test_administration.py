"""`sanwang open-administrator` and `sanwang reset-password`, on a real database."""

import pytest
from click.testing import Result
from sqlalchemy import select
from typer.testing import CliRunner

from backbone.db import Database
from backbone.identity import credentials, service
from backbone.identity.errors import PasswordKnownToAnother
from backbone.identity.models import Account
from backbone.notices.models import Notice
from sanwang.cli import app
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY

FIRST = "first password of the test"
GIVEN = "given password of the test"
OWN = "own password of the test"


@pytest.fixture(autouse=True)
def configured(committed_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setenv("DIGEST_KEY", DIGEST_KEY)
    monkeypatch.setenv("PERSONAL_DATA_KEY", PERSONAL_DATA_KEY)


def run(*arguments: str, password: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"SANWANG_PASSWORD": password})


def test_the_last_administrator_comes_back_in(committed_database, clock):
    assert run("open-administrator", "--login", "admin", "--name", "管理员", password=FIRST).exit_code == 0
    given = run("reset-password", "--login", "admin", password=GIVEN)
    assert (given.exit_code, "changePassword" in given.output) == (0, True)
    now = clock.now()
    with committed_database.transaction() as session, pytest.raises(PasswordKnownToAnother):
        service.issue_token(session, login="admin", password=GIVEN, days=1, now=now)
    with committed_database.transaction() as session:
        credentials.change_password(session, login="admin", password=GIVEN, new_password=OWN, now=now)
        token, _ = service.issue_token(session, login="admin", password=OWN, days=1, now=now)
        account = session.get_one(Account, token.account_id)
        kinds = session.scalars(select(Notice.kind).where(Notice.recipient_id == account.id)).all()
    assert sorted(kinds) == ["password_changed", "password_reset"]


def test_a_login_that_nobody_has_is_a_sentence():
    refused = run("reset-password", "--login", "nobody", password=GIVEN)
    assert (refused.exit_code, "nobody" in refused.output) == (1, True)


@pytest.mark.parametrize(
    ("login", "password", "field"),
    [
        ("", FIRST, "login"),
        ("l" * 61, FIRST, "login"),
        ("admin", "p" * 201, "password"),
        ("admin", " " * 12, "password"),
    ],
)
def test_what_the_api_would_refuse_opens_and_resets_nothing(committed_database, login, password, field):
    refused = [run("open-administrator", "--login", login, "--name", "管理员", password=password)]
    if field == "password":
        assert run("open-administrator", "--login", login, "--name", "管理员", password=FIRST).exit_code == 0
        refused.append(run("reset-password", "--login", login, password=password))
    for each in refused:
        assert (each.exit_code, f"  {field}: " in each.output) == (1, True), each.output
    with committed_database.transaction() as session:
        assert session.scalars(select(Account.password_given_at)).all() == (
            [None] if field == "password" else []
        )


def test_a_short_password_is_refused_before_anything_else():
    refused = run("reset-password", "--login", "admin", password="short")
    assert (refused.exit_code, "12" in refused.output) == (1, True)


def test_both_commands_explain_themselves_with_an_example():
    for name in ("open-administrator", "reset-password"):
        assert f"Example: sanwang {name}" in CliRunner().invoke(app, [name, "--help"]).output
