"""Rows of clawbacks, and of what came back of each."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Identified, Versioned
from backbone.errors import Bilingual
from finance_net.awards.life import CLAWBACK

NUMBERS = Sequence("clawback_number_seq")
REASON_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    "objective_missed": Bilingual("未达目标", "the objective was missed"),
    "false_information": Bilingual("材料不实", "what was said was false"),
    "misused": Bilingual("挪作他用", "it was used for something else"),
    "moved_away": Bilingual("迁出", "the enterprise moved away"),
    "paid_twice": Bilingual("重复支付", "it was paid twice"),
    "paid_in_error": Bilingual("误付", "it was paid in error"),
    "other": Bilingual("其他", "another reason"),
})  # fmt: skip
REASONS = tuple(REASON_WORDS)


class Clawback(Versioned, Base):
    """What of a payment is asked back: proposed by one, decided by another. `recovered_fen` has come back.

    It lapses when the bank sends the whole payment back: nobody has anything of it any more.
    """

    __tablename__ = "clawbacks"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(CLAWBACK.states))}", name="state"),
        CheckConstraint(f"reason IN {REASONS}", name="reason"),
        CheckConstraint("amount_fen > 0 AND recovered_fen BETWEEN 0 AND amount_fen", name="amounts"),
        CheckConstraint("decided_by <> proposed_by", name="two_people"),
        CheckConstraint(
            "CASE state WHEN 'proposed' THEN num_nonnulls(decided_by, decided_at) = 0"
            " WHEN 'lapsed' THEN num_nonnulls(decided_by, decided_at) IN (0, 2)"
            " ELSE num_nonnulls(decided_by, decided_at) = 2 END",
            name="decided",
        ),
        CheckConstraint(
            "CASE state WHEN 'partly' THEN recovered_fen > 0 AND recovered_fen < amount_fen"
            " WHEN 'recovered' THEN recovered_fen = amount_fen ELSE recovered_fen = 0 END",
            name="recovered",
        ),
        Index(None, "payment_id"),
        Index(None, "state", "due_on", "id"),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("award_payments.id"))
    reason: Mapped[str]
    words: Mapped[str]
    amount_fen: Mapped[int]
    recovered_fen: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default=CLAWBACK.first)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]

    recoveries: Mapped[list["Recovery"]] = relationship(
        viewonly=True, order_by="Recovery.id", lazy="selectin"
    )


class Recovery(Identified, Base):
    """Money that came back, as the bank and the ledger know it. One that was recorded by mistake is withdrawn by another person and stays
    on record; its reference is free again.
    """

    __tablename__ = "clawback_recoveries"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint(
            "num_nonnulls(withdrawn_by, withdrawn_at, withdrawing_reason, withdrawal_transfer_id) IN (0, 4)", name="withdrawn"
        ),
        CheckConstraint("withdrawn_by <> recorded_by", name="two_people"),
        Index("uq_clawback_recoveries_standing", "bank_ref", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
        Index(None, "clawback_id", "id"),
    )  # fmt: skip

    clawback_id: Mapped[UUID] = mapped_column(ForeignKey("clawbacks.id"))
    amount_fen: Mapped[int]
    bank_ref: Mapped[str]
    received_on: Mapped[date]
    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("fund_transfers.id"), unique=True)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    recorded_at: Mapped[datetime]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawing_reason: Mapped[str | None]
    withdrawal_transfer_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_transfers.id"), unique=True)
