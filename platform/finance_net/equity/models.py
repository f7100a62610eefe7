"""Rows of deals: their diligence, the capital called for them, and what became of it."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from backbone.directory.models import Enterprise
from backbone.errors import Bilingual
from finance_net.equity.position import Position
from finance_net.equity.states import COMMITTED, FIRST, STATES

NUMBERS = Sequence("equity_deal_number_seq")
PERSONAL = frozenset(
    {"summary", "decline_reason", "words", "purpose", "note", "source", "minutes", "evidence"}
)
"""Free text, which may name somebody: rows that can be amended keep it, the audit a digest."""
OUTCOMES, CALL_STATES = ("done", "waived"), ("called", "paid", "cancelled", "reversed")
ENTRY_KINDS = ("valuation", "write_down", "exit")
ENTRY_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    "proposed": Bilingual("待批准", "waiting for approval"),
    "booked": Bilingual("已入账", "booked"),
    "declined": Bilingual("未批准", "declined"),
})  # fmt: skip
ENTRY_STATES = tuple(ENTRY_WORDS)


class Deal(Versioned, Base):
    """An investment, from the first look on.

    `approved_fen` is what the committee said yes to. `terms_fen` and what stands with it is the agreement that waits for its
    second person or was made; `agreed_fen` is the commitment in the ledger, `called_fen` what of it was called,
    `paid_fen` what was paid. The sums follow the ledger's transfers (`following`), and the constraints hold them in order.
    """

    __tablename__ = "equity_deals"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(STATES))}", name="state"),
        CheckConstraint("asked_fen > 0", name="asked"),
        CheckConstraint("open_items >= 0 AND open_conditions >= 0", name="open"),
        CheckConstraint("(meeting_id IS NULL) = (approved_fen IS NULL)", name="approved"),
        CheckConstraint("approved_fen > 0 AND terms_fen <= approved_fen", name="within_approval"),
        CheckConstraint(
            "(reservation_id IS NULL) = (terms_fen IS NULL) AND (reservation_id IS NULL) = (order_id IS NULL)", name="terms"
        ),
        CheckConstraint(
            f"(commitment_id IS NULL AND agreed_fen = 0 AND state NOT IN {COMMITTED}) OR "
            "(meeting_id IS NOT NULL AND open_items = 0 AND open_conditions = 0)",
            name="decided",
        ),
        CheckConstraint("paid_fen BETWEEN 0 AND called_fen AND called_fen <= agreed_fen", name="drawn"),
        CheckConstraint("agreed_fen <= terms_fen", name="agreed"),
        CheckConstraint(
            "sold_fen >= 0 AND written_down_fen >= 0 AND sold_fen + written_down_fen <= paid_fen", name="position"
        ),
        CheckConstraint("recovered_fen BETWEEN 0 AND least(paid_fen, proceeds_fen)", name="recovered"),
        CheckConstraint("stake_basis_points BETWEEN 0 AND 10000", name="stake"),
        CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name="declined"),
        Index(None, "fund_id", "created_at", "id"),
        Index("uq_equity_deals_reservation_id", "reservation_id", unique=True),
        Index("uq_equity_deals_commitment_id", "commitment_id", unique=True),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(unique=True)
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"), index=True)
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"), index=True)
    achievement_id: Mapped[UUID | None] = mapped_column(ForeignKey("achievements.id"), index=True)
    title: Mapped[str]
    summary: Mapped[str]
    asked_fen: Mapped[int]
    state: Mapped[str] = mapped_column(default=FIRST)
    sourced_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    open_items: Mapped[int] = mapped_column(default=0)
    open_conditions: Mapped[int] = mapped_column(default=0)
    meeting_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("equity_meetings.id", use_alter=True), index=True
    )
    approved_fen: Mapped[int | None]
    reservation_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_transfers.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_orders.id"), index=True)
    terms_fen: Mapped[int | None]
    stake_basis_points: Mapped[int | None]
    signed_on: Mapped[date | None]
    reference: Mapped[str | None]
    commitment_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_transfers.id"))
    agreed_fen: Mapped[int] = mapped_column(default=0)
    called_fen: Mapped[int] = mapped_column(default=0)
    paid_fen: Mapped[int] = mapped_column(default=0)
    sold_fen: Mapped[int] = mapped_column(default=0)
    written_down_fen: Mapped[int] = mapped_column(default=0)
    proceeds_fen: Mapped[int] = mapped_column(default=0)
    recovered_fen: Mapped[int] = mapped_column(default=0)
    decline_reason: Mapped[str | None]

    # For showing the name beside the id; never written through.
    enterprise: Mapped[Enterprise] = relationship(viewonly=True, lazy="selectin")

    @property
    def position(self) -> Position:
        """What is held of the enterprise."""
        return Position(
            self.paid_fen, self.sold_fen, self.written_down_fen, self.proceeds_fen, self.recovered_fen
        )


class DiligenceItem(Versioned, Base):
    """One thing that is looked into before anybody decides."""

    __tablename__ = "equity_diligence_items"
    __table_args__ = (
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (settled_by IS NULL) AND (outcome IS NULL) = (words IS NULL)", name="settled"),
        Index(None, "deal_id", "ordinal", unique=True),
    )  # fmt: skip

    deal_id: Mapped[UUID] = mapped_column(ForeignKey("equity_deals.id"))
    ordinal: Mapped[int]
    topic: Mapped[str]
    title: Mapped[str]
    outcome: Mapped[str | None]
    words: Mapped[str | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    settled_at: Mapped[datetime | None]


class CapitalCall(Versioned, Base):
    """A part of what was agreed that is paid next; its second person approves the payment's order."""

    __tablename__ = "equity_calls"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(CALL_STATES))}", name="state"),
        CheckConstraint("amount_fen > 0 AND paid_fen BETWEEN 0 AND amount_fen", name="amounts"),
        CheckConstraint("(payment_id IS NULL) = (state IN ('called', 'cancelled'))", name="payment"),
        CheckConstraint("(paid_fen > 0) = (state = 'paid')", name="paid"),
        Index(None, "deal_id", "ordinal", unique=True),
    )

    deal_id: Mapped[UUID] = mapped_column(ForeignKey("equity_deals.id"))
    ordinal: Mapped[int]
    amount_fen: Mapped[int]
    paid_fen: Mapped[int] = mapped_column(default=0)
    from_subscribers_fen: Mapped[int]
    due_on: Mapped[date]
    purpose: Mapped[str]
    state: Mapped[str] = mapped_column(default="called")
    tranche_id: Mapped[UUID] = mapped_column(ForeignKey("fund_transfers.id"), unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("fund_orders.id"), index=True)
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_transfers.id"), unique=True)
    called_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)


class DealEntry(Versioned, Base):
    """What became of the money: a valuation as a fact, a write-down or an exit once a second person has booked it.

    `value_fen` is what a valuation says, what a write-down takes off, or the cost of what an exit sells; `result` holds
    what booking it came to.
    """

    __tablename__ = "equity_entries"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(sorted(ENTRY_KINDS))}", name="kind"),
        CheckConstraint(f"state IN {tuple(sorted(ENTRY_STATES))}", name="state"),
        CheckConstraint("value_fen >= 0 AND proceeds_fen >= 0 AND recovered_fen >= 0", name="amounts"),
        CheckConstraint("(kind = 'exit') = (proceeds_fen IS NOT NULL)", name="proceeds"),
        CheckConstraint("decided_by <> entered_by", name="two_people"),
        CheckConstraint("(decided_by IS NULL) = (state = 'proposed' OR kind = 'valuation')", name="decided"),
        Index(None, "deal_id", "as_of_on", "id"),
    )

    deal_id: Mapped[UUID] = mapped_column(ForeignKey("equity_deals.id"))
    kind: Mapped[str]
    state: Mapped[str]
    as_of_on: Mapped[date]
    value_fen: Mapped[int]
    proceeds_fen: Mapped[int | None]
    recovered_fen: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    source: Mapped[str]
    note: Mapped[str | None]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None]
