"""Telling the enterprise and the managers whose turn it is with a hand-over. The bank's people are told nothing: it has no account."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.directory.models import Enterprise
from backbone.identity.reaching import speakers_for
from backbone.notices.service import notify_each, the_same_to
from finance_net.credit.handovers.models import CreditHandover
from finance_net.credit.published import products
from finance_net.ledger.telling import both


def tell(
    session: Session, row: CreditHandover, kind: str, key: str, accounts: Collection[UUID], *, now: datetime, **more: Any
) -> int:  # fmt: skip
    """Once to each account for the key; returns how many notices are new."""
    if not accounts:
        return 0
    zone = session.scalars(select(Enterprise.region_code).where(Enterprise.id == row.enterprise_id)).one()
    payload: Mapping[str, Any] = {"why": both(products()[row.product_key].title), **more}
    if row.due_at is not None:
        payload = {**payload, "due_at": row.due_at.isoformat()}
    notices = the_same_to(accounts, f"{kind}:{key}", kind, (row.id, row.number, zone), payload)
    return notify_each(session, notices, now=now)


def members(session: Session, row: CreditHandover) -> frozenset[UUID]:
    """Who speaks for the enterprise now."""
    return frozenset(speakers_for(session, [row.enterprise_id], Role.ENTERPRISE_MEMBER))
