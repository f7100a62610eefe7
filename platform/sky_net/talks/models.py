"""Contacts on record."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backbone.db import Base, Versioned
from backbone.directory.models import Institute
from backbone.people.holding import HasPeople, add_person
from backbone.people.models import Person
from sky_net.needs.models import Need
from sky_net.talks.states import LIFE, STATES
from sky_net.talks.steps.models import NextStep

KINDS = ("call", "meeting", "question_answered")
SIDES = ("enterprise", "institute", "platform")
# What people said and who they were: kept in this row, which can be erased, and out of the history in clear.
PERSONAL = frozenset(
    {"people", "result", "next_step", "dispute_message", "decisions", "next_step_owner", "further_steps"}
)


class Contact(HasPeople, Versioned, Base):
    """A call, a meeting or an answered question about a need; put on record at `created_at`.

    `people` is [{name, side}], each a row of its own whose part is the side and a number. `counted_at` is when this contact was put forward to answer
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
    result: Mapped[str]
    next_step: Mapped[str]
    next_step_on: Mapped[date | None]
    decisions: Mapped[list[str]] = mapped_column(default=list)
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("questions.id"), index=True)
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
    steps: Mapped[list[NextStep]] = relationship(viewonly=True, lazy="selectin", order_by=NextStep.number)

    @property
    def people(self) -> list[dict[str, Any]]:
        """Who took part, in the order in which they were told."""
        told = sorted(self.persons, key=lambda person: int(person.part.partition("/")[2]))
        return [{"name": person.name, "side": person.part.partition("/")[0]} for person in told]

    @people.setter
    def people(self, told: Sequence[Mapping[str, Any]]) -> None:
        for number, person in enumerate(told):
            add_person(self, f"{person['side']}/{number}", name=person["name"])

    @classmethod
    def organisations_of(cls, session: Session, people: Sequence[Person]) -> Mapping[UUID, Collection[UUID]]:
        """Those of the enterprise's side speak for it, those of the institute's for that one."""
        of_contact = select(cls.id, Need.enterprise_id, cls.institute_id).join(Need, Need.id == cls.need_id)
        found = session.execute(of_contact.where(cls.id.in_([person.holder_id for person in people])))
        sides = {row.id: {"enterprise": row.enterprise_id, "institute": row.institute_id} for row in found}
        spoken = {
            person.id: sides.get(person.holder_id, {}).get(person.part.partition("/")[0]) for person in people
        }
        return {person_id: [one] for person_id, one in spoken.items() if one is not None}
