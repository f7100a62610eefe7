"""Finding everything that belongs to one person, by digest: no value of anybody else is opened.

Rows with the phone, address, login or id that is asked for are the person's. So are those with the same name within
the same organisation: the participant of a talk, a decision owner, the account.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from backbone.audit import AuditEvent
from backbone.db import Base
from backbone.errors import Bilingual
from backbone.people.errors import NobodyFound, SharedByNames
from backbone.people.holding import HasPeople, NamesFreely
from backbone.people.models import Person, digest_for
from backbone.people.normal import masked_name, normal_name

WAYS: Mapping[str, Bilingual] = {
    "phone": Bilingual("电话", "phone"),
    "email": Bilingual("邮箱", "address"),
    "login": Bilingual("登录名", "login"),
    "id": Bilingual("编号", "id"),
}
SAME_NAME = "same_name"
ERASING = "erase_person"


@dataclass(frozen=True)
class Asked:
    """Who is looked for: `by` is one of WAYS; `name` tells apart those who share it; `exact` leaves same names out."""

    by: str
    value: str
    name: str | None = None
    exact: bool = False

    @property
    def digest(self) -> str:
        """What stands for the question where it may not be kept in clear."""
        return digest_for(self.by, self.value) if self.by != "id" else self.value


@dataclass(frozen=True)
class Mention:
    """A row of the person, and how it was found: one of WAYS or SAME_NAME."""

    person: Person
    how: str


def holders() -> dict[str, type[Any]]:
    """Table -> class of every kind of record that names people, those that others belong to first."""
    kinds: dict[str, type[Any]] = {
        str(mapper.local_table): mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, HasPeople)
    }
    return {table.name: kinds[table.name] for table in Base.metadata.sorted_tables if table.name in kinds}


def texts_naming(session: Session, people: Sequence[Person]) -> Iterator[tuple[Any, str]]:
    """(record, name) for every text that names one of these within an organisation they speak for; one sign is no name."""
    spoken = organisations_of(session, people)
    within: dict[str, set[UUID]] = defaultdict(set)
    for person in people:
        if person.name and len(normal_name(person.name)) > 1:
            within[person.name].update(spoken.get(person.id, ()))
    kinds = {
        str(mapper.local_table): mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, NamesFreely)
    }
    for _, kind in sorted(kinds.items()):
        for name, organisations in within.items():
            yield from ((record, name) for record in kind.naming_freely(session, name, organisations))


def find(session: Session, asked: Asked) -> list[Mention]:
    """Every row of the person, oldest first, read anew; raises NobodyFound, SharedByNames."""
    direct = _read(session, _condition(asked))
    if asked.name is not None:
        direct = [person for person in direct if person.name_digest == digest_for("name", asked.name)]
    if not direct:
        raise NobodyFound(by=WAYS[asked.by])
    names = {person.name_digest: masked_name(person.name) for person in direct if person.name_digest}
    if len(names) > 1 and asked.by != "id":
        raise SharedByNames(by=WAYS[asked.by], count=len(names), names="、".join(sorted(names.values())))
    namesakes = [] if asked.exact else _namesakes(session, direct)
    mentions = [Mention(person, asked.by) for person in direct]
    mentions += [Mention(person, SAME_NAME) for person in namesakes]
    return sorted(mentions, key=lambda mention: mention.person.id)


def was_erased(session: Session, asked: Asked) -> bool:
    """Whether who is asked for was erased before, by the same question."""
    said = AuditEvent.after["asked"].astext == asked.digest
    erased = AuditEvent.subject_kind == Person.__tablename__, AuditEvent.action == ERASING
    return session.scalar(select(AuditEvent.id).where(*erased, said).limit(1)) is not None


def organisations_of(session: Session, people: Iterable[Person]) -> dict[UUID, Collection[UUID]]:
    """Person id -> the organisations they speak for; a query or two per kind of record."""
    by_holder: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        by_holder[person.holder].append(person)
    spoken: dict[UUID, Collection[UUID]] = {}
    for holder, rows in by_holder.items():
        spoken |= holders()[holder].organisations_of(session, rows)
    return spoken


def _condition(asked: Asked) -> ColumnElement[bool]:
    if asked.by != "id":
        column: ColumnElement[Any] = getattr(Person, f"{asked.by}_digest")
        return column == asked.digest
    try:
        wanted = UUID(asked.value)
    except ValueError:
        raise NobodyFound(by=WAYS["id"]) from None
    return or_(Person.id == wanted, (Person.holder_id == wanted) & (Person.part == "account"))


def _namesakes(session: Session, direct: Sequence[Person]) -> list[Person]:
    """The rows with a name of these within an organisation of these."""
    known = {person.id for person in direct}
    names = {person.name_digest for person in direct if person.name_digest}
    others = [person for person in _read(session, Person.name_digest.in_(names)) if person.id not in known]
    spoken = organisations_of(session, [*direct, *others])
    meant = {(row.name_digest, one) for row in direct for one in spoken.get(row.id, ())}
    return [row for row in others if any((row.name_digest, one) in meant for one in spoken.get(row.id, ()))]


def _read(session: Session, condition: ColumnElement[bool]) -> list[Person]:
    query = select(Person).where(condition).order_by(Person.id)
    return list(session.scalars(query, execution_options={"populate_existing": True}))
