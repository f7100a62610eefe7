"""Money for tests: a fund with envelopes whose limits two managers have set, through the services.

treasury = a_treasury(session)
project = an_envelope(treasury, treasury.root, "project", limit_fen=500)
held = reserve(session, treasury.first, project.id, 100, reason="测试", now=AT)
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # funds refer to tables that their own package does not import
from backbone.actor import PROVINCE, Actor, Role
from finance_net.ledger.limits import change_limit
from finance_net.ledger.models import Envelope, Fund, balances_of
from finance_net.ledger.opening import open_envelope, open_fund, root_of
from finance_net.ledger.orders.models import FundOrder
from finance_net.ledger.orders.service import propose_draw
from finance_net.ledger.service import approve_tranche, commit, pay, recover, reserve
from finance_net.ledger.steps import Bucket, Kind
from tests.factories.identity import an_actor

AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
WAN = 1_000_000
LIMIT = 1_000 * WAN
_numbers = count(1)


@dataclass(frozen=True)
class Treasury:
    """A fund and the two managers without whom nothing is spent."""

    session: Session
    first: Actor
    second: Actor
    fund: Fund
    root: Envelope


def a_treasury(session: Session, *, limit_fen: int = LIMIT, kind: str = "grants") -> Treasury:
    first, second = (an_actor(session, (Role.FUND_MANAGER, PROVINCE)) for _ in range(2))
    key = f"test-fund-{next(_numbers)}"
    fund = open_fund(session, first, key=key, title="测试资金", kind=kind, now=AT)
    treasury = Treasury(session, first, second, fund, root_of(session, fund.id))
    if limit_fen:
        limited(treasury, treasury.root, limit_fen)
    return treasury


def limited(treasury: Treasury, envelope: Envelope, limit_fen: int) -> None:
    said: dict[str, Any] = {"approver": treasury.second, "reason": "测试额度", "now": AT}
    change_limit(treasury.session, treasury.first, envelope.id, limit_fen, **said)


def an_envelope(
    treasury: Treasury, outer: Envelope, level: str = "project", *, limit_fen: int = LIMIT, **values: Any
) -> Envelope:
    key = f"e{next(_numbers)}"
    said = {"level": level, "key": key, "title": f"测试{key}"} | values
    envelope = open_envelope(treasury.session, treasury.first, outer.id, now=AT, **said)
    if limit_fen:
        limited(treasury, envelope, limit_fen)
    return envelope


def standing(session: Session, envelope: Envelope) -> dict[str, int]:
    """What is written of the envelope: its buckets that are not empty."""
    session.refresh(envelope)
    return {
        str(bucket): fen
        for bucket, fen in balances_of(envelope).items()
        if fen and bucket is not Bucket.LIMIT
    }


@dataclass(frozen=True)
class Holds:
    """One of each: ids of what is reserved, committed, approved, paid, and of a recovery."""

    reserved: UUID
    committed: UUID
    approved: UUID
    paid: UUID
    recovery: UUID


def some_holds(treasury: Treasury, envelope: Envelope) -> Holds:
    """200 of 1,000 reserved alone; of another 600 all committed, 100 approved, 100 paid of which 40 came back."""
    session, one = treasury.session, {"reason": "测试", "now": AT}
    two = one | {"approver": treasury.second}
    reserved = reserve(session, treasury.first, envelope.id, 200, **one)
    committed = commit(
        session, treasury.first, reserve(session, treasury.first, envelope.id, 600, **one).id, **two
    )
    approved, to_pay = (approve_tranche(session, treasury.first, committed.id, 100, **one) for _ in range(2))
    paid = pay(session, treasury.first, to_pay.id, **two)
    recovery = recover(session, treasury.first, paid.id, 40, **two)
    return Holds(reserved.id, committed.id, approved.id, paid.id, recovery.id)


def an_order(treasury: Treasury, hold_id: UUID) -> FundOrder:
    """The first manager asks to commit what is reserved."""
    said = {"reason": "测试承付", "amount_fen": 150}
    return propose_draw(treasury.session, treasury.first, Kind.COMMIT, hold_id, said, now=AT)
