"""Opening accounts, and tokens. Roles are in `memberships`, offered here as well."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from backbone import audit
from backbone.actor import ROLE_WORDS, Actor
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.bearer import authenticate, hash_secret
from backbone.identity.errors import LoginTaken, PasswordKnownToAnother, TooManyTokens, WrongCredentials
from backbone.identity.memberships import administers, end_membership, grant_membership, touch
from backbone.identity.models import Account, Membership, Token
from backbone.identity.passwords import hash_password, is_password
from backbone.identity.permissions import may_open_accounts
from backbone.pages import Page, read_page
from backbone.people.models import Person, digest_for
from backbone.word_lists import enumerated

PREFIX = "sw_"
NOT_HELD = Bilingual("账号没有这些角色：{roles}", "The account does not hold these roles: {roles}")
PERSONAL = frozenset({"login", "name", "email"})
MOST_TOKENS = 100
"""Living tokens of one account: a person's devices and scripts with room to spare. Thousands are a script that logs in
at every run, and nobody could say any more which of them have been lost."""


def issue_token(
    session: Session,
    *,
    login: str,
    password: str,
    may_write: bool = True,
    roles: Collection[str] | None = None,
    end_oldest: bool = False,
    days: int,
    now: datetime,
) -> tuple[Token, str]:
    """A new token and its secret, which is shown this once.

    Raises WrongCredentials, PasswordKnownToAnother, Invalid, TooManyTokens.
    """
    account = hold_by_password(session, login, password)
    if account.password_given_at is not None:
        raise PasswordKnownToAnother()
    _require_held(session, account, roles or ())
    _make_room(session, account, end_oldest=end_oldest, now=now)
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
        account_id=account.id, secret_hash=hash_secret(secret), may_write=may_write, created_at=now,
        roles=None if roles is None else sorted(roles), expires_at=now + timedelta(days=days),
    )  # fmt: skip
    session.add(token)
    session.flush()
    actor = Actor(account.id, "", token_id=token.id)
    audit.record(session, actor, "issue_token", token, now=now, after={"expires_at": token.expires_at})
    return token, secret


def hold_by_password(session: Session, login: str, password: str) -> Account:
    """The account, locked, whose password this is and stays; raises WrongCredentials. Who knows the same takes turns here.

    The password is looked at before the lock, for that takes 50 ms; one that was changed meanwhile is another.
    """
    account = account_of(session, login)
    looked_at = account.password_hash if account else None
    if not is_password(password, looked_at) or account is None:
        raise WrongCredentials()
    hold_account(session, account)
    if account.password_hash != looked_at:
        raise WrongCredentials()
    return account


def hold_account(session: Session, account: Account) -> None:
    """Lock it as it is now: whoever sets its password, logs in by it or gives it a role goes first, or waits."""
    session.refresh(account, with_for_update={"key_share": True})


def _require_held(session: Session, account: Account, roles: Collection[str]) -> None:
    """A token of roles that the account does not hold could do nothing, and would say of each operation that a role is missing."""
    held = select(Membership.role).where(Membership.account_id == account.id, Membership.ended_at.is_(None))
    if strange := sorted(set(roles) - set(session.scalars(held))):
        raise Invalid.field("roles", NOT_HELD.format(roles=enumerated(ROLE_WORDS[each] for each in strange)))


def _make_room(session: Session, account: Account, *, end_oldest: bool, now: datetime) -> None:
    """See to it that one more token of the locked account may be issued; raises TooManyTokens."""
    living = session.scalars(_living(account.id, now).order_by(Token.created_at, Token.id)).all()
    if len(living) >= MOST_TOKENS and not end_oldest:
        raise TooManyTokens(most=MOST_TOKENS)
    actor = Actor(account.id, "")
    for token in living[: max(0, len(living) + 1 - MOST_TOKENS)]:
        revoke_token(session, actor, token.id, now=now)


def _living(account_id: UUID | None, now: datetime) -> Select[Token]:
    return select(Token).where(
        Token.account_id == account_id, Token.revoked_at.is_(None), Token.expires_at > now
    )


def revoke_token(session: Session, actor: Actor, token_id: UUID, *, now: datetime) -> Token:
    """End one of the actor's own tokens at once; doing it twice changes nothing. Raises NotFound."""
    own = select(Token).where(Token.id == token_id, Token.account_id == actor.account_id)
    token = session.scalar(own.with_for_update().execution_options(populate_existing=True))
    if token is None:
        raise NotFound()
    if token.revoked_at is None:
        _revoke(session, actor, token, now)
    return token


def revoke_tokens(session: Session, actor: Actor, account_ids: Collection[UUID], *, now: datetime) -> None:
    """End every token of these accounts at once."""
    theirs = select(Token).where(Token.account_id.in_(account_ids), Token.revoked_at.is_(None))
    locked = theirs.order_by(Token.id).with_for_update().execution_options(populate_existing=True)
    for token in session.scalars(locked):
        _revoke(session, actor, token, now)


def _revoke(session: Session, actor: Actor, token: Token, now: datetime) -> None:
    token.revoked_at = now
    audit.record(session, actor, "revoke_token", token, now=now, after={"revoked_at": now})


def list_tokens(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Page[Token]:
    """The actor's own tokens that still work."""
    sorts = {"created_at": Token.created_at, "expires_at": Token.expires_at}
    return read_page(session, _living(actor.account_id, now), asked, sorts, Token.id)


def open_account(
    session: Session, actor: Actor, *, login: str, name: str, password: str, email: str | None = None,
    demo: bool = False, now: datetime,
) -> Account:  # fmt: skip
    """A new account without any role; raises Forbidden, LoginTaken."""
    if not may_open_accounts(actor):
        raise Forbidden()
    account = Account(
        login=login,
        name=name,
        email=email,
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
    told = {"login": login, "name": name} | ({} if email is None else {"email": email})
    audit.record(session, actor, "open_account", account, now=now, after=told, personal=PERSONAL)
    return account


def show_account(session: Session, actor: Actor, account_id: UUID) -> Account:
    """An account: the own one, any for an administrator, for an operator those of the zone's members. Raises NotFound."""
    account = session.get(Account, account_id)
    # Asked of an account that is not there as well: both take the same statements.
    if not (account_id == actor.account_id or administers(session, actor, account_id)) or account is None:
        raise NotFound()
    return account


def actor_of(session: Session, account_id: UUID) -> Actor | None:
    """Who somebody else is, with the roles held now, None for no account: to check whom a task is given to."""
    account = session.get(Account, account_id)
    if account is None:
        return None
    return Actor(account.id, account.name, frozenset(membership.held for membership in account.memberships))


def account_of(session: Session, login: str) -> Account | None:
    """The account with this login, whoever asks; None when there is none."""
    known = select(Account).join(Person, Person.holder_id == Account.id)
    return session.scalar(known.where(Person.login_digest == digest_for("login", login)))


def names_of(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these accounts, in two queries; none for an account that is gone."""
    if not ids:
        return {}
    found = select(Account).where(Account.id.in_(ids)).options(selectinload(Account.persons))
    return {account.id: account.name for account in session.scalars(found)}


def has_demo_accounts(session: Session) -> bool:
    """Whether any demo account exists in this database."""
    return session.scalar(select(Account.id).where(Account.is_demo).limit(1)) is not None


__all__ = [
    "actor_of", "authenticate", "end_membership", "grant_membership", "has_demo_accounts", "issue_token",
    "issue_token_for", "list_tokens", "open_account", "revoke_token", "show_account", "touch",
]  # fmt: skip
