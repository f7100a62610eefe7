"""What each night's batch came to, whom it offered each need, and how much an institute takes on."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified, Versioned
from sky_net.assignments.balance import REASONS

MOST_NEEDS = 1000


class AssignmentRun(AppendOnly, Identified, Base):
    """The batch of one day, in Asia/Shanghai: its numbers beside plain top-k, and what it searched in."""

    __tablename__ = "assignment_runs"

    run_on: Mapped[date] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    needs: Mapped[int]
    institutes: Mapped[int]
    wanted: Mapped[int]
    offered: Mapped[int]
    ndcg_kept: Mapped[float]
    gini_plain: Mapped[float]
    gini: Mapped[float]
    evenness: Mapped[float]
    quotas_broken: Mapped[int]
    searched: Mapped[int]
    encoder: Mapped[str]
    generation: Mapped[str | None]


class Assigned(AppendOnly, Identified, Base):
    """A need offered to an institute, at a place from 1, for these achievements; or to nobody, for a reason."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("run_id", "need_id", "institute_id", postgresql_nulls_not_distinct=True),
        CheckConstraint(f"reason in {REASONS}", name="reason"),
        CheckConstraint("(institute_id is null) = (reason is not null)", name="offered_or_not"),
        CheckConstraint(
            "(institute_id is null) = (rank is null) and (institute_id is null) = (score is null)",
            name="place",
        ),
        Index(None, "institute_id", "run_id"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("assignment_runs.id"))
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), index=True)
    institute_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutes.id"))
    rank: Mapped[int | None]
    score: Mapped[float | None]
    achievements: Mapped[list[str]]
    reason: Mapped[str | None]


class InstituteQuota(Versioned, Base):
    """How many needs an institute works on at once; one without a row has the ordinary quota."""

    __tablename__ = "institute_quotas"
    __table_args__ = (CheckConstraint(f"needs between 0 and {MOST_NEEDS}", name="needs"),)

    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), unique=True)
    needs: Mapped[int]
    set_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
