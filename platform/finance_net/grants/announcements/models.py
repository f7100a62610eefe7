"""Rows of announcements and of objections to them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from backbone.db import Base, Versioned
from backbone.people.holding import HasPeople, PersonalValue, person_of
from backbone.people.models import Person
from finance_net.grants.life import OBJECTION


class Announcement(Versioned, Base):
    """公示: what a selection funds, shown to everybody until `ends_at`. It is decided once, by another person than who announced it.

    `open_objections` is kept with the objections under this row's lock, so that the database itself refuses a decision before the
    end or while one is open.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="days"),
        CheckConstraint("open_objections >= 0", name="objections"),
        CheckConstraint("decided_at IS NULL OR (decided_at >= ends_at AND open_objections = 0)", name="nothing_open"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided"),
        CheckConstraint("decided_by <> announced_by", name="two_people"),
        Index(None, "round_id", "starts_at", "id"),
    )  # fmt: skip

    round_id: Mapped[UUID] = mapped_column(ForeignKey("grant_rounds.id"))
    selection_id: Mapped[UUID] = mapped_column(ForeignKey("grant_selections.id"), unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    open_objections: Mapped[int] = mapped_column(default=0)
    announced_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)


class Objection(HasPeople, Versioned, Base):
    """What somebody has against one announced application: signed by an account, with a name and how to reach whoever signed.

    Those are a person's, and shown to who decides on it alone; an objection of before they were asked for has none.
    """

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(sorted(OBJECTION.states))}", name="state"),
        CheckConstraint("num_nonnulls(ruled_at, ruled_by, ruling) = CASE state WHEN 'open' THEN 0 ELSE 3 END", name="ruled"),
        CheckConstraint("ruled_by <> signed_by", name="not_the_own"),
        Index("uq_objections_signed", "announcement_id", "application_id", "signed_by", unique=True),
        Index(None, "application_id"),
    )  # fmt: skip

    announcement_id: Mapped[UUID] = mapped_column(ForeignKey("announcements.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("grant_applications.id"))
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    grounds: Mapped[str]
    state: Mapped[str] = mapped_column(default=OBJECTION.first)
    opened_at: Mapped[datetime]
    ruling: Mapped[str | None]
    ruled_at: Mapped[datetime | None]
    ruled_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)

    signer_name: ClassVar[Any] = PersonalValue("signer", "name")
    signer_phone: ClassVar[Any] = PersonalValue("signer", "phone")
    signer_email: ClassVar[Any] = PersonalValue("signer", "email")

    @property
    def signer(self) -> dict[str, str | None] | None:
        """Who signed, in clear; None where nobody was asked."""
        if person_of(self, "signer") is None:
            return None
        return {"name": self.signer_name, "phone": self.signer_phone, "email": self.signer_email}

    @classmethod
    def organisations_of(cls, session: Session, people: Sequence[Person]) -> Mapping[UUID, Collection[UUID]]:
        """None: whoever objects speaks for nobody else."""
        return {}
