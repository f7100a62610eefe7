"""The job queue's schema: frozen as text here, and still the one that the installed library speaks to."""

import hashlib
from importlib import resources
from pathlib import Path

import psycopg
import pytest

from backbone import migrate
from backbone.db import Database

pytestmark = pytest.mark.postgres

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
# A file that some database has run is never edited: a later procrastinate brings another file and another revision.
FROZEN = {
    "procrastinate-3.10.sql": "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009",
}
# What a schema is made of, each as PostgreSQL itself spells it.
PARTS = {
    "columns": """
        SELECT attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' '
            || attnotnull::text || ' ' || attidentity::text || coalesce(pg_get_expr(adbin, adrelid), '')
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relkind IN ('r', 'c') AND attnum > 0 AND NOT attisdropped AND starts_with(relname, 'procrastinate_')
    """,
    "constraints": "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE contype <> 'n' AND starts_with(conrelid::regclass::text, 'procrastinate_')",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE starts_with(tablename, 'procrastinate_')",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE starts_with(proname, 'procrastinate_')",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    " AND starts_with(tgrelid::regclass::text, 'procrastinate_')",
    "words": "SELECT enumtypid::regtype || ' ' || enumlabel FROM pg_enum WHERE"
    " starts_with(enumtypid::regtype::text, 'procrastinate_')",
}


def schema_of(database: Database) -> dict[str, set[str]]:
    with psycopg.connect(database.url) as connection:
        return {part: {row[0] for row in connection.execute(query)} for part, query in PARTS.items()}


def test_the_frozen_files_are_the_ones_that_databases_have_run():
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (MIGRATIONS / "sql").iterdir()
    }
    assert files == FROZEN


def test_no_migration_reads_the_installed_package():
    assert all(
        "import procrastinate" not in path.read_text() for path in (MIGRATIONS / "versions").glob("*.py")
    )


def test_the_migrations_make_the_schema_that_the_installed_library_expects(owner: Database):
    """Fails on the day procrastinate is upgraded past its schema: carry its migration over as a revision of ours."""
    ours = schema_of(owner)
    assert all(ours.values())
    migrate.downgrade(owner.url)
    assert not any(schema_of(owner).values())
    with psycopg.connect(owner.url) as connection:
        connection.execute(resources.files("procrastinate.sql").joinpath("schema.sql").read_text("utf-8"))
    theirs = schema_of(owner)
    assert {part: ours[part] ^ theirs[part] for part in PARTS} == {part: set() for part in PARTS}


def test_a_queue_without_one_of_its_indexes_is_told_from_it(owner: Database):
    before = schema_of(owner)
    with psycopg.connect(owner.url) as connection:
        connection.execute("DROP INDEX procrastinate_jobs_priority_idx_v1")
    after = schema_of(owner)
    assert [part for part in PARTS if before[part] != after[part]] == ["indexes"]
