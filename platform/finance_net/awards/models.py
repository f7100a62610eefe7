"""Rows of awards: whose they are, the tranches in which they are paid, and what proves a tranche's conditions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Sequence, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import AppendOnly, Base, Identified, Versioned
from backbone.files.models import StoredFile
from finance_net.awards.life import TRANCHE

NUMBERS = Sequence("award_number_seq")
CONDITIONS = ("milestone_accepted", "contract_registered", "invoice", "document")
"""The first two are facts of the ground network, the others are proved by a document."""


class Award(Versioned, Base):
    """What was granted to an application. `hold_id` is its commitment in the ledger; amounts in fen.

    `effect_months` are the months after the first payment at which its effect is asked for.
    """

    __tablename__ = "awards"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("num_nonnulls(closed_at, closed_by, closing_reason) IN (0, 3)", name="closed"),
        Index(None, "fund_id", "decided_at", "id"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("grant_applications.id"), unique=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("grant_rounds.id"), index=True)
    selection_id: Mapped[UUID] = mapped_column(ForeignKey("grant_selections.id"), index=True)
    announcement_id: Mapped[UUID] = mapped_column(ForeignKey("announcements.id"), index=True)
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"))
    hold_id: Mapped[UUID] = mapped_column(ForeignKey("fund_holds.id"), unique=True)
    policy_version_id: Mapped[UUID] = mapped_column(ForeignKey("policy_versions.id"), index=True)
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_receipts.id"), index=True)
    amount_fen: Mapped[int]
    decided_at: Mapped[datetime]
    effect_months: Mapped[list[int]]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    closing_reason: Mapped[str | None]

    beneficiaries: Mapped[list["Beneficiary"]] = relationship(viewonly=True, order_by="Beneficiary.ordinal")
    tranches: Mapped[list["Tranche"]] = relationship(viewonly=True, order_by="Tranche.ordinal")


class Beneficiary(AppendOnly, Base):
    """What of an award is whose; two of them where a first use has a maker and a user."""

    __tablename__ = "award_beneficiaries"
    __table_args__ = (
        CheckConstraint("share_fen > 0", name="share"),
        Index(None, "enterprise_id", "award_id"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"), primary_key=True)
    ordinal: Mapped[int]
    share_fen: Mapped[int]


class Tranche(Versioned, Base):
    """A part of an award that is paid once its `conditions` ({kind, title, ref}) are met.

    That the tranches add up to the award, and their parts to both, a trigger holds when the transaction ends.
    """

    __tablename__ = "award_tranches"
    __table_args__ = (
        CheckConstraint("amount_fen > 0 AND ordinal > 0", name="amount"),
        CheckConstraint(f"state IN {tuple(sorted(TRANCHE.states))}", name="state"),
        UniqueConstraint("award_id", "ordinal"),
        UniqueConstraint("id", "award_id"),
        Index(None, "state", "due_on", "id"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    ordinal: Mapped[int]
    amount_fen: Mapped[int]
    due_on: Mapped[date | None]
    conditions: Mapped[list[dict[str, Any]]]
    state: Mapped[str] = mapped_column(default=TRANCHE.first)
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    note: Mapped[str | None]

    parts: Mapped[list["TranchePart"]] = relationship(viewonly=True, order_by="TranchePart.id")
    documents: Mapped[list["TrancheDocument"]] = relationship(
        viewonly=True, order_by="TrancheDocument.id",
        primaryjoin="and_(TrancheDocument.tranche_id == Tranche.id, TrancheDocument.withdrawn_at.is_(None))",
    )  # fmt: skip


class TranchePart(Identified, Base):
    """What of a tranche is one beneficiary's; `hold_id` is the approved tranche in the ledger."""

    __tablename__ = "award_parts"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        ForeignKeyConstraint(["tranche_id", "award_id"], ["award_tranches.id", "award_tranches.award_id"]),
        ForeignKeyConstraint(
            ["award_id", "enterprise_id"],
            ["award_beneficiaries.award_id", "award_beneficiaries.enterprise_id"],
        ),
        UniqueConstraint("tranche_id", "enterprise_id"),
        Index(None, "award_id", "enterprise_id"),
    )

    tranche_id: Mapped[UUID]
    award_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    amount_fen: Mapped[int]
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("fund_holds.id"), unique=True)


class TrancheDocument(Identified, Base):
    """A file that proves a condition of a tranche, by the condition's place (from 1), until it is withdrawn.

    One that was withdrawn outlives its tranche when another plan replaces that.
    """

    __tablename__ = "award_documents"
    __table_args__ = (
        CheckConstraint("num_nonnulls(tranche_id, withdrawn_at) > 0", name="placed"),
        Index(None, "tranche_id", "id"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    tranche_id: Mapped[UUID | None] = mapped_column(ForeignKey("award_tranches.id"))
    condition: Mapped[int]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"), index=True)
    attached_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    attached_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship(viewonly=True, lazy="joined")
