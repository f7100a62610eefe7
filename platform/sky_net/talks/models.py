"""Contacts on record."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backbone.db import Base, Versioned
from backbone.directory.models import Institute
from sky_net.talks.states import LIFE, STATES

KINDS = ("call", "meeting", "question_answered")
SIDES = ("enterprise", "institute", "platform")
# What people said and who they were: kept in this row, which can be erased, and out of the history in clear.
PERSONAL = frozenset({"people", "result", "next_step", "dispute_message"})


class Contact(Versioned, Base):
    """A call, a meeting or an answered question about a need; put on record at `created_at`.

    `people` is [{name, side}], personal data. `counted_at` is when this contact was put forward to answer
    the promise to communicate; None when that was answered for good before.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("(state = 'agreed') = (agreed_at is not null)", name="agreed"),
        CheckConstraint("(state = 'disputed') = (disputed_at is not null)", name="disputed"),
        Index(None, "need_id", "institute_id"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    kind: Mapped[str]
    happened_on: Mapped[date]
    people: Mapped[list[dict[str, Any]]]
    result: Mapped[str]
    next_step: Mapped[str]
    next_step_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default=LIFE.initial)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    counted_at: Mapped[datetime | None]
    agreed_by_silence_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    disputed_at: Mapped[datetime | None]
    disputed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    dispute_message: Mapped[str | None]

    # For showing the name beside the id; never written through.
    institute: Mapped[Institute] = relationship(viewonly=True, lazy="selectin")
