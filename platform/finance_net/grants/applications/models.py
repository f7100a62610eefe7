"""Rows of applications."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Versioned
from backbone.money import BASIS_POINTS
from finance_net.grants.life import APPLICATION, FIRST_USE

NUMBERS = Sequence("grant_application_number_seq")


class GrantApplication(Versioned, Base):
    """An enterprise's application, on one eligibility receipt and one need or contract. Amounts in fen.

    `least_fen` is the smallest amount that is of use, `asked_fen` what is asked for. In the category F the maker applies and the user
    confirms: both are beneficiaries, `user_share` (basis points) is the user's. It is funded only with `prerequisite_id`, where one is
    named. `score` is in hundredths of a point. `policy_matter_id` is the contract, product or project that the receipt was asked
    beside, None where it was the enterprise alone.
    """

    __tablename__ = "grant_applications"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(APPLICATION.states))}", name="state"),
        CheckConstraint("0 < least_fen AND least_fen <= asked_fen", name="amounts"),
        CheckConstraint("num_nonnulls(need_id, contract_id) = 1", name="matter"),
        CheckConstraint(f"(category = '{FIRST_USE}') = (user_id IS NOT NULL)", name="two_beneficiaries"),
        CheckConstraint(f"(user_id IS NULL) = (user_share IS NULL) AND user_share BETWEEN 0 AND {BASIS_POINTS}", name="share"),
        CheckConstraint("user_id <> applicant_id", name="another_enterprise"),
        CheckConstraint("user_id IS NULL OR confirmed_at IS NOT NULL OR state NOT IN ('admitted', 'awarded')", name="both_confirmed"),
        CheckConstraint("score BETWEEN 0 AND 10000", name="score"),
        Index("uq_grant_applications_receipt", "round_id", "receipt_id", unique=True, postgresql_where=text("state NOT IN ('rejected', 'withdrawn')")),
        Index(None, "round_id", "state", "id"),
    )  # fmt: skip

    number: Mapped[str] = mapped_column(unique=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("grant_rounds.id"))
    category: Mapped[str]
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    user_share: Mapped[int | None]
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_receipts.id"), index=True)
    policy_matter_id: Mapped[UUID | None] = mapped_column(ForeignKey("policy_matters.id"), index=True)
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"), index=True)
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    title: Mapped[str]
    summary: Mapped[str]
    least_fen: Mapped[int]
    asked_fen: Mapped[int]
    groups: Mapped[list[str]]
    prerequisite_id: Mapped[UUID | None] = mapped_column(ForeignKey("grant_applications.id"), index=True)
    state: Mapped[str] = mapped_column(default=APPLICATION.first)
    reason: Mapped[str | None]
    score: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    drafted_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)

    @property
    def beneficiaries(self) -> list[UUID]:
        """Whose it is: the applicant, and the user where there is one."""
        return [self.applicant_id, *([self.user_id] if self.user_id else [])]
