"""Next steps."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backbone.db import Base, Versioned
from backbone.people.holding import HasPeople, PersonalValue
from backbone.people.models import Person
from sky_net.needs.models import Need

SIDES = ("enterprise", "institute", "platform")


class NextStep(HasPeople, Versioned, Base):
    """What one side of a talk said it would do; `number` is its place in the record of the talk, from 0."""

    __tablename__ = "next_steps"
    __table_args__ = (
        CheckConstraint(f"side in {SIDES}", name="side"),
        Index("ix_next_steps_open", "need_id", "side", postgresql_where=text("done_at IS NULL")),
    )

    talk_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"), index=True)
    institute_id: Mapped[UUID] = mapped_column(ForeignKey("institutes.id"), index=True)
    number: Mapped[int]
    side: Mapped[str]
    what: Mapped[str]
    due_on: Mapped[date | None]
    owner_name: ClassVar[Any] = PersonalValue("owner", "name")
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)

    # For showing the number beside the id; never written through.
    need: Mapped[Need] = relationship(viewonly=True)

    @classmethod
    def organisations_of(cls, session: Session, people: Sequence[Person]) -> Mapping[UUID, Collection[UUID]]:
        """An owner of the enterprise's side speaks for it, one of the institute's for that one, ours for neither."""
        steps = select(cls.id, cls.side, cls.institute_id, Need.enterprise_id).join(
            Need, Need.id == cls.need_id
        )
        found = session.execute(steps.where(cls.id.in_([person.holder_id for person in people])))
        sides = {
            row.id: {"enterprise": row.enterprise_id, "institute": row.institute_id}.get(row.side)
            for row in found
        }
        spoken = {person.id: sides.get(person.holder_id) for person in people}
        return {person_id: [one] for person_id, one in spoken.items() if one is not None}
