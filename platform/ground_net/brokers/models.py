"""Rows of brokers and of their mandates."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from backbone.db import Base, Versioned

MOST_CAPACITY = 1000


class Broker(Versioned, Base):
    """The profile of an account with the role of a broker. `capacity` is how many open needs at once.

    Load and record are counted from the needs whenever they are asked for.
    """

    __tablename__ = "brokers"
    __table_args__ = (CheckConstraint(f"capacity between 0 and {MOST_CAPACITY}", name="capacity"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    industries: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    tech_fields: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    languages: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    zones: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    capacity: Mapped[int]


class BrokerMandate(Versioned, Base):
    """An enterprise or institute lets a broker act for it, in writing, from one day to another, both included.

    It counts from the confirmation of a member of the organisation, and until it is ended. Exclusive only where it says so.
    """

    __tablename__ = "broker_mandates"
    __table_args__ = (
        CheckConstraint("num_nonnulls(enterprise_id, institute_id) = 1", name="organisation"),
        CheckConstraint("from_on <= until_on", name="days"),
        CheckConstraint("(confirmed_at is null) = (confirmed_by is null)", name="confirmed"),
    )

    broker_id: Mapped[UUID] = mapped_column(ForeignKey("brokers.id"), index=True)
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    institute_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutes.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    scope_of_work: Mapped[str]
    is_exclusive: Mapped[bool] = mapped_column(default=False)
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    ended_at: Mapped[datetime | None]

    @property
    def organisation_id(self) -> UUID | None:
        """The enterprise or institute that gives it."""
        return self.enterprise_id or self.institute_id
