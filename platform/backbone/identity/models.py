"""Accounts, memberships, tokens, and what limits attempts to log in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.actor import Held, Role, Scope, ScopeKind
from backbone.db import Base, Identified, Versioned


class Account(Versioned, Base):
    """A person who logs in; `password_hash` is argon2id."""

    __tablename__ = "accounts"
    __table_args__ = (Index("ix_accounts_demo", "is_demo", postgresql_where=text("is_demo")),)

    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(default=False)
    memberships: Mapped[list["Membership"]] = relationship(
        primaryjoin="and_(Membership.account_id == Account.id, Membership.ended_at.is_(None))", viewonly=True
    )


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
    scope_id: Mapped[str | None]
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
