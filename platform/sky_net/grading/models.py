"""Grades that operators and brokers give to matches."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified
from sky_net.invitations.reasons import DECLINE_REASONS
from sky_net.matching.grades import GRADES


class MatchGrade(AppendOnly, Identified, Base):
    """What somebody thought of an achievement for a need, 0 to 3 as `matching.grades` has them.

    The last one about a pair counts, whoever gave it: people change their minds, and nothing is rewritten.
    """

    __tablename__ = "match_grades"
    __table_args__ = (
        CheckConstraint(f"grade between {GRADES[0]} and {GRADES[-1]}", name="grade"),
        CheckConstraint(f"reason_code in {tuple(DECLINE_REASONS)}", name="reason_code"),
        Index(None, "need_id", "graded_at", "id"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievements.id"), index=True)
    grade: Mapped[int]
    reason_code: Mapped[str | None]
    graded_at: Mapped[datetime]
    graded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
