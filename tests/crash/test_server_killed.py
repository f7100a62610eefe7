"""The embedded server killed with everything it is, and started again, while clients go on writing."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select

from backbone import embedded_process, migrate
from backbone.db import Database
from backbone.embedded import EmbeddedServer
from backbone.settings import Settings
from sky_net.needs.models import Need
from tests.crash.evidence import (
    answers_kept,
    audited,
    clocks_follow_from_the_log,
    states_follow_from_the_history,
)
from tests.crash.served import Said, Web
from tests.crash.stories import NEED, Cast, a_cast

pytestmark = pytest.mark.slow
CLIENTS = 3
DEATHS = 3
BETWEEN_S = 1.5


@pytest.fixture
def server(scratch: Path) -> Iterator[EmbeddedServer]:
    """One that writes through to the disk, as `sanwang serve` has it."""
    with EmbeddedServer(scratch / "pg") as made:
        made.ensure_database("sanwang")
        migrate.upgrade(made.owner_url("sanwang"))
        yield made


@pytest.fixture
def place(server: EmbeddedServer, settings: Settings) -> Iterator[tuple[Web, Cast, Database]]:
    database = Database(server.url("sanwang"))
    with database.transaction() as session:
        cast = a_cast(session)
    served = Web(settings, server.url("sanwang"))
    yield served, cast, database
    served.stop()
    database.close()


@dataclass
class Client:
    """Drafts needs and submits them, one after the other, each POST repeated with its key until it is done."""

    name: str
    web: Web
    cast: Cast
    stop: threading.Event
    done: list[tuple[str, Any, dict[str, str], bytes]] = field(default_factory=list)
    refusals: list[Said] = field(default_factory=list)

    def run(self) -> None:
        while not self.stop.is_set():
            draft = json.loads(self.insist("/api/needs", NEED))
            self.insist(f"/api/needs/{draft['id']}/submission", {})

    def insist(self, path: str, body: Any) -> bytes:
        headers = self.cast.headers["poster"] | {"Idempotency-Key": f"{self.name}-{len(self.done)}"}
        until = time.monotonic() + 60
        while (said := self.web.post(path, body, headers))[0] == 503:
            self.refusals.append(said)
            assert time.monotonic() < until, "the web process did not recover"
            time.sleep(0.02)
        assert said[0] in (200, 201), said
        self.done.append((path, body, headers, said[2]))
        return said[2]


def kill_everything(server: EmbeddedServer) -> None:
    """The postmaster first, so that it can tell nobody and start nothing; then whatever it had started."""
    found = embedded_process.find(server.cluster)
    assert found is not None
    postmaster = psutil.Process(found.pid)
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        process.kill()
    psutil.wait_procs(family, 30)


def test_writers_get_503_meanwhile_and_everything_acknowledged_is_there_once(
    place: tuple[Web, Cast, Database], server: EmbeddedServer
):
    web, cast, database = place
    stop = threading.Event()
    clients = [Client(f"client-{number}", web, cast, stop) for number in range(CLIENTS)]
    threads = [threading.Thread(target=client.run) for client in clients]
    workers = {child.pid for child in psutil.Process(web.process.pid).children()}
    for thread in threads:
        thread.start()
    for _ in range(DEATHS):
        time.sleep(BETWEEN_S)
        kill_everything(server)
        time.sleep(0.3)
        server.revive()
    time.sleep(BETWEEN_S)
    stop.set()
    for thread in threads:
        thread.join(60)
    assert {child.pid for child in psutil.Process(web.process.pid).children()} == workers
    clients_were_told_what_happened(clients)
    everything_is_there_once(clients, web, database)


def clients_were_told_what_happened(clients: list[Client]) -> None:
    refusals = [said for client in clients for said in client.refusals]
    assert refusals, "no request met the dead server"
    for _, headers, body in refusals:
        problem = json.loads(body)
        assert (headers["Content-Type"], headers["Retry-After"]) == ("application/problem+json", "2")
        assert (problem["code"], problem["status"]) == ("unavailable", 503)
        assert "Idempotency-Key" in problem["advice"]


def everything_is_there_once(clients: list[Client], web: Web, database: Database) -> None:
    done = [each for client in clients for each in client.done]
    drafted = {json.loads(body)["id"] for path, _, _, body in done if path == "/api/needs"}
    database.engine.dispose()
    with database.transaction() as session:
        events = audited(session)
        assert {str(need) for need in session.scalars(select(Need.id))} == drafted
        assert (events["draft_need"], events["submit_need"]) == (len(drafted), len(done) - len(drafted))
        assert answers_kept(session) == len(done)
        states_follow_from_the_history(session)
        clocks_follow_from_the_log(session)
        session.rollback()
    for path, body, headers, first in done:
        status, said, again = web.post(path, body, headers)
        assert (status in (200, 201), said["Idempotency-Replayed"], again) == (True, "true", first)
