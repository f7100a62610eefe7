"""Chains for tests: `write(database, 5)` commits audit events, `seal_now(database)` seals them, `as_owner` tampers.

`head_of(database, folder, key)` signs. Everything here commits: take `committed_database`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # declares every chain
from backbone import audit
from backbone.actor import SYSTEM
from backbone.audit import CHAIN, AuditEvent
from backbone.chain.heads import private_key, read_heads
from backbone.chain.sealing import AT_ONCE, seal
from backbone.chain.signing import sign_heads
from backbone.chain.verification import Verdict, verify
from backbone.db import Database, new_id

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


class Subject:
    """Anything that an event can be about."""

    __tablename__ = "needs"

    def __init__(self) -> None:
        self.id = new_id()


def an_event(session: Any, number: int = 0, **more: Any) -> AuditEvent:
    """An event in the session."""
    after = {"title": f"第{number}次修改", "share": 0.1, "on": NOW} | more
    return audit.record(
        session, SYSTEM, "amend_need", Subject(), now=NOW, before={"title": None}, after=after
    )


def write(database: Database, count: int = 1) -> list[UUID]:
    """So many events, each committed by itself."""
    ids = []
    for number in range(count):
        with database.transaction() as session:
            ids.append(an_event(session, number).id)
    return ids


def wait_until_due(database: Database) -> None:
    """Until no transaction is running that began before the last event was written.

    Other tests run on the same server, and their transactions hold sealing up as any would.
    """
    running = text(
        "SELECT coalesce(max(written_xid), 0) >= (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint FROM audit_events"
        " WHERE written_xid < (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint"
    )
    until = time.monotonic() + 60
    with database.engine.connect() as connection:
        while connection.scalar(running):
            connection.rollback()
            assert time.monotonic() < until, "a transaction of another test does not end"
            time.sleep(0.01)


def seal_now(database: Database, at_once: int = AT_ONCE, *, patiently: bool = True) -> int:
    """Seal until nothing is due: how many rows. Not `patiently` where the test itself holds a transaction open."""
    if patiently:
        wait_until_due(database)
    sealed = 0
    while True:
        with database.transaction() as session:
            linked = seal(session, CHAIN, now=NOW, at_once=at_once)
        sealed += linked
        if not linked:
            return sealed


def linked_ids(database: Database) -> list[UUID]:
    """The rows in the order of the chain."""
    from backbone.chain.models import ChainLink

    with database.transaction() as session:
        return list(session.scalars(select(ChainLink.row_id).order_by(ChainLink.position)))


def sign_now(database: Database, folder: Path, key: Path, now: datetime = NOW) -> list[Path]:
    """The heads of this moment, signed."""
    with database.transaction() as session:
        return sign_heads(session, [CHAIN], private_key(key), folder, now=now)


def verdict_of(database: Database, folder: Path | None = None, key: Path | None = None) -> Verdict:
    """What verifying comes to, with the heads of the folder."""
    keys = [private_key(key).public_key()] if key else []
    heads = [file.head for file in read_heads(folder, keys) if file.head] if folder else []
    with database.transaction() as session:
        return verify(session, CHAIN, heads)


def switch_triggers(connection: Connection | Session, switch: str) -> None:
    """`DISABLE` or `ENABLE` those of every table in a chain, as the owner of the tables can."""
    for table in (
        "audit_events",
        "chain_links",
        "need_disclosures",
        "fund_transfers",
        "fund_transfer_legs",
        "fund_case_steps",
    ):
        connection.execute(text(f"ALTER TABLE {table} {switch} TRIGGER USER"))


@contextmanager
def as_owner(owner: Database) -> Iterator[Connection]:
    """What the owner of the tables can do: every trigger off, then anything."""
    with owner.engine.begin() as connection:
        switch_triggers(connection, "DISABLE")
        yield connection
        switch_triggers(connection, "ENABLE")
