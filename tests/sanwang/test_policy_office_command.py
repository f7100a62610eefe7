import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from backbone.db import transaction
from policy_pack.policies.models import PolicyVersion
from sanwang.cli import app
from sanwang.policy_office_command import bring_on_record
from tests.factories.policy_office import a_text


@pytest.fixture
def run(committed_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setenv("DIGEST_KEY", "a key for tests alone")
    monkeypatch.setenv("PERSONAL_DATA_KEY", "a key for sealing in tests")

    def run(*arguments: str):
        return CliRunner().invoke(app, ["policy", *arguments])

    return run


def on_record() -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).select_from(PolicyVersion)) or 0


def test_the_shipped_policies_are_brought_on_record_once(run):
    first, again = run("load"), run("load")
    assert (first.exit_code, again.exit_code) == (0, 0)
    count = on_record()
    assert count >= 40
    assert f"published {count}, drafts 0, on record already 0" in first.output
    assert f"published 0, drafts 0, on record already {count}" in again.output


def test_versions_are_listed_with_their_state_days_and_verification(run, tmp_path):
    (tmp_path / "P801.yaml").write_text(a_text(valid={"from": "2026-01-01"}), "utf-8")
    (tmp_path / "P802.yaml").write_text(a_text("P802", grade="A"), "utf-8")
    assert "sanwang policy load" in run("versions").output
    assert run("load", "--folder", str(tmp_path)).exit_code == 0
    listed = run("versions").output
    assert "2026-01-01 – …" in listed
    assert "待核实 no (B)" in listed
    assert "已核实 yes" in listed
    one = run("versions", "P802").output
    assert "P802" in one
    assert "P801" not in one


def test_a_faulty_file_keeps_all_out_and_is_named_with_its_line(run, tmp_path):
    (tmp_path / "P801.yaml").write_text(a_text(), "utf-8")
    (tmp_path / "P802.yaml").write_text(a_text("P802").replace("above: 0", "above: many"), "utf-8")
    refused = run("load", "--folder", str(tmp_path))
    assert refused.exit_code == 2
    assert "P802.yaml:" in refused.output
    assert on_record() == 0


def test_a_folder_that_is_not_there_is_refused(run, tmp_path):
    refused = run("load", "--folder", str(tmp_path / "nowhere"))
    assert refused.exit_code == 2
    assert "nowhere" in refused.output


def test_without_a_database_it_says_so(run, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.chdir("/")
    refused = run("versions")
    assert refused.exit_code == 2
    assert "DATABASE_URL" in refused.output


def test_a_server_of_ones_own_has_the_policies_from_the_start(committed_database):
    loaded = bring_on_record(committed_database.url)
    assert loaded.published == on_record()
    assert bring_on_record(committed_database.url).published == 0
