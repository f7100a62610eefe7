"""Rows of what is said of a fund's capital."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified
from finance_net.funds.published import MEASURES


class CapitalStatement(AppendOnly, Identified, Base):
    """What a fund's target, subscribed, called or invested capital came to on a day, by whom it was said.

    Kept apart from the envelopes: a promise of investors is no money that may be spent.
    """

    __tablename__ = "fund_capital_statements"
    __table_args__ = (
        CheckConstraint(f"measure IN {tuple(sorted(MEASURES))}", name="measure"),
        CheckConstraint("amount_fen >= 0", name="amount"),
        Index(None, "fund_id", "measure", "as_of_on", "id"),
    )

    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    measure: Mapped[str]
    amount_fen: Mapped[int]
    as_of_on: Mapped[date]
    source: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
