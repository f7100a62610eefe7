"""Rows of the ledger: funds, their envelopes, what is held in them, and the transfers that moved it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Sequence,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.chain.models import Chained, chain_over
from backbone.db import AppendOnly, Base, Identified
from finance_net.ledger.levels import LEVELS
from finance_net.ledger.steps import HOLDS, STORED, TWO_PEOPLE, Bucket, Kind

NUMBERS = Sequence("fund_transfer_number_seq")
KINDS_OF_FUND = ("grants", "equity")
CURRENCY = "CNY"
USED = "reserved_fen + committed_fen + approved_fen + (paid_fen - recovered_fen)"


def _among(column: str, words: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in sorted(words))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Fund(Identified, Base):
    """One pot of money, and a ledger of its own: no transfer leads from one fund to another."""

    __tablename__ = "funds"
    __table_args__ = (_among("kind", KINDS_OF_FUND), UniqueConstraint("key"))

    key: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    currency: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)


class Envelope(Identified, Base):
    """A part of a fund with a limit of its own; `path` names those around it, the fund's own first, itself last.

    The first of every path is the fund's own envelope: its row is locked before anything else of the fund, and its
    `version` counts what has happened to the fund. A partitioned envelope holds what its parts hold: money is booked
    to them alone, and their limits together stay within its own. Other envelopes cap what lies below them.
    """

    __tablename__ = "fund_envelopes"
    __table_args__ = (
        _among("level", LEVELS),
        CheckConstraint(
            "limit_fen >= 0 AND reserved_fen >= 0 AND committed_fen >= 0 AND approved_fen >= 0"
            " AND recovered_fen >= 0 AND recovered_fen <= paid_fen",
            name="not_negative",
        ),
        CheckConstraint(f"{USED} <= limit_fen", name="within_limit"),
        CheckConstraint("path[depth + 1] = id AND cardinality(path) = depth + 1", name="path"),
        CheckConstraint("(depth = 0) = (parent_id IS NULL) AND (depth = 0) = (level = 'fund')", name="root"),
        Index("uq_fund_envelopes_parent_id_key", "parent_id", "key", unique=True),
        Index("uq_fund_envelopes_root", "fund_id", unique=True, postgresql_where=text("depth = 0")),
        Index(None, "fund_id", "depth", "id"),
        # Balances are written over and over and are in no index: room on the page keeps that cheap.
        {"postgresql_with": {"fillfactor": "50"}},
    )  # fmt: skip

    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_envelopes.id"))
    path: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    depth: Mapped[int]
    level: Mapped[str]
    key: Mapped[str]
    title: Mapped[str]
    is_partitioned: Mapped[bool]
    limit_fen: Mapped[int] = mapped_column(default=0)
    reserved_fen: Mapped[int] = mapped_column(default=0)
    committed_fen: Mapped[int] = mapped_column(default=0)
    approved_fen: Mapped[int] = mapped_column(default=0)
    paid_fen: Mapped[int] = mapped_column(default=0)
    recovered_fen: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)


class Transfer(Chained, Base):
    """One movement of money, as it was asked for and by whom; a mistake is put right by another.

    `touches` are the envelopes whose buckets it changes, and `signs` how often each counts: 1 along a path, -1 for one
    that gives, 0 for the fund's own where only its count goes on. Its legs follow from that, `kind`, `bucket` (the
    hold's, when it acted), `amount_fen` and `rest_fen`. `id` is the client's, or the same as its order's.
    """

    __tablename__ = "fund_transfers"
    __table_args__ = (
        _among("kind", Kind),
        _among("bucket", HOLDS),
        CheckConstraint("amount_fen > 0 AND rest_fen >= 0", name="amounts"),
        CheckConstraint("approver_id <> actor_id", name="another_person"),
        CheckConstraint(
            "approver_id IS NOT NULL OR kind NOT IN (" + ", ".join(f"'{kind}'" for kind in sorted(TWO_PEOPLE)) + ")",
            name="two_people",
        ),
        CheckConstraint("actor_id IS NOT NULL OR kind = 'expire'", name="somebody"),
        CheckConstraint("(kind = 'reserve') OR expires_at IS NULL", name="expires"),
        CheckConstraint("(bucket IS NULL) = (hold_id IS NULL)", name="hold"),
        CheckConstraint("(reverses_id IS NOT NULL) = (kind IN ('reverse_payment', 'reverse_recovery'))", name="reverses"),
        CheckConstraint("cardinality(touches) = cardinality(signs) AND cardinality(touches) > 0", name="touches"),
        UniqueConstraint("number"),
        Index("uq_fund_transfers_resolution", "hold_id", unique=True, postgresql_where=text(
            "kind IN ('commit', 'pay', 'expire') OR (kind = 'void' AND bucket <> 'committed')"
        )),
        Index("uq_fund_transfers_reversal", "reverses_id", unique=True, postgresql_where=text("reverses_id IS NOT NULL")),
        Index(None, "fund_id", "recorded_at", "id"),
        Index(None, "envelope_id", "recorded_at", "id"),
        Index(None, "written_xid", "id"),
        Index("ix_fund_transfers_hold_id", "hold_id", postgresql_where=text("hold_id IS NOT NULL")),
    )  # fmt: skip

    number: Mapped[int]
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("fund_envelopes.id"))
    kind: Mapped[str]
    amount_fen: Mapped[int]
    rest_fen: Mapped[int]
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_transfers.id"))
    bucket: Mapped[str | None]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_transfers.id"))
    touches: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    signs: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    expires_at: Mapped[datetime | None]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    request_hash: Mapped[str]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]

    wording: Mapped["TransferReason | None"] = relationship(viewonly=True, lazy="joined")

    @property
    def reason(self) -> str | None:
        """Why, in somebody's words; None once they were taken out."""
        return self.wording.reason if self.wording else None


class TransferReason(Base):
    """What was written of a transfer. Words may name somebody, so that they stand beside the history and can be amended; the
    request's keyed digest still tells whether they are the same.
    """

    __tablename__ = "fund_transfer_reasons"

    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("fund_transfers.id"), primary_key=True)
    reason: Mapped[str]


CHAIN = chain_over("ledger", Transfer)


class TransferLeg(AppendOnly, Base):
    """What a transfer changed in one envelope. `ordinal` is the envelope's count of transfers, this one included."""

    __tablename__ = "fund_transfer_legs"
    __table_args__ = (
        CheckConstraint(
            "limit_fen = available_fen + reserved_fen + committed_fen + approved_fen + (paid_fen - recovered_fen)",
            name="adds_up",
        ),
        Index("uq_fund_transfer_legs_envelope_id_ordinal", "envelope_id", "ordinal", unique=True),
    )

    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("fund_transfers.id"), primary_key=True)
    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("fund_envelopes.id"), primary_key=True)
    ordinal: Mapped[int]
    limit_fen: Mapped[int]
    available_fen: Mapped[int]
    reserved_fen: Mapped[int]
    committed_fen: Mapped[int]
    approved_fen: Mapped[int]
    paid_fen: Mapped[int]
    recovered_fen: Mapped[int]


class Hold(Base):
    """What is left of a reservation, a commitment, a tranche or a payment (less what of it was recovered).

    Its id is that of the transfer which made it. `home_id` is the commitment to which money of a tranche comes back. A
    projection: the transfers say the same, and the proof compares.
    """

    __tablename__ = "fund_holds"
    __table_args__ = (
        _among("bucket", HOLDS),
        CheckConstraint("amount_fen > 0 AND open_fen BETWEEN 0 AND amount_fen", name="open"),
        CheckConstraint("(bucket IN ('approved', 'paid')) = (home_id IS NOT NULL)", name="home"),
        CheckConstraint("bucket = 'reserved' OR expires_at IS NULL", name="expires"),
        Index(None, "envelope_id", "bucket", postgresql_where=text("open_fen > 0")),
        Index(
            None,
            "fund_id",
            "expires_at",
            "id",
            postgresql_where=text("open_fen > 0 AND expires_at IS NOT NULL"),
        ),
        Index("ix_fund_holds_home_id", "home_id", postgresql_where=text("home_id IS NOT NULL")),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("fund_transfers.id"), primary_key=True)
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("fund_envelopes.id"))
    bucket: Mapped[str]
    amount_fen: Mapped[int]
    open_fen: Mapped[int]
    home_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_holds.id"))
    expires_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]


def balances_of(envelope: Any) -> dict[Bucket, int]:
    """What lies in each bucket of an envelope's row, by what is written: holds that have expired count as reserved."""
    stored = {bucket: getattr(envelope, f"{bucket}_fen") for bucket in STORED}
    used = sum(stored[bucket] for bucket in HOLDS) - stored[Bucket.RECOVERED]
    return {**stored, Bucket.AVAILABLE: stored[Bucket.LIMIT] - used}
