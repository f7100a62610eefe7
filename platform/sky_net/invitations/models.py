"""Invitations: one per need and institute."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from backbone.directory.models import Institute
from sky_net.invitations.reasons import DECLINE_REASONS
from sky_net.invitations.states import LIFE, STATES
from sky_net.needs.models import Need


class Invitation(Versioned, Base):
    """An institute asked to answer a need; invited at `created_at`, answered at most once."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("need_id", "institute_id"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"reason_code in {tuple(DECLINE_REASONS)}", name="reason_code"),
        CheckConstraint("(state = 'declined') = (reason_code is not null)", name="declined_with_reason"),
        CheckConstraint("(state = 'open') = (answered_at is null)", name="answered"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    achievement_id: Mapped[UUID | None] = mapped_column(ForeignKey("achievements.id"), index=True)
    message: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=LIFE.initial)
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason_code: Mapped[str | None]
    refusal_message: Mapped[str | None]

    # For showing names beside ids; never written through.
    need: Mapped[Need] = relationship(viewonly=True, lazy="selectin")
    institute: Mapped[Institute] = relationship(viewonly=True, lazy="selectin")
