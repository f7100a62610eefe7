"""Telling those concerned what became of an award's money: nobody should have to look every day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.directory.models import Enterprise
from backbone.identity.reaching import members_of
from backbone.notices.service import Notice, notify_each, the_same_to
from finance_net.awards.models import Award, Beneficiary


@dataclass(frozen=True)
class News:
    """One thing to be said of an award, once to each person for its `key`: to the members of these enterprises, by default all of
    its beneficiaries', and to these accounts.
    """

    kind: str
    key: str
    award_id: UUID
    payload: Mapping[str, Any]
    enterprises: tuple[UUID, ...] | None = None
    accounts: frozenset[UUID] = frozenset()


def tell_each(session: Session, news: Sequence[News], *, now: datetime) -> int:
    """Write the notices; returns how many are new. However much is told at once, it takes the same few statements."""
    if not news:
        return 0
    awards = {each.award_id for each in news}
    numbers: dict[UUID, str] = dict(
        session.execute(select(Award.id, Award.number).where(Award.id.in_(awards))).all()
    )
    owners: dict[UUID, list[UUID]] = {}
    of_awards = select(Beneficiary).where(Beneficiary.award_id.in_(awards)).order_by(Beneficiary.ordinal)
    for owner in session.scalars(of_awards):
        owners.setdefault(owner.award_id, []).append(owner.enterprise_id)
    concerned = {owner for each in owners.values() for owner in each}
    members = members_of(session, concerned, Role.ENTERPRISE_MEMBER)
    zones: dict[UUID, str] = dict(
        session.execute(
            select(Enterprise.id, Enterprise.region_code).where(Enterprise.id.in_(concerned))
        ).all()
    )
    notices: list[Notice] = []
    for each in news:
        theirs = owners[each.award_id]
        told = {account for owner in theirs if _is_told(each, owner) for account in members.get(owner, ())}
        about = (each.award_id, numbers[each.award_id], zones[theirs[0]])
        notices += the_same_to(told | each.accounts, each.key, each.kind, about, each.payload)
    return notify_each(session, notices, now=now)


def _is_told(news: News, owner: UUID) -> bool:
    return news.enterprises is None or owner in news.enterprises
