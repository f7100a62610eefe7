"""The fixtures themselves: what a test writes is gone, what it must not reach it cannot."""

import socket

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import db
from backbone.db import Database, transaction

TABLE = text("CREATE TABLE left_over (word text UNIQUE)")
WRITE = text("INSERT INTO left_over VALUES (:word)")
READ = text("SELECT word FROM left_over ORDER BY word")


def is_there(database: Database) -> bool:
    with database.engine.connect() as connection:
        return connection.scalar(text("SELECT to_regclass('left_over')")) is not None


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_writes_is_gone_before_the_next(session: Session, database: Database, turn: int):
    session.execute(TABLE)
    with transaction() as inner:
        inner.execute(WRITE, {"word": "x"})
    session.commit()
    assert list(session.scalars(READ)) == ["x"]
    assert not is_there(database)


def test_a_refused_boundary_takes_only_its_own_writes_back(session: Session):
    session.execute(TABLE)
    session.execute(WRITE, {"word": "mine"})

    def refused() -> None:
        with transaction() as inner:
            inner.execute(WRITE, {"word": "theirs"})
            inner.execute(WRITE, {"word": "mine"})

    with pytest.raises(IntegrityError):
        refused()
    assert list(session.scalars(READ)) == ["mine"]


def test_committed_databases_are_separate(committed_database: Database, database: Database):
    with transaction() as session:
        session.execute(TABLE)
    assert is_there(committed_database)
    assert not is_there(database)


def test_nothing_is_bound_between_tests():
    with pytest.raises(RuntimeError), db.transaction():
        pass


def test_no_socket_leaves_the_machine():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outside,
        pytest.raises(RuntimeError, match="only loopback"),
    ):
        outside.connect(("192.0.2.1", 80))
