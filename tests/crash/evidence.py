"""What the database has to say afterwards, whatever died in it."""

import time
from collections import Counter
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from backbone.audit import AuditEvent
from backbone.db import Database
from backbone.idempotency import IdempotencyKey
from sky_net.needs import states
from sky_net.needs.models import Need, NeedTransition
from sky_net.sla import projection
from sky_net.sla.models import SlaClock
from tests.isolation.stage import hashes_of

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


def fingerprint(database: Database) -> list[Any]:
    """Changes with every row that is written, anywhere."""
    with database.engine.connect() as connection:
        return hashes_of(connection)


def wait_until_gone(database: Database) -> None:
    """Until the server has noticed that a killed process will not speak again, and rolled back what it left open.

    The connection that asks is the only one this process may have open.
    """
    until = time.monotonic() + 60
    with database.engine.connect() as connection:
        while _others(connection):
            assert time.monotonic() < until, "the session of a dead process does not end"
            time.sleep(0.002)


def _others(connection: Connection) -> int:
    others = connection.scalar(OTHERS) or 0
    connection.rollback()
    return others


def audited(session: Session) -> Counter[str]:
    """How many audit events there are of each kind."""
    counted = session.execute(select(AuditEvent.action, func.count()).group_by(AuditEvent.action))
    return Counter({action: number for action, number in counted})


def answers_kept(session: Session) -> int:
    """How many keys have their answer; none may be without."""
    assert session.scalar(select(func.count()).where(IdempotencyKey.status.is_(None))) == 0
    return session.scalar(select(func.count()).select_from(IdempotencyKey)) or 0


def states_follow_from_the_history(session: Session) -> None:
    """Each need stands where its last transition led, and each transition began where the one before ended."""
    for need in session.scalars(select(Need)):
        steps = session.scalars(
            select(NeedTransition).where(NeedTransition.need_id == need.id).order_by(NeedTransition.id)
        ).all()
        walked = [states.FIRST, *(step.to_state for step in steps)]
        assert [step.from_state for step in steps] == walked[:-1]
        assert need.state == walked[-1]


def clocks_follow_from_the_log(session: Session) -> None:
    """Rows of the promise clocks, made anew from the log, are those that are there."""
    rows = select(SlaClock.__table__).order_by(SlaClock.id)
    standing = [tuple(row) for row in session.execute(rows)]
    projection.rebuild(session)
    assert [tuple(row) for row in session.execute(rows)] == standing
