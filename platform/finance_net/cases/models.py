"""Rows of cases: one for each application, and its steps in a chain of their own."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backbone.chain.models import Chained, chain_over
from backbone.db import Base, Identified
from finance_net.cases.kinds import OF_MONEY, StepKind


class FundCase(Identified, Base):
    """An application seen as the story of its money. Its id and number are the application's; `steps` counts its steps.

    `enterprise_ids` are those who apply: their members may read it.
    """

    __tablename__ = "fund_cases"
    __table_args__ = (
        CheckConstraint("cardinality(enterprise_ids) > 0", name="somebody"),
        Index(None, "opened_at", "id"),
        Index(None, "enterprise_ids", postgresql_using="gin"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    category: Mapped[str]
    year: Mapped[int]
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("funds.id"), index=True)
    enterprise_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    steps: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]


class CaseStep(Chained, Base):
    """One thing that happened to a case. `content` is the canonical JSON of what is said of it, and names nobody.

    What is sealed elsewhere (a receipt, a certificate, a transfer) is named by its id and its hash.
    """

    __tablename__ = "fund_case_steps"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(sorted(StepKind))}", name="kind"),
        CheckConstraint("ordinal > 0", name="ordinal"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint(f"coalesce(amount_fen, 0) > 0 OR (amount_fen IS NULL AND kind NOT IN {tuple(sorted(OF_MONEY))})", name="amount"),
        Index("uq_fund_case_steps_case_id_ordinal", "case_id", "ordinal", unique=True),
        Index("uq_fund_case_steps_subject", "case_id", "kind", "subject_id", unique=True),
        Index(None, "kind", "happened_on"),
        Index(None, "written_xid", "id"),
    )  # fmt: skip

    case_id: Mapped[UUID] = mapped_column(ForeignKey("fund_cases.id"))
    ordinal: Mapped[int]
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    amount_fen: Mapped[int | None]
    happened_on: Mapped[date]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    made_at: Mapped[datetime]


CHAIN = chain_over("fund_cases", CaseStep)
