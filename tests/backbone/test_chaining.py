import logging
from datetime import UTC, datetime

import pytest

from backbone import chaining
from backbone.chain.errors import KeyUnreadable
from backbone.chain.heads import make_key
from backbone.chaining import seal_all, seal_and_sign, sign_todays_heads
from backbone.jobs import jobs
from tests.factories.chain import linked_ids, verdict_of, wait_until_due, write

NOW = datetime(2026, 3, 10, 15, 53, tzinfo=UTC)


def test_everything_due_is_sealed_however_many_batches_it_takes(committed_database, monkeypatch):
    monkeypatch.setattr(chaining, "AT_ONCE", 2)
    ids = write(committed_database, 5)
    wait_until_due(committed_database)
    assert seal_all() == 5
    assert linked_ids(committed_database) == ids
    assert seal_all() == 0


def test_the_head_of_the_day_speaks_for_what_was_written_before(committed_database, tmp_path):
    make_key(tmp_path / "audit.key")
    write(committed_database, 3)
    wait_until_due(committed_database)
    (file,) = seal_and_sign(tmp_path / "audit.key", tmp_path / "heads", now=NOW)
    assert file.name == "audit-2026-03-10-000000000003.json"
    verdict = verdict_of(committed_database, tmp_path / "heads", tmp_path / "audit.key")
    assert (verdict.sealed, verdict.heads, verdict.findings) == (3, 1, [])


def test_a_key_that_cannot_be_read_stops_before_anything_is_done(committed_database, tmp_path):
    write(committed_database)
    with pytest.raises(KeyUnreadable):
        seal_and_sign(tmp_path / "nothing.key", tmp_path / "heads", now=NOW)
    assert linked_ids(committed_database) == []


def test_the_daily_job_signs_by_the_settings_and_may_run_twice(committed_database, tmp_path, monkeypatch):
    make_key(tmp_path / "audit.key")
    monkeypatch.setenv("AUDIT_SIGNING_KEY", str(tmp_path / "audit.key"))
    monkeypatch.setenv("AUDIT_HEADS_DIR", str(tmp_path / "heads"))
    write(committed_database)
    wait_until_due(committed_database)
    for _ in range(2):
        sign_todays_heads(timestamp=0)
    assert len(list((tmp_path / "heads").iterdir())) == 1


def test_without_a_key_the_log_says_every_day_that_nothing_was_signed(
    committed_database, monkeypatch, caplog
):
    monkeypatch.setenv("AUDIT_SIGNING_KEY", "")
    with caplog.at_level(logging.WARNING):
        sign_todays_heads(timestamp=0)
    assert "AUDIT_SIGNING_KEY" in caplog.text


def test_heads_are_signed_once_a_day():
    (cron,) = [
        each.cron for each in jobs.periodic_registry.periodic_tasks.values() if each.task.name == "backbone.sign_heads"
    ]  # fmt: skip
    assert cron == "53 15 * * *"
