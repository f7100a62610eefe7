"""Rows of receipts, and the snapshots of facts that they rest on."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    cast,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.chain.models import Chained, chain_over
from backbone.db import Base, Identified
from backbone.people.holding import NamesFreely
from policy_pack.engine.evaluation import Outcome
from policy_pack.policies.models import PolicyText


class FactSnapshot(NamesFreely, Identified, Base):
    """What was known of an enterprise when it was evaluated, once for all evaluations of the same facts.

    Where each was read is said in the words of whoever recorded it: once one who is named there is erased, the facts are gone,
    the row and its keyed digest stay. Receipts still verify, and can no longer be replayed.
    """

    __tablename__ = "fact_snapshots"
    __table_args__ = (UniqueConstraint("enterprise_id", "digest"),)

    free_text, of_whom = "facts", "enterprise_id"

    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    digest: Mapped[str]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    made_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    @classmethod
    def holds(cls, name: str) -> ColumnElement[bool]:
        """Whether it was read anywhere from something that names them; spelled as within JSON."""
        written = json.dumps(name, ensure_ascii=False)[1:-1]
        return cast(cls.facts, Text).contains(written, autoescape=True)

    def words_naming(self, name: str) -> str:
        """Where it was read, without what was."""
        read = {each["read"] for each in (self.facts or {}).values()}
        return " | ".join(sorted(words for words in read if name in words))

    def forget_name(self, name: str, now: datetime) -> None:
        """All of it goes: with other words the facts would not be those that the receipts rest on."""
        self.facts, self.erased_at = None, now


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
