"""A fund as it stood: by what was known then, of what counted by then."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backbone.clock import local_date
from finance_net.ledger.errors import NotYet
from finance_net.ledger.expiring import lock_fund, release_expired
from finance_net.ledger.reading import standings
from finance_net.ledger.replaying import replay_fund
from finance_net.ledger.service import commit, reserve
from finance_net.ledger.steps import Bucket
from tests.factories.ledger import AT, Treasury, a_treasury, an_envelope

DAY = timedelta(days=1)
NOW = AT + 10 * DAY


@pytest.fixture
def treasury(session: Session) -> Treasury:
    return a_treasury(session, limit_fen=1_000)


def replayed(treasury: Treasury, **asked: Any) -> dict[str, int]:
    """What lay in the whole fund, without what was empty."""
    asked = {"at": None, "effective_on": None} | asked
    said = replay_fund(treasury.session, treasury.first, treasury.fund.id, **asked, now=NOW)
    return {str(bucket): fen for bucket, fen in said["standings"][0].balances.items() if fen}


def test_a_fund_is_replayed_as_it_was_known_and_as_it_counts(treasury: Treasury):
    session, project = treasury.session, an_envelope(treasury, treasury.root)
    held = reserve(session, treasury.first, project.id, 300, reason="测试", now=AT + DAY)
    late = {"approver": treasury.second, "reason": "补记", "effective_on": local_date(AT + 2 * DAY)}
    commit(session, treasury.first, held.id, 200, **late, now=AT + 5 * DAY)
    assert replayed(treasury, at=AT) == {"limit": 1_000, "available": 1_000}
    assert replayed(treasury, at=AT + 3 * DAY) == {"limit": 1_000, "available": 700, "reserved": 300}
    assert replayed(treasury) == {"limit": 1_000, "available": 800, "committed": 200}
    known_later = replayed(treasury, effective_on=local_date(AT + 2 * DAY))
    assert known_later == {"limit": 1_000, "available": 800, "committed": 200}
    assert replayed(treasury, effective_on=local_date(AT + DAY)) == {
        "limit": 1_000,
        "available": 700,
        "reserved": 300,
    }


def test_what_had_expired_counts_as_released_however_late_that_was_written(treasury: Treasury):
    session, project = treasury.session, an_envelope(treasury, treasury.root)
    reserve(session, treasury.first, project.id, 300, reason="测试", expires_at=AT + DAY, now=AT)
    asked = [{"at": AT + DAY / 2}, {"at": AT + 2 * DAY}, {}, {"effective_on": local_date(AT)}]
    unwritten = [replayed(treasury, **each) for each in asked]
    assert [each.get("reserved", 0) for each in unwritten] == [300, 0, 0, 300]
    lock_fund(session, treasury.fund.id)
    assert release_expired(session, treasury.fund.id, now=AT + 4 * DAY) == 1
    assert [replayed(treasury, **each) for each in asked] == unwritten


def test_the_present_replayed_is_the_present(treasury: Treasury):
    session, project = treasury.session, an_envelope(treasury, treasury.root)
    reserve(session, treasury.first, project.id, 300, reason="测试", expires_at=AT + DAY, now=AT)
    reserve(session, treasury.first, project.id, 200, reason="测试", now=AT)
    said = replay_fund(session, treasury.first, treasury.fund.id, at=None, effective_on=None, now=NOW)[
        "standings"
    ]
    shown = standings(session, treasury.fund.id, now=NOW)
    assert [(each.envelope.id, each.balances) for each in said] == [
        (each.envelope.id, each.balances) for each in shown
    ]
    assert shown[0].balances[Bucket.RESERVED] == 200


def test_the_future_is_not_replayed(treasury: Treasury):
    with pytest.raises(NotYet):
        replayed(treasury, at=NOW + DAY)
