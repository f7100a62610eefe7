"""Rows of follow-ups."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Identified


class FollowUp(Identified, Base):
    """Somebody looked after a contract: what was found, and when the next one does."""

    __tablename__ = "contract_follow_ups"
    __table_args__ = (Index(None, "contract_id", "made_at", "id"),)

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    note: Mapped[str]
    next_on: Mapped[date]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    made_at: Mapped[datetime]
