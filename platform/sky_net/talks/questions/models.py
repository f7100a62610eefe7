"""Questions and answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Identified, Versioned
from backbone.directory.models import Institute

ASKING = ("enterprise", "institute", "platform")
ASKED = ("enterprise", "institute")
STATES = ("asked", "answered", "withdrawn")
# What people write: kept in these rows, which can be erased, and out of the history in clear.
PERSONAL = frozenset({"text"})


class QuestionAnswer(Identified, Base):
    """What the asked side said; the first one answers, every later one stands beside it as a correction."""

    __tablename__ = "question_answers"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id"), index=True)
    text: Mapped[str]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]


class Question(Versioned, Base):
    """A question, asked at `created_at`.

    `institute_id` is the institute that asks or is asked, None where the operator asks the enterprise for the platform.
    Its state is derived from what happened to it.
    """

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint(f"asked_by_side in {ASKING}", name="asked_by_side"),
        CheckConstraint(f"asked_side in {ASKED}", name="asked_side"),
        CheckConstraint("asked_by_side <> asked_side", name="two_sides"),
        CheckConstraint(
            "institute_id is not null or (asked_by_side = 'platform' and asked_side = 'enterprise')",
            name="institute",
        ),
        CheckConstraint("withdrawn_at is null or answered_at is null", name="ended_once"),
        CheckConstraint("shared_at is null or answered_at is not null", name="shared_when_answered"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), index=True)
    institute_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutes.id"), index=True)
    asked_by_side: Mapped[str]
    asked_side: Mapped[str]
    text: Mapped[str]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    answered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]
    shared_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)

    answers: Mapped[list[QuestionAnswer]] = relationship(
        viewonly=True, lazy="selectin", order_by=QuestionAnswer.id
    )
    # For showing the name beside the id; never written through.
    institute: Mapped[Institute | None] = relationship(viewonly=True, lazy="selectin")

    @property
    def state(self) -> str:
        """asked, answered or withdrawn."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "answered" if self.answered_at is not None else "asked"
