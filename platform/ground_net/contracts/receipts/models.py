"""Rows of cash received."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified

REVERSALS = ("mistaken", "returned", "duplicate")
"""Recorded wrongly · paid back · recorded twice."""


class CashReceipt(AppendOnly, Identified, Base):
    """Money that came in, or the reversal of such a row: of the same amounts and the same day, at most one for each.

    `technology_fen` is the part that pays for 技术交易额, the rest for equipment and material. `voucher` is the number of the
    payer's bank voucher or invoice, which names nobody.
    """

    __tablename__ = "cash_receipts"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("technology_fen between 0 and amount_fen", name="technology"),
        CheckConstraint(f"reversal in {REVERSALS}", name="reversal"),
        CheckConstraint("(reverses_id is null) = (reversal is null)", name="reversed_with_reason"),
        Index(None, "contract_id", "received_on", "id"),
    )

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    amount_fen: Mapped[int]
    technology_fen: Mapped[int]
    received_on: Mapped[date]
    voucher: Mapped[str]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("cash_receipts.id"), unique=True)
    reversal: Mapped[str | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    recorded_at: Mapped[datetime]

    @property
    def sign(self) -> int:
        """-1 for a reversal."""
        return 1 if self.reverses_id is None else -1
