"""Rows of effects: when one is asked for, and what was reported then."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned

VALUES = ("revenue_fen", "contracts_fen", "jobs")


class Effect(Versioned, Base):
    """What an award led to at one beneficiary, `months` after its first payment. Reported once, by a member."""

    __tablename__ = "award_effects"
    __table_args__ = (
        CheckConstraint("months > 0", name="months"),
        CheckConstraint("revenue_fen >= 0 AND contracts_fen >= 0 AND jobs >= 0", name="values"),
        CheckConstraint(
            "CASE WHEN reported_at IS NULL THEN num_nonnulls(revenue_fen, contracts_fen, jobs, as_of_on, source, reported_by) = 0"
            " ELSE num_nonnulls(revenue_fen, contracts_fen, jobs) > 0 AND num_nonnulls(as_of_on, source, reported_by) = 3 END",
            name="reported",
        ),
        Index("uq_award_effects_due", "award_id", "enterprise_id", "months", unique=True),
        Index(None, "enterprise_id", "due_on"),
        Index(None, "due_on", "id"),
    )  # fmt: skip

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    months: Mapped[int]
    due_on: Mapped[date]
    revenue_fen: Mapped[int | None]
    contracts_fen: Mapped[int | None]
    jobs: Mapped[int | None]
    as_of_on: Mapped[date | None]
    source: Mapped[str | None]
    reported_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reported_at: Mapped[datetime | None]
