"""Processes that die, and the database that has to bear it."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from backbone import db
from backbone.clock import FrozenClock
from backbone.db import Database
from backbone.settings import Settings
from tests.crash.served import Web
from tests.crash.victims import Order

ROOT = Path(__file__).resolve().parents[2]


class Victim:
    """A process that does as ordered until it dies."""

    def __init__(self, address: str, order: Order) -> None:
        caller = socket.socket(socket.AF_UNIX)
        caller.connect(address)
        self._connection = Connection(caller.detach())
        self._connection.send(order)

    def ask(self, question: Any) -> Any:
        """Its answer; None when it died before giving one."""
        self.tell(question)
        return self.hear()

    def tell(self, something: Any) -> None:
        """Say it, whether it is still alive or not."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self._connection.send(something)

    def hear(self) -> Any:
        """What it says next; None when it died before."""
        try:
            return self._connection.recv()
        except (EOFError, ConnectionResetError):
            return None

    def dismiss(self) -> None:
        """Let it end."""
        self._connection.close()


Raise = Callable[..., Victim]


@pytest.fixture(scope="session")
def mother(database: Database, settings: Settings) -> Iterator[str]:
    """The address of the process that all victims are forked from."""
    folder = tempfile.mkdtemp(prefix="crash-")
    address = f"{folder}/door"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.forkserver", address, database.url, str(settings.var_dir), settings.digest_key, settings.personal_data_key],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "TOKENIZERS_PARALLELISM": "false"},
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    yield address
    process.communicate()
    Path(address).unlink()
    Path(folder).rmdir()


@pytest.fixture
def victim(mother: str, committed_database: Database) -> Iterator[Raise]:
    """`victim("requests", moment)`: a process over this test's database that dies at that moment."""
    raised: list[Victim] = []

    def start(part: str, moment: int = 0) -> Victim:
        raised.append(Victim(mother, Order(part, committed_database.url, moment)))
        return raised[-1]

    yield start
    for each in raised:
        each.dismiss()


@pytest.fixture
def client(application: Any, committed_database: Database, clock: FrozenClock) -> Callable[[], Any]:
    """Makes a test client of the assembled application over this test's database: one for each thread."""
    db.bind(committed_database)  # building the application has bound another
    application.extensions["clock"] = clock
    return application.test_client


@pytest.fixture
def web(committed_database: Database, settings: Settings) -> Iterator[Web]:
    """gunicorn with one worker over this test's database."""
    served = Web(settings, committed_database.url)
    yield served
    served.stop()
