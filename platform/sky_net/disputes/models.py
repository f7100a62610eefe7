"""Disputes of proposals, each with its ruling."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Identified
from sky_net.disputes.reasons import DISPUTE_REASONS


class ProposalDispute(Identified, Base):
    """The enterprise disputes a proposal, once; `upheld` is what the second person decided, None until then."""

    __tablename__ = "proposal_disputes"
    __table_args__ = (
        CheckConstraint(f"reason_code in {tuple(DISPUTE_REASONS)}", name="reason_code"),
        CheckConstraint("(upheld is null) = (ruled_at is null)", name="ruled"),
        Index(None, "need_id"),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"), unique=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    reason_code: Mapped[str]
    message: Mapped[str]
    disputed_at: Mapped[datetime]
    disputed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    upheld: Mapped[bool | None]
    ruling: Mapped[str | None]
    ruled_at: Mapped[datetime | None]
    ruled_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
