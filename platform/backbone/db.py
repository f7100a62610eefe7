"""The database: one engine, one declarative base, one way to open a transaction.

`with transaction() as session:` stands at the boundaries (route, job, command) and nowhere else; services
flush. `bind` is called once per process, by the application, the worker, a command or a test.
"""

import select
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import BigInteger, DateTime, Integer, MetaData, create_engine
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.event import listen
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column, sessionmaker
from sqlalchemy.types import String, Text

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All rows: instants are `timestamptz`, whole numbers bigint, structures JSONB, lists of words text[]."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        int: BigInteger,
        str: Text,
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
        list[str]: ARRAY(String),
        list[int]: ARRAY(Integer),
    }


IN_ONE: Mapping[str, Any] = {"render_nulls": True}
"""For the insertion of many rows: a value that is None is written as one, because rows without it, as SQLAlchemy leaves
them by default, take a statement of their own at each change."""


def new_id() -> UUID:
    """A UUIDv7: sorts by the time it was made, so that indexes grow at their end."""
    return uuid_utils.compat.uuid7()


class Identified:
    """A row with a UUIDv7 key."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Versioned(Identified):
    """A row that people edit: an update carries the version it read, and a lost race raises StaleDataError."""

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class AppendOnly:
    """A row that nobody ever changes or removes, the owner of the table included: a correction is another row.

    This marker is the one place that says which tables are history. Their migration calls `grant_history`, and the
    tests of the architecture compare both with the grants and triggers in the database.
    """


def history_tables() -> frozenset[str]:
    """Names of the tables whose rows are `AppendOnly`, of all models imported so far."""
    kinds = Base.registry.mappers
    return frozenset(kind.local_table.description for kind in kinds if issubclass(kind.class_, AppendOnly))


class Transactions(Protocol):
    """Whatever can open a transaction: the database, or a test that rolls everything back."""

    def transaction(self) -> AbstractContextManager[Session]:
        """A session whose block commits at its end and rolls back on an exception."""


class Database:
    """An engine and its sessions."""

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self.url = url
        # Parameters stay out of errors and logs: they are people's names, telephones and password hashes.
        self.engine = create_engine(
            driver_url(url), pool_size=pool_size, max_overflow=5, hide_parameters=True
        )
        listen(self.engine, "checkout", refuse_dead)
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose block commits at its end and rolls back on an exception."""
        with self.sessions.begin() as session:
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def refuse_dead(connection: Any, record: Any, proxy: Any) -> None:
    """Keep a connection that the server has closed out of use: the pool then opens another.

    The socket of an idle connection has nothing to read unless the server said goodbye, so this asks the kernel
    instead of the server: a ping would cost every request a round trip.
    """
    poll = select.poll()  # select() itself fails above 1,024 open files, and a process may have more
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        raise DisconnectionError("the server closed this connection while it was idle")


def driver_url(url: str) -> str:
    """The SQLAlchemy form of a plain postgresql:// URL (psycopg 3)."""
    scheme, separator, rest = url.partition("://")
    plain = scheme in {"postgresql", "postgres"}
    return f"postgresql+psycopg{separator}{rest}" if plain else url


_bound: list[Transactions] = []


def bind(transactions: Transactions) -> None:
    """Make this the process's database."""
    _bound[:] = [transactions]


def transaction() -> AbstractContextManager[Session]:
    """Open a transaction on the bound database; raises RuntimeError when none is bound."""
    if not _bound:
        raise RuntimeError("no database is bound: call backbone.db.bind first")
    return _bound[0].transaction()
