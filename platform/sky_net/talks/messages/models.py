"""Messages, and how far each side has read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import Base, Identified

SIDES = ("enterprise", "institute", "platform")
# What people write: kept in this row, which can be erased, and out of the history in clear.
PERSONAL = frozenset({"text"})


class Message(Identified, Base):
    """One message in the thread of a need and an institute; sent at `created_at`, never amended."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(f"side in {SIDES}", name="side"),
        Index(None, "need_id", "institute_id", "created_at", "id"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    side: Mapped[str]
    text: Mapped[str]
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]


class ReadMark(Base):
    """Up to where one side has read a thread: a side reads together, as it answers together."""

    __tablename__ = "message_read_marks"
    __table_args__ = (CheckConstraint(f"side in {SIDES}", name="side"),)

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), primary_key=True)
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), primary_key=True, index=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    read_up_to: Mapped[datetime]
