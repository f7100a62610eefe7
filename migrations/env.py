"""What Alembic runs: all migrations in one transaction, one deployment at a time.

The URL is the one handed over by `backbone.migrate`, else MIGRATION_DATABASE_URL, else DATABASE_URL.
"""

from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from backbone.db import driver_url
from backbone.settings import load_settings
from sanwang.models import METADATA

ONE_AT_A_TIME = 5_711_942  # advisory lock: two machines that deploy together must not both migrate


def database_url() -> str:
    """The URL to migrate; raises SystemExit with a sentence when none is known."""
    handed_over = context.config.attributes.get("url")
    settings = load_settings()
    url = handed_over or settings.migration_database_url or settings.database_url
    if not url:
        raise SystemExit(
            "请设置 DATABASE_URL，或使用 make migration / Set DATABASE_URL, or use make migration"
        )
    return str(url)


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """The job queue's tables are procrastinate's, carried as frozen SQL: nothing to compare with models."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def migrate_on(connection: Connection) -> None:
    """Run the wanted migrations on an open connection."""
    context.configure(connection=connection, target_metadata=METADATA, include_name=is_ours)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        context.run_migrations()


def migrate_as_sql() -> None:
    """Print the SQL for whoever may not let a program migrate (`alembic upgrade head --sql`)."""
    context.configure(url=driver_url(database_url()), target_metadata=METADATA, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    migrate_as_sql()
else:
    engine = create_engine(driver_url(database_url()), poolclass=NullPool)
    with engine.connect() as opened:
        migrate_on(opened)
