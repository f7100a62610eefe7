"""Rows of the bank's answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified


class PaymentAnswer(AppendOnly, Identified, Base):
    """A file that the bank answered with, taken once: `changed` of its lines told something new."""

    __tablename__ = "payment_answers"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint(
            "settled + refused + doubtful + returned = lines AND changed BETWEEN 0 AND lines", name="adds_up"
        ),
    )

    sha256: Mapped[str] = mapped_column(unique=True)
    lines: Mapped[int]
    settled: Mapped[int]
    refused: Mapped[int]
    doubtful: Mapped[int]
    returned: Mapped[int]
    changed: Mapped[int]
    imported_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    imported_at: Mapped[datetime]
