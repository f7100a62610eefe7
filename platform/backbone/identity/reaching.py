"""Reaching people: who holds which role, and where an account wants its notices sent."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from backbone import audit
from backbone.actor import Actor, Held, Role, Scope, ScopeKind
from backbone.directory.regions import regions_around
from backbone.errors import NotFound
from backbone.identity.models import Account, Membership
from backbone.identity.service import PERSONAL, touch


def give_email(session: Session, actor: Actor, email: str | None, *, now: datetime) -> Account:
    """Say where the own account wants its notices sent, None for nowhere; raises NotFound for who has no account."""
    account = actor.account_id and session.get(Account, actor.account_id, with_for_update=True)
    if not account:
        raise NotFound()
    values: dict[str, Any] = {"email": email}
    before, after = audit.changes(account, values)
    if after:
        for name, value in after.items():
            setattr(account, name, value)
        touch(account, now)
        session.flush()
        audit.record(
            session, actor, "give_email", account, now=now, before=before, after=after, personal=PERSONAL
        )
    return account


def holders_of(session: Session, *roles: Role) -> list[tuple[UUID, Held]]:
    """Who holds any of these roles now, and within which scope: one entry for each membership, by account."""
    standing = select(Membership).where(Membership.role.in_(roles), Membership.ended_at.is_(None))
    rows = session.scalars(standing.order_by(Membership.account_id, Membership.id))
    return [(row.account_id, row.held) for row in rows]


def accounts_holding(*roles: Role) -> Select[UUID]:
    """The accounts that hold any of these roles now, in whatever scope: for queries that go on from there."""
    return select(Membership.account_id).where(Membership.role.in_(roles), Membership.ended_at.is_(None))


def holders_nearest(
    session: Session, zone_code: str, role: Role, besides: Collection[UUID] = ()
) -> set[UUID]:
    """Who holds the role in the zone, where nobody does in the nearest region around it, at last for the province."""
    around = [*(Scope(ScopeKind.ZONE, code) for code in regions_around(zone_code)), Scope(ScopeKind.PROVINCE)]
    held: dict[Scope, set[UUID]] = {}
    for account_id, one in holders_of(session, role):
        if account_id not in besides:
            held.setdefault(one.scope, set()).add(account_id)
    return next((held[scope] for scope in around if scope in held), set())


def has_left(account: ColumnElement[Any], *roles: Role) -> ColumnElement[bool]:
    """Whether whoever had the account held roles (these, where any are named) and holds none of them any more; for a column of ids."""
    held = select(Membership.id).where(Membership.account_id == account)
    if roles:
        held = held.where(Membership.role.in_(roles))
    return held.exists() & ~held.where(Membership.ended_at.is_(None)).exists()


def members_of(session: Session, organisation_ids: Collection[UUID], *roles: Role) -> dict[UUID, list[UUID]]:
    """The accounts that hold any of these roles in the organisations now, by organisation."""
    scopes = [str(each) for each in organisation_ids]
    standing = (
        select(Membership.scope_id, Membership.account_id)
        .where(Membership.role.in_(roles), Membership.ended_at.is_(None),
               Membership.scope_kind == ScopeKind.ORGANISATION, Membership.scope_id.in_(scopes))
        .distinct()
        .order_by(Membership.scope_id, Membership.account_id)
    )  # fmt: skip
    found: dict[UUID, list[UUID]] = {}
    for scope_id, account_id in session.execute(standing):
        found.setdefault(UUID(scope_id), []).append(account_id)
    return found


def speakers_for(session: Session, organisation_ids: Collection[UUID], *roles: Role) -> set[UUID]:
    """The accounts that hold any of these roles in any of the organisations now."""
    return {
        account for accounts in members_of(session, organisation_ids, *roles).values() for account in accounts
    }


def with_email(session: Session, account_ids: Collection[UUID]) -> set[UUID]:
    """Those of the accounts that want their notices by e-mail too."""
    asked = select(Account).where(Account.id.in_(account_ids)).options(selectinload(Account.persons))
    return {account.id for account in session.scalars(asked) if account.email is not None}
