"""From a bearer token to an actor: one query, by the token's hash.

A write holds its authority: token and memberships are share-locked, so that whoever revokes the token or ends a role
waits until the write has committed, and a write that comes later finds the role gone. Without the lock a write could
wait for its row while a role is ended, and then be done by somebody who no longer holds it. Reads take no lock: what
they answer was theirs to see when they asked.
"""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, true
from sqlalchemy.orm import Session

from backbone.actor import Actor, Held, Role, Scope, ScopeKind
from backbone.errors import Unauthenticated
from backbone.identity.models import Account, Membership, Token


def _bearer(*, hold: bool) -> Select[Any]:
    held = select(Membership.role, Membership.scope_kind, Membership.scope_id).where(
        Membership.account_id == Account.id, Membership.ended_at.is_(None)
    )
    # The nullable side of an outer join cannot be locked from outside: a lateral query locks what it finds itself.
    roles = (held.with_for_update(read=True) if hold else held).correlate(Account).lateral("roles")
    query = (
        select(
            Token.id, Token.account_id, Token.may_write, Token.roles,
            roles.c.role, roles.c.scope_kind, roles.c.scope_id,
        )
        .join(Account, Account.id == Token.account_id)
        .outerjoin(roles, true())
        .where(
            Token.secret_hash == bindparam("secret_hash"), Token.revoked_at.is_(None), Token.expires_at > bindparam("now")
        )
    )  # fmt: skip
    return query.with_for_update(read=True, of=Token) if hold else query


# Built once, and read as plain columns: every request runs one of them.
BEARER, HELD_BEARER = _bearer(hold=False), _bearer(hold=True)


def authenticate(session: Session, token: str, now: datetime, *, hold: bool = False) -> Actor:
    """The actor behind a bearer token, nameless: nothing personal is opened. With `hold`, its authority lasts until the
    transaction ends. Raises Unauthenticated.
    """
    found = HELD_BEARER if hold else BEARER
    rows = session.connection().execute(found, {"secret_hash": hash_secret(token), "now": now}).all()
    if not rows:
        raise Unauthenticated()
    first = rows[0]
    held = frozenset(
        Held(Role(row.role), Scope(ScopeKind(row.scope_kind), row.scope_id))
        for row in rows
        if row.role is not None and (first.roles is None or row.role in first.roles)
    )
    return Actor(first.account_id, "", held, token_id=first.id, may_write=first.may_write)


def hash_secret(secret: str) -> str:
    """What is stored of a token: 256 random bits need no salt and no slow hash, there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
