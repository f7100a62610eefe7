"""Rows of receipts, and the snapshots of facts that they rest on."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.chain.models import Chained, chain_over
from backbone.db import Base, Identified
from policy_pack.engine.evaluation import Outcome
from policy_pack.policies.models import PolicyText


class FactSnapshot(Identified, Base):
    """What was known of an enterprise when it was evaluated, once for all evaluations of the same facts.

    The facts can be erased, the row and its keyed digest stay: receipts still verify, and can no longer be replayed.
    """

    __tablename__ = "fact_snapshots"
    __table_args__ = (UniqueConstraint("enterprise_id", "digest"),)

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    digest: Mapped[str]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    made_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class EvaluationReceipt(Chained, Base):
    """One answer: which text, on which facts by reference, on which day, and the statement itself as it was given.

    The same answer to the same question is one receipt, however often it is asked. Nothing in it names anybody.
    """

    __tablename__ = "evaluation_receipts"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "sha256"),
        CheckConstraint(f"outcome in {tuple(str(each) for each in Outcome)}", name="outcome"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        Index(None, "enterprise_id", "made_at", "id"),
        Index(None, "written_xid", "id"),
    )

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("policies.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("policy_versions.id"), index=True)
    version_number: Mapped[int]
    text_id: Mapped[UUID] = mapped_column(ForeignKey("policy_texts.id"), index=True)
    text_sha256: Mapped[str]
    counts_from: Mapped[date | None]
    counts_to: Mapped[date | None]
    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey("fact_snapshots.id"), index=True)
    snapshot_digest: Mapped[str]
    as_of: Mapped[date]
    engine: Mapped[str]
    outcome: Mapped[str]
    verified: Mapped[bool]
    statement: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    made_at: Mapped[datetime]

    wording: Mapped[PolicyText] = relationship(viewonly=True, lazy="joined")
    snapshot: Mapped[FactSnapshot] = relationship(viewonly=True)


CHAIN = chain_over("receipts", EvaluationReceipt)
