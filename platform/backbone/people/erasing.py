"""Erasing a person: the values go, the rows and whatever refers to them stay.

Locks are taken as everywhere else: the records first, then what belongs to them. An edit under way is either finished
before, and erased with the rest, or finds its record changed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from backbone import audit, events, idempotency
from backbone.actor import Actor
from backbone.people.errors import ReasonNamesSomebody
from backbone.people.finding import ERASING, Asked, Mention, find, holders, texts_naming
from backbone.people.models import VALUES, Person
from backbone.people.normal import is_named_in


@dataclass(frozen=True)
class PersonErased:
    """Somebody was erased, in these rows; published in the same transaction."""

    people: Sequence[Person]
    actor: Actor
    now: datetime


@dataclass(frozen=True)
class Erasure:
    """What was done: rows erased now and before, texts in which a name was replaced, answers forgotten."""

    erased: int
    erased_before: int
    texts: int
    answers: int


def erase(session: Session, actor: Actor, asked: Asked, *, reason: str, now: datetime) -> Erasure:
    """Erase everything found for `asked`; one audit event says which rows, why, and by a digest who was asked for.

    Raises NobodyFound, SharedByNames, ReasonNamesSomebody, and what a handler of PersonErased refuses.
    """
    _lock_records(session, find(session, asked))
    mentions = find(session, asked)
    living = [mention.person for mention in mentions if mention.person.erased_at is None]
    if not living:
        return Erasure(0, len(mentions), 0, 0)
    values = _values_of(living)
    if any(is_named_in(reason, value) for value in values):
        raise ReasonNamesSomebody()
    texts = _replace_names(session, living, now)
    for person in living:
        _overwrite(person, now)
    _touch_records(session, living, now)
    session.flush()
    after = {"asked": asked.digest, "reason": reason, "rows": [person.id for person in living]}
    audit.record(session, actor, ERASING, living[0], now=now, after=after)
    events.publish(session, PersonErased(living, actor, now))
    session.flush()
    answers = idempotency.forget_answers_with(session, values)
    return Erasure(len(living), len(mentions) - len(living), texts, answers)


def _values_of(people: Sequence[Person]) -> list[str]:
    """Everything personal in clear, a last time."""
    said = {getattr(person, name) for person in people for name in VALUES}
    return sorted(value for value in said if value)


def _overwrite(person: Person, now: datetime) -> None:
    for name in VALUES:
        setattr(person, name, None)
    person.erased_at = now


def _ids_by_kind(people: Collection[Person]) -> Mapping[type[Any], list[UUID]]:
    """The records of these rows by class, in the order of all who lock several: a need before its contacts."""
    named = {person.holder for person in people}
    return {
        kind: sorted({person.holder_id for person in people if person.holder == holder})
        for holder, kind in holders().items()
        if holder in named
    }


def _lock_records(session: Session, mentions: Sequence[Mention]) -> None:
    for kind, ids in _ids_by_kind([mention.person for mention in mentions]).items():
        locked = select(kind).where(kind.id.in_(ids)).order_by(kind.id).with_for_update(of=kind)
        session.scalars(locked, execution_options={"populate_existing": True}).all()


def _touch_records(session: Session, people: Sequence[Person], now: datetime) -> None:
    """Give the records a new version: what a client or an edit under way knows of them is out of date."""
    for kind, ids in _ids_by_kind(people).items():
        for record in session.scalars(select(kind).where(kind.id.in_(ids))):
            record.updated_at = now
            flag_modified(record, "updated_at")


def _replace_names(session: Session, people: Sequence[Person], now: datetime) -> int:
    """Take the name out of the texts that name people, in records of the same organisations."""
    replaced = 0
    for record, name in texts_naming(session, people):
        session.refresh(record, with_for_update=True)
        record.forget_name(name, now)
        replaced += 1
    return replaced
