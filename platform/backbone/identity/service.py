"""Opening accounts, granting roles, and tokens: from a bearer token to an actor."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from backbone import audit
from backbone.actor import Actor, Held, Role, Scope, ScopeKind
from backbone.directory.models import Enterprise, Institute
from backbone.directory.regions import is_region
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound, Unauthenticated
from backbone.identity.errors import LoginTaken, WrongCredentials
from backbone.identity.models import Account, Membership, Token
from backbone.identity.passwords import hash_password, is_password
from backbone.identity.permissions import MEMBER_OF, may_grant, may_open_accounts

PREFIX = "sw_"
MEMBERS_BELONG = Bilingual("成员角色只能在一个机构内授予", "A member's role is held in one organisation")
SCOPE_UNKNOWN = Bilingual(
    "没有这个区域，或没有这类机构", "There is no such region, or no such organisation of that kind"
)

# Built once, and read as plain columns: every request runs it.
BEARER = (
    select(
        Token.id, Token.account_id, Token.may_write, Token.roles, Account.name,
        Membership.role, Membership.scope_kind, Membership.scope_id,
    )
    .join(Account, Account.id == Token.account_id)
    .outerjoin(Membership, (Membership.account_id == Account.id) & Membership.ended_at.is_(None))
    .where(
        Token.secret_hash == bindparam("secret_hash"), Token.revoked_at.is_(None), Token.expires_at > bindparam("now")
    )
)  # fmt: skip


def authenticate(session: Session, token: str, now: datetime) -> Actor:
    """The actor behind a bearer token: one query; raises Unauthenticated."""
    rows = session.execute(BEARER, {"secret_hash": _hash(token), "now": now}).all()
    if not rows:
        raise Unauthenticated()
    first = rows[0]
    held = frozenset(
        Held(Role(row.role), Scope(ScopeKind(row.scope_kind), row.scope_id))
        for row in rows
        if row.role is not None and (first.roles is None or row.role in first.roles)
    )
    return Actor(first.account_id, first.name, held, token_id=first.id, may_write=first.may_write)


def issue_token(
    session: Session,
    *,
    login: str,
    password: str,
    may_write: bool = True,
    roles: Collection[str] | None = None,
    days: int,
    now: datetime,
) -> tuple[Token, str]:
    """A new token and its secret, which is shown this once; raises WrongCredentials."""
    account = session.scalar(select(Account).where(Account.login == login))
    if not is_password(password, account.password_hash if account else None) or account is None:
        raise WrongCredentials()
    return issue_token_for(session, account, may_write=may_write, roles=roles, days=days, now=now)


def issue_token_for(
    session: Session,
    account: Account,
    *,
    may_write: bool = True,
    roles: Collection[str] | None = None,
    days: int,
    now: datetime,
) -> tuple[Token, str]:
    """A new token of this account, whose holder has been checked already."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token(
        account_id=account.id, secret_hash=_hash(secret), may_write=may_write, created_at=now,
        roles=None if roles is None else sorted(roles), expires_at=now + timedelta(days=days),
    )  # fmt: skip
    session.add(token)
    session.flush()
    actor = Actor(account.id, account.name, token_id=token.id)
    audit.record(session, actor, "issue_token", token, now=now, after={"expires_at": token.expires_at})
    return token, secret


def revoke_token(session: Session, actor: Actor, token_id: UUID, *, now: datetime) -> Token:
    """End one of the actor's own tokens at once; doing it twice changes nothing. Raises NotFound."""
    token = session.get(Token, token_id, with_for_update=True)
    if token is None or token.account_id != actor.account_id:
        raise NotFound()
    if token.revoked_at is None:
        token.revoked_at = now
        audit.record(session, actor, "revoke_token", token, now=now, after={"revoked_at": now})
    return token


def list_tokens(session: Session, actor: Actor, now: datetime) -> Sequence[Token]:
    """The actor's own tokens that still work, newest first."""
    mine = select(Token).where(
        Token.account_id == actor.account_id, Token.revoked_at.is_(None), Token.expires_at > now
    )
    return session.scalars(mine.order_by(Token.id.desc()).limit(100)).all()


def open_account(
    session: Session, actor: Actor, *, login: str, name: str, password: str, demo: bool = False, now: datetime
) -> Account:
    """A new account without any role; raises Forbidden, LoginTaken."""
    if not may_open_accounts(actor):
        raise Forbidden()
    account = Account(
        login=login,
        name=name,
        password_hash=hash_password(password),
        is_demo=demo,
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
            session.flush()
    except IntegrityError:
        raise LoginTaken(login=login) from None
    audit.record(session, actor, "open_account", account, now=now, after={"login": login, "name": name},
                 personal={"login", "name"})  # fmt: skip
    return account


def grant_membership(
    session: Session, actor: Actor, account_id: UUID, role: Role, scope: Scope, *, now: datetime
) -> Membership:
    """Give the account a role within a scope; the same role twice is one membership.

    Raises Forbidden, NotFound, Invalid.
    """
    if not may_open_accounts(actor):
        raise Forbidden()
    scope, region_code = _placed(session, role, scope)
    if not may_grant(actor, role, scope, region_code):
        raise Forbidden()
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound()
    same = select(Membership).where(
        Membership.account_id == account_id, Membership.role == role, Membership.scope_kind == scope.kind,
        Membership.scope_id.is_not_distinct_from(scope.id), Membership.ended_at.is_(None),
    )  # fmt: skip
    if held := session.scalar(same):
        return held
    membership = Membership(
        account_id=account_id, role=role, scope_kind=scope.kind, scope_id=scope.id, granted_at=now
    )
    session.add(membership)
    _touch(account, now)
    session.flush()
    after = {"account_id": account_id, "role": role, "scope_kind": scope.kind, "scope_id": scope.id}
    audit.record(session, actor, "grant_membership", membership, now=now, after=after)
    return membership


def end_membership(session: Session, actor: Actor, membership_id: UUID, *, now: datetime) -> Membership:
    """Take the role away from this instant on; raises NotFound, Forbidden."""
    membership = session.get(Membership, membership_id, with_for_update=True)
    if membership is None or not may_open_accounts(actor):
        raise NotFound()
    held = membership.held
    scope, region_code = _placed(session, held.role, held.scope)
    if not may_grant(actor, held.role, scope, region_code):
        raise NotFound()
    if membership.ended_at is None:
        membership.ended_at = now
        _touch(session.get_one(Account, membership.account_id, with_for_update=True), now)
        audit.record(session, actor, "end_membership", membership, now=now, after={"ended_at": now})
    return membership


def show_account(session: Session, actor: Actor, account_id: UUID) -> Account:
    """An account: the own one, any for an administrator, for an operator those of the zone's members. Raises NotFound."""
    account = session.get(Account, account_id)
    if account is None or not (account_id == actor.account_id or _administers(session, actor, account)):
        raise NotFound()
    return account


def actor_of(session: Session, account_id: UUID) -> Actor | None:
    """Who somebody else is, with the roles held now, None for no account: to check whom a task is given to."""
    account = session.get(Account, account_id)
    if account is None:
        return None
    return Actor(account.id, account.name, frozenset(membership.held for membership in account.memberships))


def names_of(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these accounts, in one query; none for an account that is gone."""
    if not ids:
        return {}
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in found}


def has_demo_accounts(session: Session) -> bool:
    """Whether any demo account exists in this database."""
    return session.scalar(select(Account.id).where(Account.is_demo).limit(1)) is not None


def _touch(account: Account, now: datetime) -> None:
    """Give the account a new version: it is shown with its roles, so what a client keeps of it is out of date."""
    account.updated_at = now
    flag_modified(account, "updated_at")  # also within the same instant


def _administers(session: Session, actor: Actor, account: Account) -> bool:
    """Whether every role of the account is the actor's to grant; one without roles yet belongs to whoever opens them."""
    held = [membership.held for membership in account.memberships]
    return may_open_accounts(actor) and all(
        may_grant(actor, each.role, *_placed(session, each.role, each.scope)) for each in held
    )


def _placed(session: Session, role: Role, scope: Scope) -> tuple[Scope, str | None]:
    """The scope in its one spelling and the region it lies in; raises Invalid when it is nothing that exists."""
    if role in MEMBER_OF and scope.kind is not ScopeKind.ORGANISATION:
        raise Invalid.field("scope.kind", MEMBERS_BELONG)
    if scope.kind is ScopeKind.ZONE:
        if not is_region(scope.id or ""):
            raise Invalid.field("scope.id", SCOPE_UNKNOWN)
        return scope, scope.id
    if scope.kind is ScopeKind.ORGANISATION:
        organisation = _organisation(session, role, scope.id or "")
        if organisation is None:
            raise Invalid.field("scope.id", SCOPE_UNKNOWN)
        return Scope(scope.kind, str(organisation.id)), organisation.region_code
    return scope, None


def _organisation(session: Session, role: Role, spelled: str) -> Enterprise | Institute | None:
    try:
        wanted = UUID(spelled)
    except ValueError:
        return None
    kind = MEMBER_OF.get(role)
    enterprise = session.get(Enterprise, wanted) if kind is not Institute else None
    return enterprise or (session.get(Institute, wanted) if kind is not Enterprise else None)


def _hash(secret: str) -> str:
    # 256 random bits need no salt and no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
