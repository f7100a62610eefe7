"""Fixtures of the whole suite: real PostgreSQL, everything rolled back, a clock that stands still.

Use `session` (and `client`) unless the test needs real commits, threads, processes or kills: then
`committed_database`. Services get `session` and `clock.now()`. All of them log in as the application; what only the
owner of the tables may do is done through `owner`.
"""

import gc
import ipaddress
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # a record and its people refer to tables that their own packages do not import
from backbone import audit, db, encryption
from backbone.clock import FrozenClock
from backbone.db import Database
from backbone.encryption import Keyring
from backbone.settings import Settings
from tests.answers import CheckedClient, Declared
from tests.databases import TestDatabases
from tests.made_once import Scenes, begins_made

DIGEST_KEY = "a key for tests alone"
PERSONAL_DATA_KEY = "a key for sealing in tests"
audit.configure_digests(DIGEST_KEY)
encryption.configure(Keyring.parse(PERSONAL_DATA_KEY))
TUESDAY_MORNING = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)  # 09:30 in Wuhan on an ordinary working day


def refuse_foreign_sockets(event: str, arguments: tuple[Any, ...]) -> None:
    """No test leaves the machine: an audit hook, because libraries reach sockets in many ways."""
    if event not in {"socket.connect", "socket.sendto"} or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost"
    if not is_local:
        raise RuntimeError(f"a test reached for {host}: only loopback is allowed")


sys.addaudithook(refuse_foreign_sockets)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected and imported stays to the end: Python is not to look through it for garbage again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(
            50_000, 10, 10
        )  # a test makes many objects, and few that stay: twentieths of its time
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who needs real commits is about PostgreSQL's own behaviour: that must be the same on every PostgreSQL."""
    for item in items:
        if "committed_database" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")


class Unbound:
    """What is bound between tests: opening a transaction without asking for a database is a mistake."""

    def transaction(self) -> Any:
        raise RuntimeError(
            "this test uses transaction() but asks for neither `session` nor `committed_database`"
        )


class RolledBack:
    """Boundaries under test: each transaction is a savepoint of the one connection that the test rolls back.

    The test's own session writes out what it holds before, and reads everything anew after.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.session = self._open()

    def _open(self) -> Session:
        return Session(self._connection, join_transaction_mode="create_savepoint", expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        self.session.flush()
        try:
            with self._open() as session, session.begin():
                yield session
        finally:
            self.session.expire_all()


hypothesis.settings.register_profile("ordinary", max_examples=60, deadline=None)  # no test asserts a time
hypothesis.settings.load_profile("ordinary")  # a property that needs more says so itself


@pytest.fixture(scope="session")
def databases() -> Iterator[TestDatabases]:
    made = TestDatabases()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def database(databases: TestDatabases) -> Iterator[Database]:
    """This worker's clone of the migrated template. Nothing may be committed to it."""
    made = Database(databases.clone())
    yield made
    made.close()


@contextmanager
def rolling_back(database: Database) -> Iterator[RolledBack]:
    """Everything written within, on one connection to this database, is gone afterwards."""
    with database.engine.connect() as connection:
        outer = connection.begin()
        transactions = RolledBack(connection)
        db.bind(transactions)
        yield transactions
        db.bind(Unbound())
        transactions.session.close()
        outer.rollback()


@contextmanager
def standing_database(databases: TestDatabases) -> Iterator[Database]:
    """For a module whose tests all find the same large thing: it is committed once, and each test is rolled back.

    The module's own `rolled_back` then rolls back on this database instead of the worker's.
    """
    database = Database(url := databases.clone())
    yield database
    database.close()
    databases.drop(url)


@pytest.fixture(scope="session")
def scenes(databases: TestDatabases) -> Iterator[Scenes]:
    made = Scenes(databases)
    yield made
    made.close()


@pytest.fixture
def rolled_back(request: pytest.FixtureRequest, database: Database, scenes: Scenes) -> Iterator[RolledBack]:
    """On this worker's database, or on that of what the test begins with (`tests.made_once`)."""
    begun = scenes.of(request).database if begins_made(request) else database
    with rolling_back(begun) as transactions:
        yield transactions


@pytest.fixture
def session(rolled_back: RolledBack) -> Session:
    """A session whose writes, and those of every `transaction()` in the test, are rolled back at its end."""
    return rolled_back.session


@pytest.fixture
def committed_database(databases: TestDatabases) -> Iterator[Database]:
    """A fresh database of its own, bound, for real commits, threads and kills; dropped afterwards."""
    url = databases.clone()
    database = Database(url)
    db.bind(database)
    yield database
    db.bind(Unbound())
    database.close()
    databases.drop(url)


@pytest.fixture
def owner(databases: TestDatabases, committed_database: Database) -> Iterator[Database]:
    """`committed_database` as its owner, for what migrations may do and the application may not."""
    made = Database(databases.owner_url(committed_database.url))
    yield made
    made.close()


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for an embedded server: root runs it as another account, which pytest's own folders keep out."""
    place = Path(tempfile.mkdtemp(prefix="sanwang-test-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def clock() -> FrozenClock:
    """Stands at 09:30 of an ordinary working day; `clock.advance(days=1)`, `clock.instant = ...`."""
    return FrozenClock(TUESDAY_MORNING)


@pytest.fixture(scope="session")
def settings(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The platform's settings under test: no `.env`, no environment, a scratch var_dir."""
    return Settings(
        database_url=database.url,
        var_dir=tmp_path_factory.mktemp("var"),
        digest_key=DIGEST_KEY,
        personal_data_key=PERSONAL_DATA_KEY,
    )


@pytest.fixture(scope="session")
def application(settings: Settings, database: Database) -> Any:
    """The assembled application, built once; take `app` instead, which has this test's clock and database."""
    from sanwang.app import create_app

    app = create_app(settings, transactions=database)
    app.testing = True
    app.test_client_class = CheckedClient
    app.extensions["declared_answers"] = Declared(app)
    return app


@pytest.fixture
def app(application: Any, rolled_back: RolledBack, clock: FrozenClock) -> Any:
    db.bind(rolled_back)
    application.extensions["clock"] = clock
    return application


@pytest.fixture
def client(app: Any) -> Any:
    """A test client: `client.post("/api/needs", json={...}, headers={"Authorization": f"Bearer {token}"})`."""
    return app.test_client()


@pytest.fixture
def run_jobs(session: Session) -> Callable[[], list[str]]:
    """Run the jobs deferred in this rolled-back test, those they defer too; returns the tasks' names in order."""
    from backbone.jobs import jobs

    take = text(
        "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT min(id) FROM procrastinate_jobs"
        " WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) RETURNING id, task_name, args"
    )
    done = text("DELETE FROM procrastinate_jobs WHERE id = :id")

    def run() -> list[str]:
        ran = []
        while row := session.execute(take).first():
            jobs.tasks[row.task_name](**row.args)
            session.execute(done, {"id": row.id})
            ran.append(row.task_name)
        return ran

    return run
