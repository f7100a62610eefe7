"""One history of the schema, forwards and backwards."""

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from backbone import migrate
from backbone.db import Database

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def history() -> ScriptDirectory:
    return ScriptDirectory.from_config(Config(migrate.ALEMBIC_INI))


def test_there_is_one_head_and_one_line_that_leads_to_it(history: ScriptDirectory):
    assert len(history.get_heads()) == 1
    line = [script.revision for script in history.walk_revisions()]
    assert line == sorted(line, reverse=True), "numbers follow the order in which migrations run"
    assert len(line) == len(VERSIONS)


def test_the_models_say_what_the_migrations_made(owner: Database):
    migrate.check(owner.url)


def test_downgrade_leaves_nothing_and_upgrade_brings_everything_back(owner: Database):
    before = everything_in(owner)
    assert before["tables"]
    migrate.downgrade(owner.url)
    assert everything_in(owner) == {kind: set() for kind in before}
    migrate.upgrade(owner.url)
    assert everything_in(owner) == before
    migrate.check(owner.url)


@pytest.mark.slow
def test_every_single_step_can_be_taken_back_and_again(owner: Database):
    """Not only all of them at once: whoever rolls a release back takes one step."""
    before = everything_in(owner)
    for _ in VERSIONS:
        migrate.downgrade(owner.url, "-1")
    for _ in VERSIONS:
        migrate.upgrade(owner.url, "+1")
    assert everything_in(owner) == before
    migrate.check(owner.url)


CATALOGUE = {
    "tables": "SELECT concat_ws(' ', relkind::text, relname, relacl) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relname !~ '^alembic_version'",
    "functions": "SELECT concat_ws(' ', oid::regprocedure, proacl) FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "types": "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'",
}


def everything_in(database: Database) -> dict[str, set[str]]:
    """What the catalogue knows of our schema, access rights included, but Alembic's own note of where it stands."""
    with database.engine.connect() as connection:
        return {kind: set(connection.scalars(text(query))) for kind, query in CATALOGUE.items()}
