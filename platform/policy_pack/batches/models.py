"""Rows of batches: how far one is, and what was answered of each enterprise."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Versioned

ANSWERS, NEWS = "answers", "news"
PURPOSES = (ANSWERS, NEWS)
STATES = ("queued", "running", "done")


class PolicyBatch(Versioned, Base):
    """One pass over the enterprises of a region (None: all) as of a day; `done` of `total`, the last one looked at.

    For `answers`, kept beside it, or for `news`. `keys` None are all policies; `outcomes` counts
    the answers by what they came to.
    """

    __tablename__ = "policy_batches"
    __table_args__ = (
        CheckConstraint(f"purpose in {PURPOSES}", name="purpose"),
        CheckConstraint("done between 0 and total", name="done"),
        Index(None, "created_at", "id"),
    )

    purpose: Mapped[str]
    region_code: Mapped[str | None]
    as_of_on: Mapped[date]
    keys: Mapped[list[str] | None] = mapped_column(ARRAY(String))
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    news: Mapped[int] = mapped_column(default=0)
    outcomes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    last_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """Derived, so that no second word can contradict the instants."""
        if self.ended_at is not None:
            return "done"
        return "running" if self.done else "queued"


class BatchAnswer(AppendOnly, Base):
    """What was answered of one enterprise: one entry for each policy, and for each matter that it asks about."""

    __tablename__ = "policy_batch_answers"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("policy_batches.id"), primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"), primary_key=True, index=True)
    answers: Mapped[list[dict[str, Any]]]
