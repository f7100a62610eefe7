"""Rows of reviews."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned
from finance_net.grants.life import REVIEW


class GrantReview(Versioned, Base):
    """One reviewer's task on one application: `scores` are points from 0 to 100 by the key of each criterion."""

    __tablename__ = "grant_reviews"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(REVIEW.states))}", name="state"),
        CheckConstraint("(scores IS NOT NULL) = (state = 'submitted')", name="scored"),
        Index("uq_grant_reviews_application_id_reviewer_id", "application_id", "reviewer_id", unique=True),
        Index(None, "reviewer_id", "state", "id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("grant_applications.id"))
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str] = mapped_column(default=REVIEW.first)
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    comment: Mapped[str | None]
    assigned_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    ended_at: Mapped[datetime | None]
