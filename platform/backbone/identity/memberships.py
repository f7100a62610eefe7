"""Granting roles and taking them away, and who may."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, case, cast, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from backbone import audit, events
from backbone.actor import Actor, Role, Scope, ScopeKind
from backbone.directory.models import Enterprise, Institute
from backbone.directory.permissions import CAN_READ_ENTERPRISE, allows
from backbone.directory.regions import is_region
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.changing import MembershipEnded
from backbone.identity.models import Account, Membership
from backbone.identity.nodes import hold_node_open, region_of_node
from backbone.identity.permissions import (
    BY_OPERATORS,
    MEMBER_OF,
    administrator,
    may_grant,
    may_open_accounts,
)
from backbone.people.errors import LastAdministrator

MEMBERS_BELONG = Bilingual("成员角色只能在一个机构内授予", "A member's role is held in one organisation")
OF_PROVINCE = frozenset({Role.FUND_MANAGER})
"""Roles that do nothing in a part of the province."""
PROVINCE_ALONE = Bilingual("该角色只在全省授予", "This role is held for the whole province")
SCOPE_UNKNOWN = Bilingual(
    "没有这个区域或开放的节点，或没有这类机构",
    "There is no such region, no such open node, or no such organisation of that kind",
)


def grant_membership(
    session: Session, actor: Actor, account_id: UUID, role: Role, scope: Scope, *, now: datetime
) -> Membership:
    """Give the account a role within a scope; the same role twice is one membership.

    Raises Forbidden, NotFound, Invalid.
    """
    if not may_open_accounts(actor) or not (role in BY_OPERATORS or administrator(actor, scope)):
        raise Forbidden()
    scope, region_code = _placed(session, role, scope)
    if not may_grant(actor, role, scope, region_code):
        _refuse_as_unknown(session, actor, scope)
        raise Forbidden()
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound()
    same = select(Membership).where(
        Membership.account_id == account_id, Membership.role == role, *_within(scope), Membership.ended_at.is_(None)
    )  # fmt: skip
    if held := session.scalar(same):
        return held
    membership = Membership(
        account_id=account_id, role=role, scope_kind=scope.kind, scope_id=scope.id, granted_at=now
    )
    session.add(membership)
    touch(account, now)
    session.flush()
    after = {"account_id": account_id, "role": role, "scope_kind": scope.kind, "scope_id": scope.id}
    audit.record(session, actor, "grant_membership", membership, now=now, after=after)
    return membership


def end_membership(session: Session, actor: Actor, membership_id: UUID, *, now: datetime) -> Membership:
    """Take the role away from this instant on; raises NotFound, Forbidden, LastAdministrator."""
    row = session.execute(held_where().where(Membership.id == membership_id)).first()
    if row is None or not may_open_accounts(actor) or not _may_grant_again(actor, row):
        raise NotFound()
    membership: Membership = row[0]
    administers_all = (membership.role, membership.scope_kind) == (Role.ADMINISTRATOR, ScopeKind.PROVINCE)
    if administers_all and membership.ended_at is None:
        require_another_administrator(session, [membership.account_id])
    session.refresh(
        membership, with_for_update=True
    )  # only now: a stranger waits for no lock, and holds none
    if membership.ended_at is None:
        _end(session, actor, membership, now)
    return membership


def hold_memberships(session: Session, scope: Scope) -> Sequence[Membership]:
    """The roles held within this scope now, locked: whoever writes by one of them goes first, or waits."""
    standing = (
        select(Membership).where(*_within(scope), Membership.ended_at.is_(None)).order_by(Membership.id)
    )
    return session.scalars(standing.with_for_update(), execution_options={"populate_existing": True}).all()


def end_memberships(session: Session, actor: Actor, scope: Scope, *, now: datetime) -> None:
    """Take every role within this scope away, for who may end the scope itself."""
    for membership in hold_memberships(session, scope):
        _end(session, actor, membership, now)


def administers(session: Session, actor: Actor, account_id: UUID, *, former: bool = False) -> bool:
    """Whether every role of the account is the actor's to grant, with `former` those that it had before too.

    Where all have ended, they all count: somebody on leave belongs to whoever could give the roles back. An account that never had one
    belongs to whoever opens them.
    """
    rows = session.execute(held_where().where(Membership.account_id == account_id)).all()
    living = [row for row in rows if row[0].ended_at is None]
    judged = rows if former else living or rows
    return may_open_accounts(actor) and all(_may_grant_again(actor, row) for row in judged)


def require_another_administrator(session: Session, ids: Collection[UUID]) -> None:
    """Raise LastAdministrator where nobody besides these administers the province.

    Locks the administrators' roles: of two ends at once, the second counts what the first left.
    """
    administering = select(Membership).where(
        Membership.role == Role.ADMINISTRATOR,
        Membership.scope_kind == ScopeKind.PROVINCE,
        Membership.ended_at.is_(None),
    )
    locked = administering.order_by(Membership.id).with_for_update()
    holding = {
        row.account_id for row in session.scalars(locked, execution_options={"populate_existing": True})
    }
    if holding and holding <= set(ids):
        raise LastAdministrator()


def touch(account: Account, now: datetime) -> None:
    """Give the account a new version: it is shown with its roles, so what a client keeps of it is out of date."""
    account.updated_at = now
    flag_modified(account, "updated_at")  # also within the same instant


def _end(session: Session, actor: Actor, membership: Membership, now: datetime) -> None:
    membership.ended_at = now
    touch(session.get_one(Account, membership.account_id, with_for_update=True), now)
    audit.record(session, actor, "end_membership", membership, now=now, after={"ended_at": now})
    session.flush()
    events.publish(session, MembershipEnded(membership.id, actor, now))


def _within(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return Membership.scope_kind == scope.kind, Membership.scope_id.is_not_distinct_from(scope.id)


def held_where() -> Select[Membership, str | None]:
    """Memberships, each with the region of the organisation or node in which it is held."""
    organisation_id = case((Membership.scope_kind == ScopeKind.ORGANISATION, cast(Membership.scope_id, Uuid)))
    of_node = case((Membership.scope_kind == ScopeKind.NODE, region_of_node(Membership.scope_id.expression)))
    return (
        select(
            Membership,
            func.coalesce(Enterprise.region_code, Institute.region_code, of_node).label("region_code"),
        )
        .outerjoin(Enterprise, Enterprise.id == organisation_id)
        .outerjoin(Institute, Institute.id == organisation_id)
    )


def _may_grant_again(actor: Actor, row: Row[Membership, str | None]) -> bool:
    held = row[0].held
    return may_grant(actor, held.role, held.scope, row[1])


def _placed(session: Session, role: Role, scope: Scope) -> tuple[Scope, str | None]:
    """The scope in its one spelling and the region it lies in; raises Invalid when it is nothing that exists."""
    if role in MEMBER_OF and scope.kind is not ScopeKind.ORGANISATION:
        raise Invalid.field("scope.kind", MEMBERS_BELONG)
    if role in OF_PROVINCE and scope.kind is not ScopeKind.PROVINCE:
        raise Invalid.field("scope.kind", PROVINCE_ALONE)
    spelled, region_code = scope.id or "", None
    match scope.kind:
        case ScopeKind.ZONE:
            region_code = spelled if is_region(spelled) else None
        case ScopeKind.NODE:
            region_code = hold_node_open(session, spelled)
        case ScopeKind.ORGANISATION:
            organisation = _organisation(session, role, spelled)
            if organisation is not None:
                scope, region_code = Scope(scope.kind, str(organisation.id)), organisation.region_code
        case ScopeKind.PROVINCE:
            return scope, None
    if region_code is None:
        raise Invalid.field("scope.id", SCOPE_UNKNOWN)
    return scope, region_code


def _refuse_as_unknown(session: Session, actor: Actor, scope: Scope) -> None:
    """An enterprise that the actor may not know of is refused in the words for one that does not exist."""
    enterprise = session.get(Enterprise, UUID(scope.id)) if scope.kind is ScopeKind.ORGANISATION else None
    if enterprise and not allows(CAN_READ_ENTERPRISE, actor, enterprise):
        raise Invalid.field("scope.id", SCOPE_UNKNOWN)


def _organisation(session: Session, role: Role, spelled: str) -> Enterprise | Institute | None:
    try:
        wanted = UUID(spelled)
    except ValueError:
        return None
    kind = MEMBER_OF.get(role)
    enterprise = session.get(Enterprise, wanted) if kind is not Institute else None
    return enterprise or (session.get(Institute, wanted) if kind is not Enterprise else None)
