"""Limits: raised, lowered no further than what is used, moved within a fund, and kept within a partitioned whole."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backbone.db import new_id
from finance_net.ledger import errors
from finance_net.ledger.limits import adjust, change_limit
from finance_net.ledger.models import Envelope
from finance_net.ledger.proving import prove
from finance_net.ledger.service import reserve
from tests.factories.ledger import AT, Treasury, a_treasury, an_envelope, standing


@pytest.fixture
def treasury(session: Session) -> Treasury:
    return a_treasury(session, limit_fen=1_000)


@pytest.fixture
def two(treasury: Treasury) -> dict[str, Any]:
    return {"approver": treasury.second, "reason": "测试", "now": AT}


def limit_of(treasury: Treasury, envelope: Envelope) -> int:
    treasury.session.refresh(envelope)
    return envelope.limit_fen


def test_a_limit_is_not_lowered_below_what_is_used(treasury: Treasury, two: dict[str, Any]):
    session, project = treasury.session, an_envelope(treasury, treasury.root, limit_fen=500)
    reserve(session, treasury.first, project.id, 300, reason="测试", now=AT)
    with pytest.raises(errors.LimitBelowUse) as refusal:
        change_limit(session, treasury.first, project.id, 299, **two)
    assert refusal.value.sentence().zh == f"“{project.title}”已占用 3.00 元，限额不能低于此数（拟定 2.99 元）"
    change_limit(session, treasury.first, project.id, 300, **two)
    assert standing(session, project) == {"reserved": 300}


def test_what_has_expired_does_not_keep_a_limit_up(treasury: Treasury, two: dict[str, Any]):
    session, project = treasury.session, an_envelope(treasury, treasury.root, limit_fen=500)
    soon = AT + timedelta(minutes=5)
    reserve(session, treasury.first, project.id, 300, reason="测试", expires_at=soon, now=AT)
    change_limit(session, treasury.first, project.id, 0, **two | {"now": soon})
    assert (standing(session, project), limit_of(treasury, project)) == ({}, 0)


@pytest.mark.parametrize("limit", [-1, 2**63, 1.5])
def test_a_limit_is_a_whole_number_of_fen(treasury: Treasury, two: dict[str, Any], limit: Any):
    with pytest.raises(errors.BadAmount):
        change_limit(treasury.session, treasury.first, treasury.root.id, limit, **two)


def test_the_same_limit_again_is_no_change_and_the_same_request_again_the_same_transfer(
    treasury: Treasury, two: dict[str, Any]
):
    key = new_id()
    done = change_limit(treasury.session, treasury.first, treasury.root.id, 50, transfer_id=key, **two)
    again = change_limit(treasury.session, treasury.first, treasury.root.id, 50, transfer_id=key, **two)
    assert (done.kind, done.amount_fen, again.id) == ("lower_limit", 950, key)
    with pytest.raises(errors.NothingToChange):
        change_limit(treasury.session, treasury.first, treasury.root.id, 50, **two)
    with pytest.raises(errors.TransferIdReused):
        change_limit(treasury.session, treasury.first, treasury.root.id, 51, transfer_id=key, **two)


def test_a_limit_moves_within_its_fund_alone(treasury: Treasury, two: dict[str, Any]):
    session = treasury.session
    giver, receiver = (an_envelope(treasury, treasury.root, limit_fen=400) for _ in range(2))
    reserve(session, treasury.first, giver.id, 300, reason="测试", now=AT)
    with pytest.raises(errors.EnvelopeExceeded) as refusal:
        adjust(session, treasury.first, giver.id, receiver.id, 101, **two)
    assert refusal.value.data["envelope_id"] == giver.id
    moved = adjust(session, treasury.first, giver.id, receiver.id, 100, **two)
    assert (limit_of(treasury, giver), limit_of(treasury, receiver), limit_of(treasury, treasury.root)) == (
        300,
        500,
        1_000,
    )
    assert dict(zip(moved.touches, moved.signs, strict=True)) == {
        treasury.root.id: 0,
        giver.id: -1,
        receiver.id: 1,
    }
    stranger = a_treasury(session, limit_fen=10)
    with pytest.raises(errors.CrossLedger) as crossing:
        adjust(session, treasury.first, giver.id, stranger.root.id, 1, **two)
    assert stranger.fund.key in crossing.value.sentence()
    limitless = an_envelope(treasury, treasury.root, limit_fen=2**63 - 1)
    with pytest.raises(errors.BadAmount):
        adjust(session, treasury.first, giver.id, limitless.id, 1, **two)
    with pytest.raises(errors.SameEnvelope):
        adjust(session, treasury.first, giver.id, giver.id, 1, **two)
    assert prove(session).differences == []


def test_the_parts_of_a_partitioned_envelope_stay_within_it(treasury: Treasury, two: dict[str, Any]):
    session = treasury.session
    whole = an_envelope(treasury, treasury.root, "year", limit_fen=300, is_partitioned=True)
    left, right = (an_envelope(treasury, whole, limit_fen=limit) for limit in (200, 100))
    with pytest.raises(errors.PartsExceedWhole) as refusal:
        change_limit(session, treasury.first, right.id, 101, **two)
    assert refusal.value.data["parts_fen"] == 301
    with pytest.raises(errors.PartsExceedWhole):
        change_limit(session, treasury.first, whole.id, 299, **two)
    adjust(session, treasury.first, left.id, right.id, 50, **two)
    elsewhere = an_envelope(treasury, treasury.root, limit_fen=10)
    with pytest.raises(errors.PartsExceedWhole):
        adjust(session, treasury.first, elsewhere.id, right.id, 1, **two)
    with pytest.raises(errors.PartsExceedWhole):
        adjust(session, treasury.first, whole.id, right.id, 1, **two)
    adjust(session, treasury.first, left.id, whole.id, 10, **two)
    reserve(session, treasury.first, right.id, 150, reason="测试", now=AT)
    assert standing(session, whole) == {"available": 160, "reserved": 150}
    assert prove(session).differences == []
