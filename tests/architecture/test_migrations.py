"""One history of the schema, forwards and backwards."""

import re
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from backbone import migrate
from backbone.db import Database

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


def test_there_is_one_head():
    revisions = {re.search(r'^revision = "(.+)"', path.read_text(), re.M)[1] for path in VERSIONS}
    downs = {
        found[1]
        for path in VERSIONS
        if (found := re.search(r'^down_revision = "(.+)"', path.read_text(), re.M))
    }
    assert len(revisions - downs) == 1


def test_the_models_say_what_the_migrations_made(committed_database: Database):
    migrate.check(committed_database.url)


def test_downgrade_leaves_nothing_and_upgrade_brings_everything_back(committed_database: Database):
    before = set(inspect(committed_database.engine).get_table_names())
    migrate.downgrade(committed_database.url)
    left = set(inspect(committed_database.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    migrate.upgrade(committed_database.url)
    assert set(inspect(committed_database.engine).get_table_names()) == before
    migrate.check(committed_database.url)


def test_the_job_queues_schema_does_not_come_from_the_installed_package():
    assert all("import procrastinate" not in path.read_text() for path in VERSIONS)


@pytest.mark.parametrize("statement", ["update {} set kind = kind", "delete from {}", "truncate {}"])
def test_history_refuses_to_be_changed(committed_database: Database, statement: str):
    for table in ("sla_events",):
        with pytest.raises(DBAPIError, match="append-only"), committed_database.transaction() as session:
            session.execute(text(statement.format(table)))


def test_the_audit_refuses_to_be_changed(committed_database: Database):
    for statement in (
        "update audit_events set action = 'x'",
        "delete from audit_events",
        "truncate audit_events",
    ):
        with pytest.raises(DBAPIError, match="append-only"), committed_database.transaction() as session:
            session.execute(text(statement))
