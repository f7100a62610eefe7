"""Rows of milestones."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from ground_net.contracts.models import Contract


class Milestone(Versioned, Base):
    """Something that is delivered on the way, and by what it is accepted."""

    __tablename__ = "contract_milestones"
    __table_args__ = (
        UniqueConstraint("contract_id", "position"),
        CheckConstraint("(accepted_at is null) = (accepted_on is null)", name="accepted"),
        Index(
            "ix_contract_milestones_open",
            "contract_id",
            "due_on",
            postgresql_where=text("accepted_at is null"),
        ),
    )

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    position: Mapped[int]
    title: Mapped[str]
    deliverable: Mapped[str]
    criterion: Mapped[str]
    due_on: Mapped[date]
    accepted_on: Mapped[date | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)

    # For asking who may; never written through.
    contract: Mapped[Contract] = relationship(viewonly=True)
