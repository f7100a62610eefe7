"""Rows of facts that policies ask for and the directory does not keep, and the matters that some of them are about."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from backbone.files.models import StoredFile
from backbone.people.holding import NamesFreely

MATTERS = ("contract", "product", "project")
SAYERS = ("enterprise", "office", "platform")
"""Who says it: the enterprise, an operator or a policy officer, or another part of the platform that knows by itself."""
RETRACTIONS = ("mistaken", "superseded", "unproven", "overruled")


class PolicyMatter(Versioned, Base):
    """One contract, product or project of an enterprise that policies are asked about; `reference` is its own number."""

    __tablename__ = "policy_matters"
    __table_args__ = (
        CheckConstraint(f"kind in {MATTERS}", name="kind"),
        UniqueConstraint("enterprise_id", "kind", "reference"),
    )

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    kind: Mapped[str]
    reference: Mapped[str]
    title: Mapped[str]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)


class PolicyFact(NamesFreely, Versioned, Base):
    """What a source says of an enterprise, or of one matter of it, as of a day. Retracted, never changed.

    `value` is spelled as in a snapshot (`subjects.snapshot`). Each of the sayers has one standing word as of a day; where
    they contradict each other, or somebody disputes it, the fact counts as disputed until it is settled.
    """

    __tablename__ = "policy_facts"
    __table_args__ = (
        CheckConstraint(f"said_by in {SAYERS}", name="said_by"),
        CheckConstraint(f"retraction in {RETRACTIONS}", name="retraction"),
        CheckConstraint("(retracted_at is null) = (retraction is null)", name="retracted_with_reason"),
        CheckConstraint("(disputed_at is null) = (dispute is null)", name="disputed_with_reason"),
        CheckConstraint("valid_until_on is null or valid_until_on >= as_of_on", name="valid_until"),
        Index(
            "uq_policy_facts_standing", "enterprise_id", "matter_id", "key", "as_of_on", "said_by",
            unique=True, postgresql_nulls_not_distinct=True, postgresql_where=text("retracted_at is null"),
        ),
        Index(None, "enterprise_id", "as_of_on", "id"),
    )  # fmt: skip

    free_text, of_whom = "source", "enterprise_id"

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    matter_id: Mapped[UUID | None] = mapped_column(ForeignKey("policy_matters.id"), index=True)
    key: Mapped[str]
    value: Mapped[dict[str, Any]]
    as_of_on: Mapped[date]
    valid_until_on: Mapped[date | None]
    source: Mapped[str]
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"), index=True)
    said_by: Mapped[str]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    disputed_at: Mapped[datetime | None]
    disputed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    dispute: Mapped[str | None]
    retracted_at: Mapped[datetime | None]
    retraction: Mapped[str | None]

    evidence: Mapped[StoredFile | None] = relationship(viewonly=True)
