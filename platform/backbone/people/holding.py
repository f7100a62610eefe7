"""What makes a record one that names people: its values read and write like columns, and live in people's rows.

class Expert(HasPeople, Versioned, Base):
    name = PersonalValue("expert", "name")
    phone = PersonalValue("expert", "phone")

`Expert(name=...)`, `expert.name`, `expert.name = ...` and `audit.changes(expert, {"name": ...})` work as with columns;
queries by value do not: see `finding`. A list that shows values says `.options(selectinload(Expert.persons))`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Mapped, Session, declared_attr, foreign, relationship
from sqlalchemy.orm.attributes import flag_modified

from backbone.people.models import Person
from backbone.people.normal import ERASED


class HasPeople:
    """A versioned record with people; `speaks_for` is its column with the organisation they speak for."""

    id: Mapped[UUID]
    speaks_for: ClassVar[str | None] = None

    @declared_attr
    def persons(cls) -> Mapped[list[Person]]:
        """Its people's rows, read once all together when the first value is asked for."""
        return relationship(
            Person, primaryjoin=lambda: foreign(Person.holder_id) == cls.id, order_by=Person.id,
            cascade="all", overlaps="persons",  # each record writes its own people alone
        )  # fmt: skip

    @classmethod
    def organisations_of(cls, session: Session, people: Sequence[Person]) -> Mapping[UUID, Collection[UUID]]:
        """Person id -> the organisations they speak for in these rows: the same name within one is the same person."""
        if cls.speaks_for is None:
            return {}
        column, wanted = getattr(cls, cls.speaks_for), [person.holder_id for person in people]
        read = session.execute(select(cls.id, column).where(cls.id.in_(wanted)))
        found: dict[UUID, UUID] = dict(row for row in read if row[1] is not None)
        return {person.id: [found[person.holder_id]] for person in people if person.holder_id in found}

    @classmethod
    def held_besides(cls, session: Session, holder_id: UUID) -> Mapping[str, Any]:
        """What else is held about the person because of this record, as JSON values: an account's roles and tokens."""
        return {}


class NamesFreely:
    """A record of an organisation with a text in clear in which people may be named, such as a team's.

    `free_text` is the column of the text, `of_whom` that of the organisation: the name counts within it alone.
    """

    id: Mapped[UUID]
    free_text: ClassVar[str]
    of_whom: ClassVar[str]

    @classmethod
    def naming_freely(
        cls, session: Session, name: str, organisations: Collection[UUID]
    ) -> Sequence["NamesFreely"]:
        """The records of these organisations whose text holds this name."""
        within = getattr(cls, cls.of_whom).in_(organisations)
        return session.scalars(select(cls).where(within, cls.holds(name)).order_by(cls.id)).all()

    @classmethod
    def holds(cls, name: str) -> ColumnElement[bool]:
        """Whether the text holds the name."""
        held: ColumnElement[bool] = getattr(cls, cls.free_text).contains(name, autoescape=True)
        return held

    def words_naming(self, name: str) -> str:
        """The text as it is told to whom it names; only of what `naming_freely` gives."""
        words: str = getattr(self, self.free_text)
        return words

    def forget_name(self, name: str, now: datetime) -> None:
        """Say instead that somebody was erased; only of what `naming_freely` gives."""
        without = getattr(self, self.free_text).replace(name, ERASED)
        for column, value in ((self.free_text, without), ("updated_at", now)):
            setattr(self, column, value)


class PersonalValue:
    """An attribute of a record whose value stands in one of its people's rows, `part` says in which."""

    def __init__(self, part: str, value: str) -> None:
        self.part, self.value = part, value

    def __get__(self, holder: Any, owner: type) -> Any:
        """The value in clear, None for none."""
        if holder is None:
            return self
        person = person_of(holder, self.part)
        return None if person is None else getattr(person, self.value)

    def __set__(self, holder: Any, given: str | None) -> None:
        """Write it; the record itself counts as changed."""
        person = person_of(holder, self.part)
        if person is not None and person.erased_at is not None:
            person = None  # what is erased stays so: whoever is named now is somebody new
        elif given is None and (person is None or getattr(person, self.value) is None):
            return
        setattr(person or add_person(holder, self.part), self.value, given)
        if inspect(holder).persistent:
            flag_modified(holder, "updated_at")


class HasContact(HasPeople):
    """Whom to ask about the record."""

    contact_name: ClassVar[Any] = PersonalValue("contact", "name")
    contact_phone: ClassVar[Any] = PersonalValue("contact", "phone")
    contact_email: ClassVar[Any] = PersonalValue("contact", "email")

    @property
    def contact(self) -> dict[str, str | None] | None:
        """The contact as HTTP says it."""
        return {"name": self.contact_name, "phone": self.contact_phone, "email": self.contact_email}


def person_of(holder: HasPeople, part: str) -> Person | None:
    """The latest row of this part: what was erased before stays beside it."""
    return next((person for person in reversed(holder.persons) if person.part == part), None)


def add_person(holder: Any, part: str, **values: str | None) -> Person:
    """A new row of the record's people."""
    person = Person(holder=holder.__tablename__, part=part, **values)
    holder.persons.append(person)
    return person
