"""The fixtures themselves: what a test writes is gone, what it must not reach it cannot."""

import socket

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import db
from backbone.db import Database, transaction
from backbone.roles import APPLICATION
from tests.databases import OWNER

pytestmark = pytest.mark.postgres

MINE, THEIRS = "a" * 64, "b" * 64
WRITE = text("INSERT INTO file_contents VALUES (:word, '')")
READ = text("SELECT sha256 FROM file_contents ORDER BY sha256")


def words_in(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.scalars(READ))


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_writes_is_gone_before_the_next(session: Session, database: Database, turn: int):
    with transaction() as inner:
        inner.execute(WRITE, {"word": MINE})
    session.commit()
    assert list(session.scalars(READ)) == [MINE]
    assert words_in(database) == []


def test_a_refused_boundary_takes_only_its_own_writes_back(session: Session):
    session.execute(WRITE, {"word": MINE})

    def refused() -> None:
        with transaction() as inner:
            inner.execute(WRITE, {"word": THEIRS})
            inner.execute(WRITE, {"word": MINE})

    with pytest.raises(IntegrityError):
        refused()
    assert list(session.scalars(READ)) == [MINE]


def test_committed_databases_are_separate(committed_database: Database, database: Database):
    with transaction() as session:
        session.execute(WRITE, {"word": MINE})
    assert words_in(committed_database) == [MINE]
    assert words_in(database) == []


def test_tests_log_in_as_the_application_and_say_so_when_they_need_the_owner(
    committed_database: Database, owner: Database
):
    asked = text("SELECT current_user || ' ' || current_database()")
    with committed_database.engine.connect() as ours, owner.engine.connect() as theirs:
        name = ours.scalar(text("SELECT current_database()"))
        assert ours.scalar(asked) == f"{APPLICATION} {name}"
        assert theirs.scalar(asked) == f"{OWNER} {name}"


def test_nothing_is_bound_between_tests():
    with pytest.raises(RuntimeError), db.transaction():
        pass


def test_no_socket_leaves_the_machine():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outside,
        pytest.raises(RuntimeError, match="only loopback"),
    ):
        outside.connect(("192.0.2.1", 80))
