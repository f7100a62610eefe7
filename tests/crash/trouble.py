"""Trouble that a database really makes: statements that fail so many times, and transactions that stand in the way."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from backbone.db import Database
from backbone.roles import APPLICATION

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def stumble(owner: Database, table: str, sqlstate: str, times: int, *, at_commit: bool = False) -> None:
    """Make the next so many transactions that insert into the table fail, at the row or at their COMMIT.

    Counted by a sequence, which a rollback does not turn back.
    """
    kind, when = ("CONSTRAINT", "DEFERRABLE INITIALLY DEFERRED") if at_commit else ("", "")
    with owner.transaction() as session:
        for statement in (
            "CREATE SEQUENCE stumbles",
            f"GRANT USAGE ON SEQUENCE stumbles TO {APPLICATION}",
            f"""CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF nextval('stumbles') <= {times} THEN
                    RAISE EXCEPTION 'stumbled' USING ERRCODE = '{sqlstate}';
                END IF;
                RETURN NEW;
            END $$""",
            f"CREATE {kind} TRIGGER stumble AFTER INSERT ON {table} {when} FOR EACH ROW EXECUTE FUNCTION stumble()",
        ):
            session.execute(text(statement))


def tried(owner: Database) -> int:
    """How many rows have met the trigger so far."""
    with owner.transaction() as session:
        return session.scalar(text("SELECT last_value FROM stumbles")) or 0


def wait_for_waiting(database: Database, number: int) -> None:
    """Until so many sessions of the database wait for a lock."""
    until = time.monotonic() + 60
    with database.engine.connect() as connection:
        while connection.scalar(WAITING) != number:
            connection.rollback()
            assert time.monotonic() < until, f"not {number} sessions came to wait for a lock"
            time.sleep(0.005)


@contextmanager
def in_the_background() -> Any:
    """`start(work, *arguments)` gives a future whose outcome is waited for at the end of the block."""
    with ThreadPoolExecutor(8) as threads:

        def start(work: Callable[..., Any], *arguments: Any) -> Future[Any]:
            return threads.submit(work, *arguments)

        yield start
