"""Sealing everything anew with the current key, so that an older one can be thrown away.

One batch is one transaction; what was done stays done, and running it again goes on where it stopped.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from backbone import encryption
from backbone.idempotency import IdempotencyKey
from backbone.idempotency import place_of as place_of_answer
from backbone.people.models import VALUES, Person, digest_for, place_of

BATCH = 500


@dataclass(frozen=True)
class SealedColumn:
    """A sealed column of some feature's table, which is sealed anew with the people, `at_once` rows in a transaction."""

    rows: Any
    column: str
    spelled: str = "{table} {row_id} {column}"
    at_once: int | None = None

    def place_of(self, row_id: UUID) -> str:
        """What a sealed value is bound to: it opens in no other row and no other column."""
        return self.spelled.format(table=self.rows.__tablename__, row_id=row_id, column=self.column)


_columns_besides: list[SealedColumn] = []


def sealed_in(rows: Any, column: str, **more: Any) -> SealedColumn:
    """Declare the column; whoever declares it seals by its `place_of`. `more` as SealedColumn has it: values that were sealed
    before keep the place that they are bound to, and large ones are sealed anew few at once.
    """
    declared = SealedColumn(rows, column, **more)
    if declared not in _columns_besides:
        _columns_besides.append(declared)
    return declared


def count_outdated(session: Session) -> int:
    """How many rows hold something sealed with another key than the current one."""
    people = select(func.count()).select_from(Person).where(or_(*map(_outdated, _columns())))
    answers = select(func.count()).select_from(IdempotencyKey).where(_outdated(IdempotencyKey.body))
    besides = [
        select(func.count()).select_from(each.rows).where(_outdated(getattr(each.rows, each.column)))
        for each in _columns_besides
    ]
    return sum(session.scalar(query) or 0 for query in (people, answers, *besides))


def reseal_some(session: Session) -> int:
    """Seal the next rows anew, and return how many they were: 0 when all is done. Raises encryption.Unopened."""
    return _reseal_people(session) or _reseal_answers(session) or _reseal_besides(session)


def _reseal_people(session: Session) -> int:
    query = select(Person).where(or_(*map(_outdated, _columns()))).limit(BATCH).with_for_update()
    rows = session.scalars(query, execution_options={"populate_existing": True}).all()
    for person in rows:
        for name in VALUES:
            sealed = getattr(person, f"{name}_sealed")
            if sealed is not None:
                setattr(person, f"{name}_sealed", _anew(sealed, place_of(person.id, name)))
    session.flush()
    return len(rows)


def _reseal_answers(session: Session) -> int:
    query = select(IdempotencyKey).where(_outdated(IdempotencyKey.body)).limit(BATCH).with_for_update()
    rows = session.scalars(query, execution_options={"populate_existing": True}).all()
    for row in rows:
        row.body = _anew(row.body or b"", place_of_answer(row.account_id, row.key))
    session.flush()
    return len(rows)


def _reseal_besides(session: Session) -> int:
    """By statements of their own: sealing anew changes nothing that a reader could have read."""
    for each in _columns_besides:
        column, table = getattr(each.rows, each.column), each.rows.__table__
        query = (
            select(each.rows.id, column)
            .where(_outdated(column))
            .limit(each.at_once or BATCH)
            .with_for_update()
        )
        found = session.execute(query).all()
        for row_id, sealed in found:
            anew = {each.column: _anew(sealed, each.place_of(row_id))}
            session.execute(table.update().where(table.c.id == row_id).values(anew))
        if found:
            return len(found)
    return 0


def _anew(sealed: bytes, place: str) -> bytes:
    ring = encryption.keyring()
    return ring.seal(ring.open(sealed, place), place)


def _columns() -> list[Any]:
    return [getattr(Person, f"{name}_sealed") for name in VALUES]


def _outdated(column: Any) -> ColumnElement[bool]:
    return func.get_byte(column, 0) != encryption.keyring().current


def opens_what_is_stored(session: Session) -> bool:
    """Whether the keys open the oldest and the newest row: a wrong key is found at start, not by the first reader."""
    try:
        for person in _oldest_and_newest(session):
            _ = person.name
    except encryption.Unopened:
        return False
    return True


def digests_what_is_stored(session: Session) -> bool:
    """Whether the digests' key is that of the rows: with another nobody is found, and a login can be given twice."""
    return all(
        person.name_digest == digest_for("name", person.name) for person in _oldest_and_newest(session)
    )


def _oldest_and_newest(session: Session) -> list[Person]:
    named = select(Person).where(Person.name_sealed.is_not(None))
    orders = (Person.id.asc(), Person.id.desc())
    return [person for order in orders for person in session.scalars(named.order_by(order).limit(1))]
