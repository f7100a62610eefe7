"""The world, once per worker in a database of its own, and the stage on which each test plays with it."""

from collections.abc import Iterator
from typing import Any

import pytest

from backbone import db
from backbone.clock import FrozenClock
from backbone.db import Database
from tests.conftest import RolledBack, Unbound
from tests.databases import TestDatabases
from tests.isolation.building import build
from tests.isolation.stage import Operation, Stage, operations_of
from tests.isolation.world import World


@pytest.fixture(scope="session")
def world_database(databases: TestDatabases) -> Iterator[tuple[Database, World]]:
    made = Database(databases.clone())
    with made.transaction() as session:
        world = build(session)
        session.flush()
        session.expunge_all()
    yield made, world
    made.close()


@pytest.fixture
def stage(
    world_database: tuple[Database, World],
    application: Any,
    clock: FrozenClock,
    operations: dict[str, Operation],
) -> Iterator[Stage]:
    database, world = world_database
    with database.engine.connect() as connection:
        outer = connection.begin()
        transactions = RolledBack(connection)
        db.bind(transactions)
        world.session = transactions.session
        application.extensions["clock"] = clock
        yield Stage(application.test_client(), connection, world, operations)
        db.bind(Unbound())
        transactions.session.close()
        outer.rollback()


@pytest.fixture(scope="session")
def document(application: Any) -> dict[str, Any]:
    """The API as it describes itself."""
    answer: dict[str, Any] = application.test_client().get("/api/openapi.json").json
    return answer


@pytest.fixture(scope="session")
def operations(document: dict[str, Any]) -> dict[str, Operation]:
    """Every operation of the document by its operationId."""
    return operations_of(document)
