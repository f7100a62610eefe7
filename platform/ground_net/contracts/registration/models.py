"""Rows of filings for registration."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from ground_net.contracts.models import Contract
from ground_net.contracts.registration.reasons import REFUSALS
from ground_net.contracts.registration.states import LIFE, LIVE

FILED_AS = ("seller", "registrar", "operator")
"""The seller itself; or whoever put on record at once what a station had answered."""


class Registration(Versioned, Base):
    """One filing of a contract. What it led to (number, day, kind, income) stands in the contract."""

    __tablename__ = "contract_registrations"
    __table_args__ = (
        CheckConstraint(f"state in {LIFE.states}", name="state"),
        CheckConstraint(f"filed_as in {FILED_AS}", name="filed_as"),
        CheckConstraint(f"decided_as in {FILED_AS}", name="decided_as"),
        CheckConstraint(f"reason_code in {tuple(REFUSALS)}", name="reason_code"),
        CheckConstraint("(state = 'refused') = (reason_code is not null)", name="refused_with_reason"),
        CheckConstraint("(state in ('registered', 'refused')) = (decided_at is not null)", name="decided"),
        Index("uq_contract_registrations_live", "contract_id", unique=True, postgresql_where=text(f"state in {LIVE}")),
        Index(None, "due_at", "id"),
    )  # fmt: skip

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"), index=True)
    state: Mapped[str] = mapped_column(default=LIFE.initial)
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    filed_as: Mapped[str]
    filed_at: Mapped[datetime]
    documents: Mapped[list[str]]
    expert_review: Mapped[bool]
    due_at: Mapped[datetime]
    missing_items: Mapped[list[str]] = mapped_column(default=list)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_as: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason_code: Mapped[str | None]
    message: Mapped[str | None]

    # For showing it beside the ids; never written through.
    contract: Mapped[Contract] = relationship(viewonly=True, lazy="joined", innerjoin=True)

    @property
    def registered(self) -> Contract | None:
        """The contract with its number, where this filing led to it: one that was refused before shows none."""
        return self.contract if self.state == LIFE.after("register") else None

    @property
    def institute_id(self) -> UUID:
        """Whose contract it is: what the rules of the life cycle are asked about."""
        return self.contract.institute_id
