"""Rows of selections: the certificate in its chain, its approval by a second person, and the amounts that it set aside."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from backbone.chain.models import Chained, chain_over
from backbone.db import AppendOnly, Base, Identified

STATUSES = ("optimal", "infeasible")


class GrantSelection(Chained, Base):
    """A certificate: the round as it was solved, against which state of the ledger, by which solver, and what came out.

    `model` is canonical JSON in the shape of `sanwang fund select` (ids are the numbers of applications) with `must`; `result` likewise
    {score, selected, conflict}. `fund_version` counts what had happened to the fund. `is_verified`: checked without the solver.
    """

    __tablename__ = "grant_selections"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("is_verified", name="verified"),
        CheckConstraint("model_sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        UniqueConstraint("id", "computed_by"),
        UniqueConstraint("id", "model_sha256"),
        Index(None, "round_id", "computed_at", "id"),
        Index(None, "written_xid", "id"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("grant_rounds.id"))
    model: Mapped[bytes] = mapped_column(LargeBinary)
    model_sha256: Mapped[str]
    fund_version: Mapped[int]
    solver: Mapped[str]
    status: Mapped[str]
    result: Mapped[bytes] = mapped_column(LargeBinary)
    is_verified: Mapped[bool]
    computed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    computed_at: Mapped[datetime]


CHAIN = chain_over("grant_selections", GrantSelection)


class GrantApproval(AppendOnly, Identified, Base):
    """A second person's word on a selection: the database refuses the one who computed it."""

    __tablename__ = "grant_approvals"
    __table_args__ = (
        ForeignKeyConstraint(["selection_id", "computed_by"], ["grant_selections.id", "grant_selections.computed_by"]),
        CheckConstraint("approved_by <> computed_by", name="two_people"),
        UniqueConstraint("selection_id"),
        Index(None, "approved_by"),
    )  # fmt: skip

    selection_id: Mapped[UUID]
    computed_by: Mapped[UUID]
    approved_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime]


class GrantAllocation(Identified, Base):
    """What an approved selection set aside for one application: `hold_id` is the reservation in the ledger.

    It is committed only once its announcement was decided, which a trigger on the transfers enforces; `void` it once its application
    was excluded.
    """

    __tablename__ = "grant_allocations"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        UniqueConstraint("hold_id"),
        Index(
            "uq_grant_allocations_application",
            "application_id",
            unique=True,
            postgresql_where=text("NOT is_void"),
        ),
        Index(None, "selection_id"),
        Index(None, "announcement_id"),
    )

    selection_id: Mapped[UUID] = mapped_column(ForeignKey("grant_selections.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("grant_applications.id"))
    amount_fen: Mapped[int]
    hold_id: Mapped[UUID] = mapped_column(ForeignKey("fund_holds.id"))
    announcement_id: Mapped[UUID | None] = mapped_column(ForeignKey("announcements.id"))
    is_void: Mapped[bool] = mapped_column(default=False)
