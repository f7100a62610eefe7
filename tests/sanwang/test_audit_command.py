"""`sanwang audit` as people and monitors call it: what it prints, and its exit status."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner

from backbone import migrate
from backbone.chain.heads import make_key
from sanwang import audit_command
from sanwang.cli import app as whole
from tests.factories.chain import as_owner, seal_now, wait_until_due, write

PLATFORM = Path(__file__).resolve().parents[2] / "platform"
WIDE = {"COLUMNS": "220"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # away from the developer's .env
    make_key(tmp_path / "audit.key")
    return tmp_path


@pytest.fixture
def run(place, committed_database):
    """Run `sanwang audit ...` on this test's database, with its key and its heads."""

    def call(*words, **more):
        said = WIDE | {
            "DATABASE_URL": committed_database.url, "AUDIT_SIGNING_KEY": str(place / "audit.key"),
            "AUDIT_HEADS_DIR": str(place / "heads"), **more,
        }  # fmt: skip
        return CliRunner().invoke(audit_command.app, [str(word) for word in words], env=said)

    return call


@pytest.fixture
def signed(run, committed_database):
    """Five events, sealed and signed."""
    ids = write(committed_database, 5)
    wait_until_due(committed_database)
    assert run("sign-heads").exit_code == 0
    return ids


def test_an_intact_chain_ends_with_zero_and_says_how_much_of_it_is_sealed(
    run, place, committed_database, signed
):
    write(committed_database, 2)
    said = run("verify", "--heads", place / "heads")
    assert said.exit_code == 0
    (line,) = [line for line in said.output.splitlines() if " audit " in line]
    assert [cell.strip() for cell in line.strip("│ ").split("│")][1:4] == ["5", "2", "1"]
    assert "完好 / intact" in said.output


def test_a_platform_on_which_nothing_was_written_is_intact(run, place):
    (place / "heads").mkdir()
    assert run("sign-heads").output.strip().endswith("nothing signed")
    assert run("verify").exit_code == 0


@pytest.mark.parametrize(
    ("tampering", "word"),
    [
        ("DELETE FROM audit_events WHERE id = :id", "deleted"),
        ("UPDATE audit_events SET action = 'x' WHERE id = :id", "changed"),
        ("UPDATE chain_links SET link_hash = sha256(link_hash) WHERE row_id = :id", "rewritten"),
    ],
)
def test_a_broken_chain_ends_with_one_and_names_the_first_bad_row(
    run, place, committed_database, owner, signed, tampering, word
):
    with as_owner(owner) as connection:
        connection.execute(text(tampering), {"id": signed[2]})
    said = run("verify", "--heads", place / "heads")
    assert said.exit_code == 1
    found = said.output.split("what is wrong")[2]
    assert word in found
    assert str(signed[2]) in found
    assert "Preserve copies" in said.output
    assert "保全" in said.output


def test_a_head_that_is_damaged_or_of_another_key_is_named(run, place, signed, tmp_path):
    make_key(tmp_path / "other.key")
    foreign = run("verify", "--heads", place / "heads", "--public-key", tmp_path / "other.key.pub")
    assert (foreign.exit_code, "signed by another key" in foreign.output) == (1, True)
    (place / "heads" / "audit-2026-03-10-000000000005.json").write_text("{")
    damaged = run("verify", "--heads", place / "heads")
    assert damaged.exit_code == 1
    assert "audit-2026-03-10-000000000005.json" in damaged.output
    assert "head file damaged" in damaged.output


def test_a_chain_that_no_head_vouches_for_is_not_called_intact(run, place, committed_database):
    write(committed_database)
    seal_now(committed_database)
    (place / "heads").mkdir()
    said = run("verify")
    assert said.exit_code == 1
    assert "No signed head vouches" in said.output


def test_a_public_key_is_all_that_an_auditor_needs(run, place, signed):
    said = run(
        "verify", "--heads", place / "heads", "--public-key", place / "audit.key.pub", AUDIT_SIGNING_KEY=""
    )
    assert said.exit_code == 0


@pytest.mark.parametrize(
    ("words", "more", "sentence"),
    [
        (["verify", "--heads", "nowhere"], {}, "There is no directory nowhere"),
        (["verify"], {"AUDIT_HEADS_DIR": ""}, "--heads"),
        (["verify", "--heads", "."], {"AUDIT_SIGNING_KEY": ""}, "--public-key"),
        (["verify", "--heads", "."], {"DATABASE_URL": ""}, "Set DATABASE_URL"),
        (["sign-heads"], {"AUDIT_SIGNING_KEY": ""}, "Set AUDIT_SIGNING_KEY"),
    ],
)
def test_bad_usage_ends_with_two_and_one_sentence_in_both_languages(run, words, more, sentence):
    said = run(*words, **more)
    assert said.exit_code == 2
    assert sentence in said.output
    assert any("\u4e00" <= character <= "\u9fff" for character in said.output)


def test_a_key_that_cannot_be_read_is_a_sentence(run, place):
    (place / "heads").mkdir()
    said = run("verify", "--public-key", place / "nothing.pub")
    assert said.exit_code == 2
    assert "no readable Ed25519 key" in said.output


def test_a_database_that_does_not_answer_is_not_a_history_that_was_rewritten(run, place):
    (place / "heads").mkdir()
    run("new-key", place / "key")
    said = run("verify", "--public-key", place / "key.pub", DATABASE_URL="postgresql://nobody@127.0.0.1:1/x")
    assert said.exit_code == 2
    assert "The database does not answer" in said.output


def test_a_database_that_was_never_migrated_is_a_sentence(run, place, owner):
    (place / "heads").mkdir()
    run("new-key", place / "key")
    migrate.downgrade(owner.url, "base")
    said = run("verify", "--public-key", place / "key.pub")
    assert said.exit_code == 2
    assert "run sanwang migrate" in said.output


def test_a_new_key_is_made_once(run, place):
    made = run("new-key", place / "new.key")
    assert made.exit_code == 0
    assert "new.key.pub" in made.output
    again = run("new-key", place / "new.key")
    assert again.exit_code == 1
    assert "exists and is not overwritten" in again.output


def test_signing_refuses_a_chain_that_was_rewritten(run, committed_database, owner, signed):
    with as_owner(owner) as connection:
        connection.execute(text("UPDATE chain_links SET link_hash = sha256(link_hash) WHERE position = 5"))
    said = run("sign-heads")
    assert said.exit_code == 1
    assert "no new head was signed" in said.output


def test_every_command_explains_itself_with_an_example():
    for words in (["audit", "verify"], ["audit", "sign-heads"], ["audit", "new-key"]):
        assert "Example:" in CliRunner().invoke(whole, [*words, "--help"]).output


def test_verifying_can_change_nothing(run, place, committed_database, signed):
    with committed_database.engine.connect() as connection:
        before = connection.scalar(text("SELECT count(*) FROM chain_links"))
        write(committed_database, 3)
        run("verify", "--heads", place / "heads")
        assert connection.scalar(text("SELECT count(*) FROM chain_links")) == before


def test_importing_the_command_loads_nothing_heavy():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys; from sanwang import cli; print(*sys.modules)"],
        env={"PYTHONPATH": str(PLATFORM)}, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert not {"sqlalchemy", "cryptography", "psycopg"} & set(loaded)
    assert isinstance(whole, typer.Typer)
