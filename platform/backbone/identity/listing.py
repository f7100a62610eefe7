"""Finding accounts: an administrator among all, an operator among those that are its to administer (`memberships.administers`)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from backbone.actor import Actor, Role, ScopeKind
from backbone.directory.permissions import zones_of
from backbone.errors import Forbidden
from backbone.identity.memberships import held_where
from backbone.identity.models import Account, Membership
from backbone.identity.permissions import BY_OPERATORS, may_open_accounts
from backbone.pages import Page, read_page
from backbone.people.models import Person, digest_for

SORTS = {"created_at": Account.created_at}
BY_VALUE = ("login", "name")
"""Values are kept sealed and found by their digests: whole, never by a part."""


def list_accounts(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Account]:
    """A page of the accounts that the actor administers, with the roles they hold; raises Forbidden."""
    if not may_open_accounts(actor):
        raise Forbidden()
    query = select(Account).options(selectinload(Account.persons), selectinload(Account.memberships))
    if not actor.holds_for_province(Role.ADMINISTRATOR):
        query = query.where(Account.id.in_(_administered(actor)))
    for name in BY_VALUE:
        if asked.get(name) is not None:
            column = getattr(Person, f"{name}_digest")
            query = query.where(
                Account.id.in_(select(Person.holder_id).where(column == digest_for(name, asked[name])))
            )
    held = [Membership.account_id == Account.id, Membership.ended_at.is_(None)]
    if asked.get("role"):
        held.append(Membership.role.in_(asked["role"]))
    if asked.get("scope_id") is not None:
        held.append(Membership.scope_id == asked["scope_id"])
    if len(held) > 2:
        query = query.where(select(Membership.id).where(*held).exists())
    return read_page(session, query, asked, SORTS, Account.id)


def _administered(actor: Actor) -> Select[Any]:
    """Ids of accounts whose roles are all the operator's to grant; where all have ended those that it had."""
    rows = held_where().subquery()
    may_grant = func.coalesce(_grantable(actor, rows.c), False)
    living = func.bool_and(may_grant).filter(rows.c.ended_at.is_(None))
    return (
        select(rows.c.account_id)
        .group_by(rows.c.account_id)
        .having(func.coalesce(living, func.bool_and(may_grant)))
    )


def _grantable(actor: Actor, row: Any) -> ColumnElement[bool]:
    """`permissions.may_grant` of an operator, in SQL."""
    zones = zones_of(actor, Role.OPERATOR)
    of_kind = {kind: [role for role, within in BY_OPERATORS.items() if within is kind] for kind in ScopeKind}
    fits = or_(
        *(and_(row.scope_kind == kind, row.role.in_(roles)) for kind, roles in of_kind.items() if roles)
    )
    return and_(fits, row.region_code.is_not(None) if zones is None else row.region_code.in_(zones))
