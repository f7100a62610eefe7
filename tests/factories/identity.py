"""Accounts, actors and bearer headers for tests, without the cost of argon2.

headers = bearer(session, (Role.TRANSFER_OFFICE, of(institute)))
operator = an_actor(session, (Role.OPERATOR, zone("420100")))
"""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Actor, Held, Role, Scope, ScopeKind
from backbone.db import Identified
from backbone.identity import service
from backbone.identity.models import Account, Membership

MADE_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
NO_PASSWORD = "!"
_numbers = count(1)


def of(organisation: Identified) -> Scope:
    """The scope of one organisation."""
    return Scope(ScopeKind.ORGANISATION, str(organisation.id))


def zone(code: str = "420100") -> Scope:
    """The scope of a zone; Wuhan unless said otherwise."""
    return Scope(ScopeKind.ZONE, code)


def an_account(session: Session, *held: tuple[Role, Scope], **values: Any) -> Account:
    """A stored account with these memberships; nobody can log in to it, its tokens are made directly."""
    n = next(_numbers)
    defaults: dict[str, Any] = {
        "login": f"test-{n}", "name": f"测试账号{n}", "password_hash": NO_PASSWORD,
        "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    account = Account(**defaults | values)
    session.add(account)
    session.flush()
    session.add_all(
        Membership(
            account_id=account.id, role=role, scope_kind=scope.kind, scope_id=scope.id, granted_at=MADE_AT
        )
        for role, scope in held
    )
    session.flush()
    return account


def an_actor(session: Session, *held: tuple[Role, Scope], name: str = "测试账号") -> Actor:
    """An actor with a stored account that holds these roles."""
    account = an_account(session, *held, name=name)
    return Actor(account.id, name, frozenset(Held(role, scope) for role, scope in held))


def headers_of(session: Session, account: Account, *, may_write: bool = True) -> dict[str, str]:
    """The Authorization header of this account, with a token that outlives every test."""
    _, secret = service.issue_token_for(session, account, may_write=may_write, days=3650, now=MADE_AT)
    return {"Authorization": f"Bearer {secret}"}


def bearer(
    session: Session, *held: tuple[Role, Scope], name: str = "测试账号", may_write: bool = True
) -> dict[str, str]:
    """The Authorization header of a new account that holds these roles."""
    return headers_of(session, an_account(session, *held, name=name), may_write=may_write)


def administrator(session: Session) -> dict[str, str]:
    """The Authorization header of an administrator of the province."""
    return bearer(session, (Role.ADMINISTRATOR, PROVINCE), name="测试管理员")


def operator(session: Session, scope: Scope = PROVINCE) -> dict[str, str]:
    """The Authorization header of an operator, of the province unless said otherwise."""
    return bearer(session, (Role.OPERATOR, scope), name="测试运营")
