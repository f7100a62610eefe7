"""Rows of orders."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned
from finance_net.ledger.orders.states import STATES

ACTIONS = ("adjust", "change_limit", "commit", "pay", "recover", "reverse")


class FundOrder(Versioned, Base):
    """A transfer that waits for its second person; the transfer then gets the order's id.

    `envelope_id` is the envelope whose limit changes, `giver_id` the one that gives; `hold_id` what is drawn from;
    `reverses_id` the transfer to be taken back. `amount_fen` is None for all that is left of a hold.
    """

    __tablename__ = "fund_orders"
    __table_args__ = (
        CheckConstraint(f"action IN {ACTIONS}", name="action"),
        CheckConstraint(f"state IN {tuple(sorted(STATES))}", name="state"),
        CheckConstraint("(decided_by IS NULL) = (state = 'proposed')", name="decided"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("(decided_by = proposed_by) = (state = 'withdrawn')", name="two_people"),
        CheckConstraint("amount_fen > 0 AND limit_fen >= 0", name="amounts"),
        Index(None, "fund_id", "created_at", "id"),
    )

    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    action: Mapped[str]
    envelope_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_envelopes.id"), index=True)
    giver_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_envelopes.id"))
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_holds.id"), index=True)
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_transfers.id"))
    amount_fen: Mapped[int | None]
    limit_fen: Mapped[int | None]
    reason: Mapped[str]
    effective_on: Mapped[date | None]
    state: Mapped[str]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
