"""Rows of estimates: how far one is, and what it came to."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from policy_pack.policies.models import PolicyVersion


class ImpactEstimate(Versioned, Base):
    """One estimate of one draft as of a day; `done` of `total` enterprises were looked at.

    `former_id` is the version that counted on the day when the job began; the result says what would change.
    """

    __tablename__ = "impact_estimates"
    __table_args__ = (
        CheckConstraint("done between 0 and total", name="done"),
        CheckConstraint("result is null or ended_at is not null", name="result"),
        Index(None, "version_id", "created_at"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("policy_versions.id"))
    former_id: Mapped[UUID | None] = mapped_column(ForeignKey("policy_versions.id"), index=True)
    as_of: Mapped[date]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    draft: Mapped[PolicyVersion] = relationship(viewonly=True, foreign_keys=[version_id])
    former: Mapped[PolicyVersion | None] = relationship(viewonly=True, foreign_keys=[former_id])

    @property
    def state(self) -> str:
        """queued, running, done or failed: derived, so that no second word can contradict the instants."""
        if self.ended_at is not None:
            return "failed" if self.failure else "done"
        return "queued" if self.started_at is None else "running"


STATES = ("queued", "running", "done", "failed")
