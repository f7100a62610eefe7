"""Acceptances of the terms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified

SIDES = ("enterprise", "institute")


class TermsAcceptance(AppendOnly, Identified, Base):
    """One side accepted a version of the terms; `institute_id` None is the enterprise's word to every institute."""

    __tablename__ = "terms_acceptances"
    __table_args__ = (
        CheckConstraint(f"side in {SIDES}", name="side"),
        CheckConstraint("side = 'enterprise' or institute_id is not null", name="institute"),
        Index(
            "uq_terms_acceptances_once", "need_id", "institute_id", "side", "version", unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    institute_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutes.id"), index=True)
    side: Mapped[str]
    version: Mapped[str]
    accepted_by: Mapped[UUID | None]
    accepted_at: Mapped[datetime]
