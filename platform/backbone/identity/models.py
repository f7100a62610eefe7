"""Accounts, memberships, tokens, and what limits attempts to log in."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backbone.actor import Held, Role, Scope, ScopeKind
from backbone.db import Base, Identified, Versioned
from backbone.people.holding import HasPeople, PersonalValue
from backbone.people.models import Person


class Account(HasPeople, Versioned, Base):
    """A person who logs in; `password_hash` is argon2id. The login is found by its digest, which no two may share.

    `password_given_at` says since when another knows the password: it logs nobody in until its holder has changed it.
    """

    __tablename__ = "accounts"
    __table_args__ = (Index("ix_accounts_demo", "is_demo", postgresql_where=text("is_demo")),)

    login: ClassVar[Any] = PersonalValue("account", "login")
    name: ClassVar[Any] = PersonalValue("account", "name")
    email: ClassVar[Any] = PersonalValue("account", "email")
    password_hash: Mapped[str]
    password_given_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    memberships: Mapped[list["Membership"]] = relationship(
        primaryjoin="and_(Membership.account_id == Account.id, Membership.ended_at.is_(None))", viewonly=True
    )

    @classmethod
    def organisations_of(cls, session: Session, people: Sequence[Person]) -> Mapping[UUID, Collection[UUID]]:
        """The organisations in which the account holds or held a role."""
        held = select(Membership.account_id, Membership.scope_id).where(
            Membership.account_id.in_([person.holder_id for person in people]),
            Membership.scope_kind == ScopeKind.ORGANISATION,
        )
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for account_id, scope_id in session.execute(held):
            found[account_id].add(UUID(scope_id))
        return {person.id: found[person.holder_id] for person in people if person.holder_id in found}

    @classmethod
    def held_besides(cls, session: Session, holder_id: UUID) -> Mapping[str, Any]:
        """Roles and tokens, without the secrets, which nobody has."""
        held = session.scalars(
            select(Membership).where(Membership.account_id == holder_id).order_by(Membership.id)
        )
        issued = session.scalars(select(Token).where(Token.account_id == holder_id).order_by(Token.id))
        return {
            "roles": [_said(row, "role", "scope_kind", "scope_id", "granted_at", "ended_at") for row in held],
            "tokens": [_said(row, "created_at", "expires_at", "revoked_at") for row in issued],
        }


class Membership(Identified, Base):
    """A role held within a scope, from `granted_at` until `ended_at`."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(f"role in {tuple(role.value for role in Role)}", name="role"),
        CheckConstraint(f"scope_kind in {tuple(kind.value for kind in ScopeKind)}", name="scope_kind"),
        CheckConstraint("(scope_kind = 'province') = (scope_id is null)", name="scope_id"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str]
    scope_kind: Mapped[str]
    scope_id: Mapped[str | None] = mapped_column(index=True)
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def held(self) -> Held:
        """The membership as the actor carries it."""
        return Held(Role(self.role), Scope(ScopeKind(self.scope_kind), self.scope_id))


class Token(Identified, Base):
    """An API token: only the SHA-256 of its secret is stored.

    It can be narrower than its account: to reading alone, or to some of the account's roles (None: all of them).
    """

    __tablename__ = "tokens"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    may_write: Mapped[bool]
    roles: Mapped[list[str] | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class LoginBudget(Base):
    """What is left of a budget of attempts to log in: it is whole again at `spent_until`, and the row of no use.

    `key` is a keyed digest of what is limited. A place from which somebody logged in lately is a row of its own.
    """

    __tablename__ = "login_budgets"

    key: Mapped[str] = mapped_column(primary_key=True)
    spent_until: Mapped[datetime] = mapped_column(index=True)


def _said(row: Any, *columns: str) -> dict[str, str | None]:
    values = {name: getattr(row, name) for name in columns}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
