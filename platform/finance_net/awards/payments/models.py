"""Rows of payments: accounts, batches as they go to the bank, and the payment of each part."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone import encryption
from backbone.db import Base, Identified, Versioned, new_id
from backbone.people.rotating import sealed_in
from finance_net.awards.life import BATCH, ENDED_UNPAID, PAYMENT, RETURNED

PAYMENT_NUMBERS, BATCH_NUMBERS = Sequence("award_payment_number_seq"), Sequence("payment_batch_number_seq")


class BankAccount(Identified, Base):
    """Where an enterprise is paid; another one is another row, the latest counts. `tail` is what is shown of its number.

    Holder, number, bank and branch code are sealed together, bound to this row.
    """

    __tablename__ = "bank_accounts"
    __table_args__ = (CheckConstraint("length(tail) <= 4", name="tail"), Index(None, "enterprise_id", "id"))

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    details_sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    tail: Mapped[str]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    entered_at: Mapped[datetime]

    def seal(self, details: Mapping[str, str]) -> None:
        """Keep holder, number, bank and branch_code, readable in this row alone."""
        self.id = self.id or new_id()
        content = json.dumps(dict(details), ensure_ascii=False, sort_keys=True).encode()
        self.details_sealed = encryption.keyring().seal(content, DETAILS.place_of(self.id))

    @property
    def details(self) -> dict[str, str]:
        """In clear: for the bank's file alone; raises encryption.Unopened."""
        opened = encryption.keyring().open(self.details_sealed, DETAILS.place_of(self.id))
        found: dict[str, str] = json.loads(opened)
        return found


class PaymentBatch(Versioned, Base):
    """Payments that go to the bank in one file, once: `file_sealed` are its bytes, `sha256` is theirs."""

    __tablename__ = "payment_batches"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(BATCH.states))}", name="state"),
        CheckConstraint("exported_by <> instructed_by", name="two_people"),
        CheckConstraint(
            "num_nonnulls(exported_by, exported_at, sha256, file_sealed) = CASE state WHEN 'exported' THEN 4 ELSE 0 END",
            name="exported",
        ),
        CheckConstraint("lines > 0 AND sum_fen > 0", name="amounts"),
        Index(None, "fund_id", "created_at", "id"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    state: Mapped[str] = mapped_column(default=BATCH.first)
    lines: Mapped[int]
    sum_fen: Mapped[int]
    instructed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    exported_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    exported_at: Mapped[datetime | None]
    sha256: Mapped[str | None]
    file_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    def keep_file(self, content: bytes) -> None:
        """Seal the bytes that go to the bank."""
        self.file_sealed = encryption.keyring().seal(content, FILE.place_of(self.id))

    @property
    def file(self) -> bytes | None:
        """The bytes that went to the bank, None while none did."""
        sealed = self.file_sealed
        return None if sealed is None else encryption.keyring().open(sealed, FILE.place_of(self.id))


class Payment(Versioned, Base):
    """An attempt to pay one part of a tranche. At most one of a part stands; `unknown` stands too.

    `transfer_id` is what the ledger booked, `clawed_fen` what of it is asked back. One that the bank sent back after it was settled
    keeps how it went out beside how it came back (`return_ref` is the reference of money that came).
    """

    __tablename__ = "award_payments"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(PAYMENT.states))}", name="state"),
        CheckConstraint("amount_fen > 0 AND clawed_fen BETWEEN 0 AND amount_fen", name="amounts"),
        CheckConstraint("clawed_fen = 0 OR state = 'settled'", name="clawed"),
        CheckConstraint(
            "CASE WHEN state IN ('settled', 'returned') THEN num_nonnulls(bank_ref, settled_on, transfer_id, answered_at) = 4"
            " ELSE num_nonnulls(settled_on, transfer_id) = 0 END",
            name="settled",
        ),
        CheckConstraint(
            "num_nonnulls(return_ref, returned_on, return_transfer_id, returned_at)"
            f" = CASE state WHEN '{RETURNED}' THEN 4 ELSE 0 END AND returned_on >= settled_on",
            name="returned",
        ),
        Index("uq_award_payments_live", "part_id", unique=True, postgresql_where=text(f"state NOT IN {ENDED_UNPAID}")),
        Index(None, "batch_id"),
        Index(None, "award_id"),
        Index(None, "enterprise_id", "id"),
        Index(None, "state", "created_at", "id"),
    )  # fmt: skip

    reference: Mapped[str] = mapped_column(unique=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("payment_batches.id"))
    part_id: Mapped[UUID] = mapped_column(ForeignKey("award_parts.id"))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("bank_accounts.id"), index=True)
    amount_fen: Mapped[int]
    clawed_fen: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default=PAYMENT.first)
    bank_ref: Mapped[str | None] = mapped_column(unique=True)
    settled_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    transfer_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_transfers.id"), unique=True)
    return_ref: Mapped[str | None] = mapped_column(unique=True)
    returned_on: Mapped[date | None]
    returned_at: Mapped[datetime | None]
    return_transfer_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_transfers.id"), unique=True)


DETAILS = sealed_in(BankAccount, "details_sealed")
FILE = sealed_in(PaymentBatch, "file_sealed")
