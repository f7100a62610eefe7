"""Rows of supplements: what each changed, and how the contract stood before it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from ground_net.contracts import vocabulary
from ground_net.contracts.models import Contract
from ground_net.contracts.supplements.states import LIFE
from ground_net.contracts.supplements.undoing import as_said


class Supplement(Versioned, Base):
    """One change of what was agreed, the first of a contract at position 0; its columns never change but by striking it.

    `terms_before` and `terms_after` hold the columns of the contract that it changed, and `parties` where it replaced them, spelled
    as JSON (days as text, amounts in fen). `earlier_*` say who stood behind the contract before it, and until when that could be
    disputed: what striking it goes back to. `dispute` is what the party said, `ground` why whoever settled struck it.
    """

    __tablename__ = "contract_supplements"
    __table_args__ = (
        UniqueConstraint("contract_id", "position"),
        CheckConstraint(f"state in {LIFE.states}", name="state"),
        CheckConstraint(f"recorded_side in {vocabulary.SIDES}", name="recorded_side"),
        CheckConstraint(f"earlier_recorded_side in {vocabulary.SIDES}", name="earlier_recorded_side"),
        CheckConstraint("(state = 'struck') = (num_nonnulls(struck_at, dispute, ground) = 3)", name="struck_with_ground"),
    )  # fmt: skip

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    position: Mapped[int]
    state: Mapped[str] = mapped_column(default=LIFE.initial)
    terms_before: Mapped[dict[str, Any]]
    terms_after: Mapped[dict[str, Any]]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    recorded_side: Mapped[str]

    earlier_recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    earlier_recorded_side: Mapped[str]
    earlier_recorded_parties: Mapped[list[str]]
    earlier_confirmed_parties: Mapped[list[str]]
    earlier_confirmed_at: Mapped[datetime | None]
    earlier_confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    earlier_disputable_until: Mapped[datetime]

    struck_at: Mapped[datetime | None]
    struck_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    dispute: Mapped[str | None]
    ground: Mapped[str | None]

    # For asking whose it is; never written through.
    contract: Mapped[Contract] = relationship(viewonly=True)

    @property
    def said_before(self) -> dict[str, Any]:
        """The changed terms as they were, as HTTP says them."""
        return as_said(self.terms_before)

    @property
    def said_after(self) -> dict[str, Any]:
        """The changed terms as they became, as HTTP says them."""
        return as_said(self.terms_after)

    @property
    def institute_id(self) -> UUID:
        """Whose contract it is: what the rules of the life cycle are asked about."""
        return self.contract.institute_id
