"""Leaves, each with the deputy who stands in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Identified


class Absence(Identified, Base):
    """An account is away from `from_on` to `to_on`, both included, unless cancelled."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="in_order"),
        CheckConstraint("account_id <> deputy_id", name="somebody_else"),
        Index("ix_absences_standing", "account_id", "from_on", postgresql_where=text("cancelled_at IS NULL")),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    deputy_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    cancelled_at: Mapped[datetime | None]
