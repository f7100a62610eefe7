"""Telling people whose turn it is with a deal. Deals are confidential: its enterprise is told nothing, nor is who is recused."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.directory.models import Enterprise
from backbone.directory.regions import HUBEI
from backbone.notices.service import notify_each, the_same_to
from finance_net.equity.committees.models import Committee
from finance_net.equity.models import Deal
from finance_net.ledger.models import Fund
from finance_net.ledger.telling import managers


def tell_of_committee(
    session: Session,
    committee: Committee,
    fund: Fund,
    kind: str,
    accounts: Collection[UUID],
    *,
    now: datetime,
) -> None:
    """That it waits for its second manager, or who sits in it."""
    notices = the_same_to(accounts, f"{kind}:{committee.id}", kind, (fund.id, fund.title, HUBEI))
    notify_each(session, notices, now=now)


def tell_of_deal(
    session: Session, deal: Deal, kind: str, key: str, accounts: Collection[UUID], payload: Mapping[str, Any], *,
    about: UUID | None = None, now: datetime,
) -> int:  # fmt: skip
    """Once to each account for the key; `about` is what it is of, the deal by default. Returns how many notices are new."""
    if not accounts:
        return 0
    zone = session.scalars(select(Enterprise.region_code).where(Enterprise.id == deal.enterprise_id)).one()
    notices = the_same_to(accounts, key, kind, (about or deal.id, deal.number, zone), payload)
    return notify_each(session, notices, now=now)


def tell_other_managers(
    session: Session, deal: Deal, kind: str, of: UUID, payload: Mapping[str, Any], *, but: UUID | None, now: datetime
) -> None:  # fmt: skip
    """Whoever may be the second person for `of`: an order, or an entry."""
    others = managers(session, but=but)
    tell_of_deal(session, deal, kind, f"{kind}:{of}", others, payload, about=of, now=now)
