import resource
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm.exc import StaleDataError

from backbone import db
from backbone.directory.models import Institute
from tests.factories.directory import an_institute

pytestmark = pytest.mark.postgres

BACKEND = text("SELECT pg_backend_pid()")
"""The server's process that a connection talks to."""


@pytest.mark.parametrize(("plain", "driver"), [
    ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
    ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
    ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
    ("postgresql:///d?host=/run/pg", "postgresql+psycopg:///d?host=/run/pg"),
])  # fmt: skip
def test_a_plain_url_gets_the_driver(plain, driver):
    assert db.driver_url(plain) == driver


def test_ids_are_version_7_and_grow():
    ids = [db.new_id() for _ in range(200)]
    assert {one.version for one in ids} == {7}
    assert all(earlier < later for earlier, later in pairwise(ids))


def test_a_transaction_commits_at_its_end(committed_database):
    with db.transaction() as session:
        made = an_institute(session)
    with db.transaction() as session:
        assert session.get(Institute, made.id).name == made.name


def test_an_exception_leaves_nothing_behind(committed_database):
    def fail():
        with db.transaction() as session:
            an_institute(session)
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        fail()
    with db.transaction() as session:
        assert session.scalars(select(Institute)).all() == []


def test_rows_stay_readable_after_their_transaction(committed_database):
    with db.transaction() as session:
        made = an_institute(session, name="仍可读")
    assert made.name == "仍可读"


def test_a_connection_that_the_server_closed_while_it_was_idle_is_not_used(committed_database):
    with committed_database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        with db.transaction() as session:
            closed = {"closed": session.scalar(BACKEND)}
        other.execute(text("SELECT pg_terminate_backend(:closed)"), closed)
        while other.scalar(text("SELECT true FROM pg_stat_activity WHERE pid = :closed"), closed):
            time.sleep(0.01)
        with db.transaction() as session:
            assert session.scalar(BACKEND) != closed["closed"]


def test_a_process_with_more_open_files_than_select_knows_is_still_served(
    committed_database, many_open_files
):
    for _ in range(2):  # the second is served by the connection that the first one opened
        with db.transaction() as session:
            assert session.connection().connection.dbapi_connection.fileno() > 1_024
            assert session.scalar(BACKEND)


@pytest.fixture
def many_open_files():
    """More than 1,024: what callers, mapped files and connections may come to."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] != resource.RLIM_INFINITY and before[1] < 2_048:
        pytest.skip("this machine lets no process open 2,048 files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], 2_048), before[1]))
    with ExitStack() as opened:
        for _ in range(1_100):
            opened.enter_context(Path(__file__).open("rb"))
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_instants_come_back_aware_whatever_the_server_thinks_of_time_zones(session):
    session.execute(text("set local timezone = 'Asia/Shanghai'"))
    made = an_institute(session, created_at=datetime(2026, 3, 10, 1, 30, tzinfo=UTC))
    session.expire_all()
    assert made.created_at == datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
    assert made.created_at.tzinfo is not None


def test_the_version_grows_with_every_update_and_a_lost_race_raises(committed_database):
    with db.transaction() as session:
        made = an_institute(session)
    assert made.version == 1
    with committed_database.sessions() as first, committed_database.sessions() as second:
        mine, theirs = first.get(Institute, made.id), second.get(Institute, made.id)
        mine.name, theirs.name = "甲", "乙"
        first.commit()
        assert mine.version == 2
        with pytest.raises(StaleDataError):
            second.commit()
    with db.transaction() as session:
        assert session.get(Institute, made.id).name == "甲"


def test_without_a_database_a_transaction_says_what_to_do(monkeypatch):
    monkeypatch.setattr(db, "_bound", [])
    with pytest.raises(RuntimeError, match="bind"):
        db.transaction()


def test_binding_replaces_what_was_bound(monkeypatch):
    class Elsewhere:
        def transaction(self):
            return "there"

    monkeypatch.setattr(db, "_bound", [])
    db.bind(Elsewhere())
    db.bind(Elsewhere())
    assert db.transaction() == "there"
    assert len(db._bound) == 1
