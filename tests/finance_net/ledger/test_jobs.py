"""What happens by itself: expired reservations are written off in batches, and the proof of every night fails when it must."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from backbone.clock import SystemClock
from backbone.db import Database
from finance_net.ledger import jobs
from finance_net.ledger.jobs import LedgerBroken, prove_ledger, release_what_expired
from finance_net.ledger.models import Envelope, Hold
from finance_net.ledger.service import reserve
from tests.factories.ledger import a_treasury, an_envelope


@pytest.fixture
def project(committed_database: Database) -> Envelope:
    """Three reservations: two that run out while the job is looked at, and one that does not."""
    now = SystemClock().now()
    with committed_database.transaction() as session:
        treasury = a_treasury(session)
        project = an_envelope(treasury, treasury.root)
        for expires_at in (now - timedelta(minutes=2), now - timedelta(minutes=1), now + timedelta(days=1)):
            reserve(
                session,
                treasury.first,
                project.id,
                10,
                reason="测试",
                expires_at=expires_at,
                now=now - timedelta(hours=1),
            )
    return project


def test_what_has_expired_is_written_off_however_many_batches_it_takes(
    committed_database: Database, project: Envelope, monkeypatch: Any
):
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    monkeypatch.setattr(
        jobs.release_expired, "__kwdefaults__", {**jobs.release_expired.__kwdefaults__, "at_once": 1}
    )
    for _ in range(2):  # a job may run twice
        release_what_expired(timestamp=0)
        with committed_database.transaction() as session:
            assert session.query(Hold).filter(Hold.open_fen > 0).count() == 1
            assert session.get_one(Envelope, project.id).reserved_fen == 10


@pytest.mark.usefixtures("project")
def test_the_proof_of_the_night_leaves_a_failed_job_when_the_ledger_is_not_what_it_says(
    committed_database: Database, caplog: pytest.LogCaptureFixture
):
    prove_ledger(timestamp=0)
    with committed_database.transaction() as session:
        session.execute(text("UPDATE fund_envelopes SET limit_fen = limit_fen + 1 WHERE depth = 1"))
    with pytest.raises(LedgerBroken, match="balances"):
        prove_ledger(timestamp=0)
    assert "not what its transfers say" in caplog.text
