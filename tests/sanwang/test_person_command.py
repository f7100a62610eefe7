"""`sanwang person`, as an operator of the machine uses it: against a database of its own."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from backbone import encryption
from backbone.actor import PROVINCE, Role
from backbone.db import Database
from backbone.digests import configure_digests
from backbone.encryption import Keyring
from backbone.people.normal import ERASED
from sanwang import person_command
from sanwang.cli import app
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account

NAME, PHONE = "吕测试", "13512340000"
COMMANDS = ("export", "erase", "rotate-key")


@pytest.fixture(autouse=True)
def _own_keys_again():
    """The command sets the process's keys from its environment."""
    yield
    configure_digests(DIGEST_KEY)
    encryption.configure(Keyring.parse(PERSONAL_DATA_KEY))


@pytest.fixture
def run(committed_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)  # away from the developer's .env
    with committed_database.transaction() as session:
        an_enterprise(session, contact_name=NAME, contact_phone=PHONE, contact_email=None)

    def invoke(*arguments: str, said: str = "", **variables: str) -> Result:
        environment = {
            "DATABASE_URL": committed_database.url,
            "DIGEST_KEY": DIGEST_KEY,
            "PERSONAL_DATA_KEY": PERSONAL_DATA_KEY,
        }
        return CliRunner().invoke(app, ["person", *arguments], env=environment | variables, input=said)

    return invoke


def test_an_export_is_a_file_for_its_owner_alone_and_a_table_without_values(run, tmp_path: Path):
    done = run("export", "--phone", PHONE, "--out", "lu.json")
    assert done.exit_code == 0, done.output
    assert "enterprises.contact" in done.output
    assert NAME not in done.output
    written = tmp_path / "lu.json"
    assert json.loads(written.read_text())["records"][0]["values"] == {"name": NAME, "phone": PHONE}
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_an_export_replaces_an_older_file_and_its_permissions(run, tmp_path: Path):
    (tmp_path / "lu.json").write_text("older and longer " * 1000)
    (tmp_path / "lu.json").chmod(0o644)
    assert run("export", "--phone", PHONE, "--out", "lu.json").exit_code == 0
    assert json.loads((tmp_path / "lu.json").read_text())["asked_by"] == "phone"
    assert stat.S_IMODE((tmp_path / "lu.json").stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_is_one_sentence(run):
    refused = run("export", "--phone", PHONE, "--out", "no/such/folder.json")
    assert refused.exit_code == 1
    assert "Cannot write" in refused.output


def test_nobody_is_said_in_both_languages_with_status_1(run):
    for command in (("export", "--out", "x.json"), ("erase", "--reason", "本人申请", "--yes")):
        refused = run(*command, "--phone", "13500000000")
        assert refused.exit_code == 1
        assert "没有与所给电话相符的记录" in refused.output
        assert "no record with this phone" in refused.output


@pytest.mark.parametrize("given", [(), ("--phone", "1", "--email", "x@example.test"), ("--phone", "")])
def test_exactly_one_way_to_name_a_person_is_needed(run, given: tuple[str, ...]):
    refused = run("export", "--out", "x.json", *given)
    assert refused.exit_code == 2
    assert "exactly one" in refused.output


def test_an_erasure_without_a_reason_is_a_usage_error(run):
    assert run("erase", "--phone", PHONE).exit_code == 2
    assert run("erase", "--phone", PHONE, "--reason", " ").exit_code == 2


def test_an_erasure_asks_first_and_a_no_changes_nothing(run):
    declined = run("erase", "--phone", PHONE, "--reason", "本人申请 1", said="n\n")
    assert declined.exit_code == 1
    assert "吕**" in declined.output
    assert "Aborted" in declined.output
    assert run("export", "--phone", PHONE, "--out", "x.json").exit_code == 0


def test_an_erasure_is_done_once_and_the_second_says_so(run, committed_database: Database):
    done = run("erase", "--phone", PHONE, "--reason", "本人申请 1", said="y\n")
    assert done.exit_code == 0, done.output
    assert "Erased 1 rows" in done.output
    again = run("erase", "--phone", "+86 135 1234 0000", "--reason", "本人申请 1", "--yes")
    assert (again.exit_code, "Already erased" in again.output) == (0, True)
    with committed_database.transaction() as session:
        assert session.scalar(text("select count(*) from people where erased_at is not null")) == 1


def test_a_reason_with_the_name_is_refused_with_status_1(run):
    refused = run("erase", "--phone", PHONE, "--reason", f"{NAME}来电", "--yes")
    assert refused.exit_code == 1
    assert "may not name the person" in refused.output


def test_the_last_administrator_is_refused_with_status_1(run, committed_database: Database):
    with committed_database.transaction() as session:
        an_account(session, (Role.ADMINISTRATOR, PROVINCE), login="root", name="管理甲")
    refused = run("erase", "--login", "root", "--reason", "离任", "--yes")
    assert refused.exit_code == 1
    assert "last administrator" in refused.output
    assert ERASED not in refused.output


def test_another_key_is_refused_and_nothing_changes(run, committed_database: Database):
    refused = run("export", "--phone", PHONE, "--out", "x.json", PERSONAL_DATA_KEY="somebody else's key")
    assert refused.exit_code == 1
    assert "does not open what is stored" in refused.output
    for missing in ("PERSONAL_DATA_KEY", "DIGEST_KEY", "DATABASE_URL"):
        refused = run("export", "--phone", PHONE, "--out", "x.json", **{missing: ""})
        assert refused.exit_code == 1
        assert missing in refused.output


@pytest.mark.parametrize("words", [("export", "--phone", PHONE, "--out", "x.json"), ("rotate-key",)])
def test_another_key_of_digests_is_refused_instead_of_finding_nobody(run, words):
    refused = run(*words, DIGEST_KEY="another key of digests")
    assert refused.exit_code == 1
    assert "DIGEST_KEY is not the key of this database's digests" in refused.output


def test_a_rotation_with_the_wrong_key_is_no_rotation(run):
    refused = run("rotate-key", PERSONAL_DATA_KEY="the key that comes after")
    assert refused.exit_code == 1
    assert "does not open what is stored" in refused.output


def test_a_key_is_rotated_and_the_older_one_can_be_left_out(run):
    both = f"2:the key that comes after,1:{PERSONAL_DATA_KEY}"
    done = run("rotate-key", PERSONAL_DATA_KEY=both)
    assert done.exit_code == 0, done.output
    assert "Sealed 1 rows anew, 0 left" in done.output
    assert run("export", "--phone", PHONE, "--out", "x.json").exit_code == 1
    newer = {"PERSONAL_DATA_KEY": "2:the key that comes after"}
    assert run("export", "--phone", PHONE, "--out", "x.json", **newer).exit_code == 0
    assert "Sealed 0 rows" in run("rotate-key", **newer).output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command: str):
    shown = CliRunner().invoke(app, ["person", command, "--help"])
    assert shown.exit_code == 0
    assert "Example:" in shown.output


class _Refused(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(("failures", "tries"), [(["40P01"], 2), (["40001", "40P01"], 3)])
def test_whoever_stands_in_the_way_is_waited_for(failures: list[str], tries: int):
    attempts = []

    def work() -> str:
        attempts.append(1)
        if len(attempts) <= len(failures):
            raise DBAPIError("", {}, _Refused(failures[len(attempts) - 1]))
        return "done"

    assert (person_command._insisting(work), len(attempts)) == ("done", tries)


@pytest.mark.parametrize(("sqlstate", "tries"), [("40P01", person_command.TRIES), ("23505", 1)])
def test_what_does_not_pass_is_raised(sqlstate: str, tries: int):
    attempts = []

    def work() -> None:
        attempts.append(1)
        raise DBAPIError("", {}, _Refused(sqlstate))

    with pytest.raises(DBAPIError):
        person_command._insisting(work)
    assert len(attempts) == tries
