"""A record with people reads and writes like one with columns; its own row holds nothing of theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, selectinload

from backbone import audit
from backbone.directory.models import Enterprise
from backbone.encryption import Unopened
from backbone.people.holding import person_of
from backbone.people.models import Person, digest_for
from backbone.people.normal import ERASED
from tests.factories.directory import MADE_AT, an_enterprise

NAME, PHONE, EMAIL = "欧阳测试", "13900001234", "ouyang@example.test"


@pytest.fixture
def enterprise(session: Session) -> Enterprise:
    return an_enterprise(session, contact_name=NAME, contact_phone=PHONE, contact_email=EMAIL)


def anew(session: Session, enterprise: Enterprise) -> Enterprise:
    session.flush()
    session.expire_all()
    return session.get_one(Enterprise, enterprise.id)


def test_values_read_as_they_were_written(session: Session, enterprise: Enterprise):
    assert anew(session, enterprise).contact == {"name": NAME, "phone": PHONE, "email": EMAIL}


def test_a_record_without_people_has_none_and_no_row(session: Session):
    enterprise = an_enterprise(session, contact_name=None, contact_phone=None)
    assert anew(session, enterprise).contact == {"name": None, "phone": None, "email": None}
    assert enterprise.persons == []


def test_neither_row_shows_a_value(session: Session, enterprise: Enterprise):
    for table, column in (("enterprises", "id"), ("people", "holder_id")):
        row = session.scalar(
            text(f"select row_to_json(t)::text from {table} t where {column} = :id"), {"id": enterprise.id}
        )
        assert row is not None
        for value in (NAME, PHONE, EMAIL):
            assert value not in row
            assert value.encode().hex() not in row


def test_a_row_is_found_by_digest_however_the_value_is_spelled(session: Session, enterprise: Enterprise):
    wanted = digest_for("phone", "+86 139-0000-1234")
    assert session.scalar(select(Person.holder_id).where(Person.phone_digest == wanted)) == enterprise.id


def test_a_value_copied_into_another_row_does_not_open(session: Session, enterprise: Enterprise):
    other = an_enterprise(session, contact_name="别人")
    person_of(other, "contact").phone_sealed = person_of(enterprise, "contact").phone_sealed
    with pytest.raises(Unopened):
        _ = other.contact_phone


def test_a_value_copied_into_another_column_does_not_open(session: Session, enterprise: Enterprise):
    person = person_of(enterprise, "contact")
    person.email_sealed = person.phone_sealed
    with pytest.raises(Unopened):
        _ = enterprise.contact_email


def test_a_change_is_audited_by_digest_and_counts_as_one_of_the_record(
    session: Session, enterprise: Enterprise
):
    version = enterprise.version
    before, after = audit.changes(enterprise, {"contact_phone": "13900009999", "contact_name": NAME})
    assert (before, after) == ({"contact_phone": PHONE}, {"contact_phone": "13900009999"})
    enterprise.contact_phone = "13900009999"
    session.flush()
    assert anew(session, enterprise).version == version + 1
    assert enterprise.contact == {"name": NAME, "phone": "13900009999", "email": EMAIL}


def test_saying_nothing_of_nobody_changes_nothing(session: Session):
    enterprise = an_enterprise(session, contact_name=None, contact_phone=None)
    enterprise.contact_email = None
    assert enterprise.persons == []
    assert anew(session, enterprise).version == 1


def test_what_is_erased_says_so_and_stays_when_somebody_else_is_named(
    session: Session, enterprise: Enterprise
):
    erased = person_of(enterprise, "contact")
    erased.name = erased.phone = erased.email = None
    erased.erased_at = MADE_AT + timedelta(days=1)
    assert anew(session, enterprise).contact == {"name": ERASED, "phone": None, "email": None}
    enterprise.contact_name, enterprise.contact_phone = "新人", "13700000000"
    assert anew(session, enterprise).contact == {"name": "新人", "phone": "13700000000", "email": None}
    assert [person.erased_at is None for person in enterprise.persons] == [False, True]


def test_people_go_with_their_record(session: Session, enterprise: Enterprise):
    anew(session, enterprise)
    session.delete(enterprise)
    session.flush()
    assert session.scalars(select(Person).where(Person.holder_id == enterprise.id)).all() == []


def test_a_page_reads_the_people_of_all_its_rows_in_one_query(session: Session):
    made = [an_enterprise(session, contact_name=f"人{number}") for number in range(5)]
    session.flush()
    session.expire_all()
    query = select(Enterprise).where(Enterprise.id.in_([row.id for row in made])).order_by(Enterprise.id)
    rows = session.scalars(query.options(selectinload(Enterprise.persons))).all()
    assert [row.contact_name for row in rows] == [f"人{number}" for number in range(5)]
    assert all("persons" in row.__dict__ for row in rows)
