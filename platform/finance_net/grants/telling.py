"""Telling applicants, their users, reviewers and managers what became of an application and whose turn it is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.models import Enterprise
from backbone.directory.regions import HUBEI
from backbone.identity.reaching import members_of, speakers_for
from backbone.notices.service import About, notify_each, the_same_to
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import CAN_APPLY
from finance_net.ledger.telling import managers


def tell_parties(
    session: Session, actor: Actor, kind: str, rows: Sequence[GrantApplication], *,
    now: datetime, payload: Mapping[str, Any] = MappingProxyType({}),
) -> None:  # fmt: skip
    """The members of the applicant and of the user of each application, once; however many, it takes the same few statements."""
    concerned = {each for row in rows for each in row.beneficiaries}
    members = members_of(session, concerned, *CAN_APPLY)
    zones = _zones(session, {row.applicant_id for row in rows})
    notices = []
    for row in rows:
        told = {account for each in row.beneficiaries for account in members.get(each, ())}
        about = (row.id, row.number, zones[row.applicant_id])
        notices += the_same_to(told - {actor.account_id}, _key(kind, row), kind, about, payload)
    notify_each(session, notices, now=now)


def tell_members(
    session: Session, actor: Actor, kind: str, row: GrantApplication, enterprise_id: UUID, *, now: datetime
) -> None:
    """The members of one enterprise."""
    tell_accounts(session, actor, kind, row, speakers_for(session, [enterprise_id], *CAN_APPLY), now=now)


def tell_managers(
    session: Session,
    actor: Actor,
    kind: str,
    row: GrantApplication,
    *,
    about: UUID | None = None,
    now: datetime,
) -> None:
    """Whoever runs rounds."""
    tell_accounts(session, actor, kind, row, managers(session), about=about, now=now)


def tell_accounts(
    session: Session, actor: Actor, kind: str, row: GrantApplication, accounts: Collection[UUID], *,
    about: UUID | None = None, now: datetime,
) -> None:  # fmt: skip
    """These, of one application; once for what it is `about`, where that is more than the application as it stands."""
    key = _key(kind, row) if about is None else f"{kind}:{about}"
    subject: About = (row.id, row.number, _zones(session, {row.applicant_id})[row.applicant_id])
    notices = the_same_to({*accounts} - {actor.account_id}, key, kind, subject)
    notify_each(session, notices, now=now)


def tell_reviewer(
    session: Session, call: GrantRound, review_id: UUID, reviewer_id: UUID, *, now: datetime
) -> None:
    """Who is asked for a review: by the round, since a reviewer does not know whose application it is."""
    about = (review_id, call.number, HUBEI)
    notices = the_same_to([reviewer_id], f"review:{review_id}", "review_assigned", about)
    notify_each(session, notices, now=now)


def _key(kind: str, row: GrantApplication) -> str:
    return f"{kind}:{row.id}:{row.version}"


def _zones(session: Session, enterprises: set[UUID]) -> dict[UUID, str]:
    query = select(Enterprise.id, Enterprise.region_code).where(Enterprise.id.in_(enterprises))
    return {enterprise_id: zone for enterprise_id, zone in session.execute(query)}
