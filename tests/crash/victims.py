"""What a process does until it dies: serve requests, run jobs, or seal. `PARTS[order.part](order, connection, app)`.

Run in a process that forked from one which had imported everything and opened nothing (`forkserver`).
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask

from backbone import chaining, db, jobs
from backbone.clock import FrozenClock
from backbone.db import Database
from sky_net.needs import service as needs
from tests.crash.death import die_at

BATCH = 3


@dataclass(frozen=True)
class Order:
    """What a victim is to do, in which database, and at which moment it dies (never: 0)."""

    part: str
    url: str
    moment: int = 0


@dataclass(frozen=True)
class Request:
    """A POST with its key."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    key: str
    now: datetime


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(compare=False)

    @property
    def was_replayed(self) -> bool:
        return "Idempotency-Replayed" in self.headers


def serve_requests(order: Order, connection: Connection, app: Flask) -> None:
    """The assembled application: each request that comes is answered, until it dies or the caller hangs up."""
    clock = FrozenClock(datetime.min.replace(tzinfo=UTC))
    app.extensions["clock"] = clock
    client = app.test_client()
    die_at(order.moment)
    while True:
        request: Request = connection.recv()
        clock.instant = request.now
        answer = client.post(
            request.path, json=request.body, headers=request.headers | {"Idempotency-Key": request.key}
        )
        connection.send(Answer(answer.status_code, answer.get_data(), dict(answer.headers)))


def run_jobs(order: Order, connection: Connection, app: Flask) -> None:
    """A worker that first looks for what its dead predecessor left, then works until nothing is due."""
    needs.EXPIRED_AT_ONCE = 2  # several transactions in one job
    die_at(order.moment)
    rescued = asyncio.run(_rescue(order.url))
    ran = jobs.run_pending(order.url)
    connection.send((rescued, ran))


async def _rescue(url: str) -> list[int]:
    app = jobs._with_connection(url, size=2)
    async with app.open_async():
        return await jobs.rescue_stalled(app, stalled_after_s=0)


def seal(order: Order, connection: Connection, app: Flask) -> None:
    """Seal whatever is due, in small batches, each time it is told to."""
    chaining.AT_ONCE = BATCH
    chaining.seal = partial(chaining.seal, at_once=BATCH)  # type: ignore[assignment]
    die_at(order.moment)
    while True:
        connection.recv()
        connection.send(chaining.seal_all())


PARTS: dict[str, Callable[[Order, Connection, Flask], None]] = {
    "requests": serve_requests,
    "jobs": run_jobs,
    "sealing": seal,
}


def run(order: Order, connection: Connection, app: Flask) -> None:
    """Do what is ordered; nothing of it survives in this process."""
    db.bind(Database(order.url, pool_size=2))
    PARTS[order.part](order, connection, app)
