"""Opening funds and envelopes. Both begin with a limit of nothing: whatever is in them was put there by two people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.db import new_id
from backbone.errors import NotFound
from finance_net.ledger.errors import KeyTaken, WrongLevel
from finance_net.ledger.expiring import lock_fund
from finance_net.ledger.levels import LEVELS, may_contain
from finance_net.ledger.models import CURRENCY, Envelope, Fund
from finance_net.ledger.permissions import require_manager


def open_fund(session: Session, actor: Actor, *, key: str, title: str, kind: str, now: datetime) -> Fund:
    """A fund with its own envelope; raises Forbidden, KeyTaken."""
    require_manager(actor)
    if session.scalar(select(Fund.id).where(Fund.key == key)):
        raise KeyTaken(key=key)
    fund = Fund(key=key, title=title, kind=kind, currency=CURRENCY, opened_at=now, opened_by=actor.account_id)
    session.add(fund)
    session.flush()
    own = new_id()
    session.add(
        Envelope(
            id=own, fund_id=fund.id, path=[own], depth=0, level=LEVELS[0], key=key, title=title, is_partitioned=False,
            opened_at=now, opened_by=actor.account_id,
        )
    )  # fmt: skip
    session.flush()
    audit.record(session, actor, "open_fund", fund, now=now, after={"key": key, "title": title, "kind": kind})
    return fund


def open_envelope(
    session: Session, actor: Actor, parent_id: UUID, *, level: str, key: str, title: str, is_partitioned: bool = False,
    now: datetime,
) -> Envelope:  # fmt: skip
    """An envelope within another; raises Forbidden, NotFound, WrongLevel, KeyTaken."""
    require_manager(actor)
    outer = session.get(Envelope, parent_id)
    if outer is None:
        raise NotFound()
    if not may_contain(outer.level, level):
        raise WrongLevel(inner=level, outer=outer.level)
    lock_fund(session, outer.fund_id)
    if session.scalar(select(Envelope.id).where(Envelope.parent_id == outer.id, Envelope.key == key)):
        raise KeyTaken(key=key)
    said: dict[str, Any] = {"level": level, "key": key, "title": title, "is_partitioned": is_partitioned}
    own = new_id()
    envelope = Envelope(
        id=own, fund_id=outer.fund_id, parent_id=outer.id, path=[*outer.path, own], depth=outer.depth + 1,
        opened_at=now, opened_by=actor.account_id, **said,
    )  # fmt: skip
    session.add(envelope)
    session.flush()
    audit.record(session, actor, "open_envelope", envelope, now=now, after=said | {"parent_id": outer.id})
    return envelope


def root_of(session: Session, fund_id: UUID) -> Envelope:
    """The envelope that is the whole of a fund; raises NoResultFound."""
    return session.scalars(select(Envelope).where(Envelope.fund_id == fund_id, Envelope.depth == 0)).one()
