"""Rows of explanations: how far those of one selection are, and what each came to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base

QUEUED, RUNNING, DONE, FAILED, OVERTAKEN = "queued", "running", "done", "failed", "overtaken"


class GrantExplaining(Base):
    """How many of the applications that one selection did not fund are explained: `done` of `total`.

    It belongs to the selection and to the hash of the model that was solved, which the database holds together.
    """

    __tablename__ = "grant_explainings"
    __table_args__ = (
        ForeignKeyConstraint(["selection_id", "model_sha256"], ["grant_selections.id", "grant_selections.model_sha256"]),
        CheckConstraint("done BETWEEN 0 AND total", name="done"),
        CheckConstraint("failure IS NULL OR ended_at IS NOT NULL", name="failure"),
        CheckConstraint("done < total OR ended_at IS NOT NULL", name="ended"),
        Index("ix_grant_explainings_waiting", "selection_id", postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    selection_id: Mapped[UUID] = mapped_column(primary_key=True)
    model_sha256: Mapped[str]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    failure: Mapped[str | None]

    @property
    def state(self) -> str:
        """queued, running, done, failed, or overtaken: derived, so that no second word can contradict the instants."""
        if self.failure is not None:
            return FAILED
        if self.done == self.total:
            return DONE
        if self.ended_at is not None:
            return OVERTAKEN
        return RUNNING if self.done else QUEUED


class GrantExplanation(AppendOnly, Base):
    """What funding one application would have cost; `displaced` and `joining` are numbers, `cut` {number: fen less}.

    `conflict` names a minimal set of limits that rule it out; then nothing else is told.
    """

    __tablename__ = "grant_explanations"
    __table_args__ = (
        CheckConstraint("score_lost >= 0", name="score_lost"),
        CheckConstraint("conflict = '{}' OR (score_lost = 0 AND displaced = '{}' AND joining = '{}' AND cut = '{}')", name="conflict"),
    )  # fmt: skip

    selection_id: Mapped[UUID] = mapped_column(ForeignKey("grant_explainings.selection_id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(
        ForeignKey("grant_applications.id"), primary_key=True, index=True
    )
    score_lost: Mapped[int]
    displaced: Mapped[list[str]]
    joining: Mapped[list[str]]
    cut: Mapped[dict[str, Any]]
    conflict: Mapped[list[str]]
    explained_at: Mapped[datetime]
