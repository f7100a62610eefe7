"""One row of a person: what is written reads back, shows nowhere else, and an erased row can hold nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, configure_mappers

from backbone.db import new_id
from backbone.encryption import Unopened
from backbone.people.models import VALUES, Person, digest_for, place_of
from backbone.people.normal import ERASED

configure_mappers()  # once, and not within the time of the first property
WRITTEN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)
NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


def a_person(**values: Any) -> Person:
    return Person(holder="enterprises", holder_id=new_id(), part="contact", **values)


@given(st.dictionaries(st.sampled_from(VALUES), WRITTEN))
def test_values_read_back_as_they_were_written(values: dict[str, str]):
    person = a_person(**values)
    assert {name: getattr(person, name) for name in VALUES} == dict.fromkeys(VALUES) | values


@given(WRITTEN.filter(lambda value: len(value.encode()) > 3))
def test_the_sealed_bytes_hold_nothing_of_the_value_and_the_digest_neither(value: str):
    person = a_person(name=value)
    assert value.encode() not in person.name_sealed
    assert value not in person.name_digest


@given(WRITTEN, st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_a_value_opens_in_no_other_row_and_in_no_other_column(value: str, name: str, other: str):
    person, stranger = a_person(**{name: value}), a_person(**{other: "x"})
    setattr(stranger, f"{other}_sealed", getattr(person, f"{name}_sealed"))
    with pytest.raises(Unopened):
        getattr(stranger, other)


@given(WRITTEN)
def test_the_same_value_twice_is_sealed_differently_and_digested_the_same(value: str):
    one, other = a_person(phone=value), a_person(phone=value)
    assert one.phone_sealed != other.phone_sealed
    assert one.phone_digest == other.phone_digest == digest_for("phone", value)


@given(WRITTEN)
def test_a_name_and_a_login_of_the_same_letters_have_other_digests(value: str):
    assert len({digest_for(name, value) for name in VALUES}) == len(VALUES)


def test_none_forgets_value_and_digest():
    person = a_person(email="lost@example.test")
    person.email = None
    assert (person.email, person.email_sealed, person.email_digest) == (None, None, None)


def test_what_is_erased_is_marked_where_people_read_names_and_empty_where_they_ring():
    person = a_person()
    person.erased_at = NOW
    assert {name: getattr(person, name) for name in VALUES} == {
        "name": ERASED, "phone": None, "email": None, "login": ERASED,
    }  # fmt: skip


@pytest.mark.parametrize("kept", [f"{name}_{what}" for name in VALUES for what in ("sealed", "digest")])
def test_the_database_refuses_an_erased_row_that_still_holds_something(session: Session, kept: str):
    person = a_person()
    person.erased_at = NOW
    setattr(person, kept, b"x" if kept.endswith("sealed") else "x")
    session.add(person)
    with pytest.raises(IntegrityError, match="ck_people_erased"):
        session.flush()


def test_two_rows_cannot_have_one_login_and_any_number_may_have_none(session: Session):
    session.add_all([a_person(login="one"), a_person(login="One"), a_person(), a_person()])
    session.flush()
    session.add(a_person(login="one"))
    with pytest.raises(IntegrityError, match="login_digest"):
        session.flush()


def test_the_place_names_table_row_and_column(session: Session):
    person = a_person(name="某人")
    session.add(person)
    session.flush()
    assert place_of(person.id, "name") == f"people {person.id} name"
    kept = session.scalar(text("select name_sealed from people where id = :id"), {"id": person.id})
    assert bytes(kept) == person.name_sealed
