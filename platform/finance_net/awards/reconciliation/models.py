"""Rows of reconciliation: a statement of the bank's, and what each reference in it or in our books comes to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Identified
from finance_net.awards.reconciliation.matching import DIRECTIONS, IN, KINDS, MATCHED, SURPLUS


class BankStatement(Identified, Base):
    """The bank's list of a fund's movements from one day to another, as a file with this hash.

    One that was imported for another fund or other days is withdrawn by a second person: it stays on record, and its days are free.
    """

    __tablename__ = "bank_statements"
    __table_args__ = (
        CheckConstraint("since_on <= until_on", name="days"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint(
            "num_nonnulls(withdrawn_by, withdrawn_at, withdrawing_reason) IN (0, 3)", name="withdrawn"
        ),
        CheckConstraint("withdrawn_by <> imported_by", name="two_people"),
        Index(
            "uq_bank_statements_standing",
            "fund_id",
            "since_on",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(None, "fund_id", "since_on"),
    )

    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    since_on: Mapped[date]
    until_on: Mapped[date]
    sha256: Mapped[str]
    lines: Mapped[int]
    matched: Mapped[int]
    differences: Mapped[int]
    imported_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    imported_at: Mapped[datetime]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawing_reason: Mapped[str | None]


class ReconciliationItem(Identified, Base):
    """One reference of a statement. A difference is resolved with a reason, by another person than who imported the statement.

    `payment_id` is the payment that it turned out to be: settled after all, or come back; `clawback_id` the clawback of which it is a
    part. `booked_on` is the bank's day.
    """

    __tablename__ = "reconciliation_items"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"direction IN {DIRECTIONS}", name="direction"),
        CheckConstraint("ours_fen > 0 AND theirs_fen > 0 AND num_nonnulls(ours_fen, theirs_fen) > 0", name="amounts"),
        CheckConstraint(f"(kind = '{MATCHED}') = coalesce(ours_fen = theirs_fen, false)", name="matched"),
        CheckConstraint(
            f"num_nonnulls(resolved_by, resolved_at, reason) IN (0, 3) AND (kind <> '{MATCHED}' OR resolved_at IS NULL)",
            name="resolved",
        ),
        CheckConstraint("resolved_by <> found_by", name="two_people"),
        CheckConstraint(f"payment_id IS NULL OR (kind = '{SURPLUS}' AND resolved_at IS NOT NULL)", name="of_payment"),
        CheckConstraint(
            f"clawback_id IS NULL OR (kind = '{SURPLUS}' AND direction = '{IN}' AND resolved_at IS NOT NULL AND payment_id IS NULL)",
            name="of_clawback",
        ),
        UniqueConstraint("statement_id", "direction", "bank_ref"),
        Index(None, "found_at", "id"),
    )  # fmt: skip

    statement_id: Mapped[UUID] = mapped_column(ForeignKey("bank_statements.id"))
    direction: Mapped[str]
    bank_ref: Mapped[str]
    kind: Mapped[str]
    ours_fen: Mapped[int | None]
    theirs_fen: Mapped[int | None]
    booked_on: Mapped[date | None]
    found_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    found_at: Mapped[datetime]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    resolved_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("award_payments.id"), index=True)
    clawback_id: Mapped[UUID | None] = mapped_column(ForeignKey("clawbacks.id"), index=True)
