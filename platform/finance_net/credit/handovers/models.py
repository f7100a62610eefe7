"""Rows of hand-overs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import Sequence as Numbers
from sqlalchemy.orm import Mapped, Session, mapped_column

from backbone.db import Base, Versioned
from backbone.people.holding import HasPeople, PersonalValue
from backbone.people.models import Person
from finance_net.credit.handovers.states import STORED

NUMBERS = Numbers("credit_handover_number_seq")
PERSONAL = frozenset({"wish", "words", "banker"})


class CreditHandover(HasPeople, Versioned, Base):
    """An enterprise's consent that its case goes to a bank for one loan, and what the bank said.

    `asked_at`, `answer_days` (working days) and `due_at` are of the bank that was asked last; `banker` is who spoke for it,
    a person's name, and `recorded_by` who put that on record.
    """

    __tablename__ = "credit_handovers"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(STORED))}", name="state"),
        CheckConstraint(
            "num_nonnulls(bank, asked_at, asked_by, answer_days, due_at) IN (0, 5)", name="asked"
        ),
        CheckConstraint(
            "state NOT IN ('asked', 'taken', 'declined') OR asked_at IS NOT NULL", name="asked_first"
        ),
        CheckConstraint("due_at > asked_at AND answer_days > 0", name="clock"),
        CheckConstraint(
            "(state IN ('taken', 'declined')) = (num_nonnulls(said_on, recorded_by) = 2)", name="answered"
        ),
        Index(None, "enterprise_id", "created_at", "id"),
        Index(None, "state", "due_at", "id"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"), index=True)
    product_key: Mapped[str]
    wish: Mapped[str]
    consented_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[str]
    bank: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    answer_days: Mapped[int | None]
    due_at: Mapped[datetime | None]
    said_on: Mapped[date | None]
    words: Mapped[str | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)

    banker: ClassVar[Any] = PersonalValue("banker", "name")

    @classmethod
    def organisations_of(cls, session: Session, people: Sequence[Person]) -> Mapping[UUID, Collection[UUID]]:
        """None: they speak for banks, which are no organisations of the platform."""
        return {}
