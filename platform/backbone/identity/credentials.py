"""Setting passwords: one's own by the present one, another's by whoever administers the account; docs/adr/0048.

Whoever sets another's password knows it. It therefore logs nobody in: it only lets its holder set one that nobody else knows,
for a few days, and the holder is told.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.changing import PasswordSet
from backbone.identity.errors import OwnPassword, PasswordLapsed, PersonIsErased
from backbone.identity.memberships import administers
from backbone.identity.models import Account
from backbone.identity.passwords import hash_password
from backbone.identity.service import hold_account, hold_by_password, revoke_tokens, touch

GIVEN_FOR = timedelta(days=3)
"""How long a password that another gave waits for its holder: over a weekend."""
SAME_AS_BEFORE = Bilingual("新密码不能与原密码相同", "The new password is the present one")


def change_password(
    session: Session, *, login: str, password: str, new_password: str, now: datetime
) -> Account:
    """Set one's own password by the present one; every token of the account ends.

    Raises WrongCredentials, PasswordLapsed, Invalid.
    """
    account = hold_by_password(session, login, password)
    if account.password_given_at is not None and now >= account.password_given_at + GIVEN_FOR:
        raise PasswordLapsed(days=GIVEN_FOR.days)
    if new_password == password:
        raise Invalid.field("new_password", SAME_AS_BEFORE)
    _set(session, Actor(account.id, ""), "change_password", account, new_password, now=now)
    return account


def reset_password(
    session: Session, actor: Actor, account_id: UUID, password: str, *, now: datetime
) -> Account:
    """Give somebody who forgot theirs a password to set an own one by; every token of the account ends.

    Whoever does it could log in before its holder does: so roles that have ended count too, which may be given back.
    Raises NotFound, Forbidden, OwnPassword, PersonIsErased.
    """
    account = session.get(Account, account_id)
    # Asked of an account that is not there as well: both take the same statements.
    may = administers(session, actor, account_id, former=True)
    if account_id == actor.account_id:
        raise OwnPassword() if may else Forbidden()
    if account is None or not may:
        raise NotFound()
    hold_account(session, account)
    # A role that was granted meanwhile does not go over with the password.
    if not administers(session, actor, account_id, former=True):
        raise NotFound()
    reset(session, actor, account, password, now=now)
    return account


def reset(session: Session, actor: Actor, account: Account, password: str, *, now: datetime) -> None:
    """Do what `reset_password` does to an account that is held, for an actor who may; raises PersonIsErased."""
    if account.login is None:
        raise PersonIsErased()
    _set(session, actor, "reset_password", account, password, now=now)


def _set(
    session: Session, actor: Actor, action: str, account: Account, password: str, *, now: datetime
) -> None:
    by_holder = account.id == actor.account_id
    account.password_hash = hash_password(password)
    account.password_given_at = None if by_holder else now
    touch(account, now)
    session.flush()
    audit.record(session, actor, action, account, now=now)
    revoke_tokens(session, actor, [account.id], now=now)
    events.publish(session, PasswordSet(account.id, by_holder, now))
