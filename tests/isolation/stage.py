"""Where the matrix plays: one call as somebody, taken back afterwards, and what it left behind meanwhile."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event, text
from werkzeug.test import TestResponse

from sanwang.models import METADATA
from tests.isolation.cases import Case, Sent
from tests.isolation.planted import SECRETS
from tests.isolation.world import World

TABLES = frozenset([*METADATA.tables, "procrastinate_jobs"])
WRITTEN = text(
    """
    select relname, rows from (
        select relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
            + pg_stat_get_xact_tuples_deleted(oid) as rows
        from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
    ) as counted where rows > 0
    """
)
"""Rows that this connection has written so far, by table; what was taken back counts as well."""


def hashes_of(connection: Connection, tables: Collection[str] = TABLES) -> list[Any]:
    """Of each of the tables, by name, the number of its rows and a hash of all they hold.

    Ordered, because PostgreSQL may append the tables in parallel: which comes first is then chance.
    """
    hashed = " union all ".join(
        f"select '{name}', count(*), sum(hashtextextended(t::text, 0)) from {name} t"
        for name in sorted(tables)
    )
    return [tuple(row) for row in connection.execute(text(f"{hashed} order by 1"))] if tables else []


@dataclass(frozen=True)
class Operation:
    """An operation as the API document tells it."""

    method: str
    path: str
    success: int

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def url(self, parameters: Mapping[str, Any]) -> str:
        """The path with its parameters filled."""
        return self.path.format(**parameters)


def operations_of(document: dict[str, Any]) -> dict[str, Operation]:
    """Every operation of the document by its operationId."""
    found = {}
    for path, item in document["paths"].items():
        for method, about in item.items():
            if "operationId" in about:
                success = next(int(status) for status in about["responses"] if status.startswith("2"))
                found[about["operationId"]] = Operation(method.upper(), path, success)
    return found


@dataclass
class Stage:
    """The world on one connection, whose writes are taken back call by call."""

    client: Any
    connection: Connection
    world: World
    operations: dict[str, Operation]
    seen: dict[str, int] = field(default_factory=dict)
    """Rows written by table when `touched` was last asked."""

    def __post_init__(self) -> None:
        """Count from here: PostgreSQL may still hold counts of the connection's former transactions."""
        self.touched()
        self.savepoint = self.connection.begin_nested()

    def headers_of(self, caller: str, rightful: str) -> dict[str, str]:
        """What a caller sends: a person's name, a kind of stranger, or `read-only` and `narrowed` tokens of `rightful`."""
        if caller == "no token":
            return {}
        if caller == "forged token":
            return _bearer("sw_" + "A" * 43)
        if caller == "truncated token":
            return _bearer(self.world.token(rightful)[:-1])
        kind = caller.partition(" ")[0]
        if caller.endswith(" token"):
            return _bearer(self.world.token(rightful, kind))
        return _bearer(self.world.token(caller))

    def send(
        self, case: Case, caller: str, path: Mapping[str, Any] | None = None, **query: Any
    ) -> TestResponse:
        """One call; `path` replaces the ids that the row names."""
        operation, sent = self.operations[case.operation], case.sent(self.world)
        return self.open(operation, sent, self.headers_of(caller, rightful_of(case)), path, **query)

    def open(
        self, operation: Operation, sent: Sent, headers: dict[str, str], path: Mapping[str, Any] | None = None, **query: Any
    ) -> TestResponse:  # fmt: skip
        """The call as the client makes it."""
        body = None if sent.body is None else json.loads(json.dumps(sent.body, default=str))
        more: dict[str, Any] = {"data": sent.content} if sent.content is not None else {"json": body}
        if not operation.writes:
            more = {}
        return self.client.open(
            operation.url(path or sent.path), method=operation.method, headers=headers | dict(sent.headers),
            query_string=dict(sent.query) | query, **more,
        )  # fmt: skip

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """What is written within is gone afterwards."""
        savepoint = self.connection.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()

    def take_back(self) -> None:
        """Undo what was written since the last time: for whoever asks `touched` first and mostly has nothing to undo."""
        self.savepoint.rollback()
        self.savepoint = self.connection.begin_nested()

    def touched(self) -> list[str]:
        """The tables written to since it was last asked: the counts grow with every write, also one taken back."""
        before = self.seen
        self.seen = {name: rows for name, rows in self.connection.execute(WRITTEN)}
        return [name for name, rows in self.seen.items() if rows != before.get(name)]

    def fingerprint(self, tables: Collection[str]) -> list[Any]:
        """See `hashes_of`."""
        return hashes_of(self.connection, tables)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The texts of the SQL statements that run within, savepoints left out."""
        ran: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if "SAVEPOINT" not in statement:
                ran.append(statement)

        event.listen(self.connection, "before_cursor_execute", note)
        try:
            yield ran
        finally:
            event.remove(self.connection, "before_cursor_execute", note)


def rightful_of(case: Case) -> str:
    """Somebody who may: where the account alone decides, the one whose account it is."""
    return "poster" if "poster" in case.may else min(case.may)


def said(answer: TestResponse) -> str:
    """The whole answer as people read it: headers, and the body with its escapes undone."""
    body = (
        answer.get_data(as_text=True)
        if answer.mimetype != "application/pdf"
        else answer.get_data().decode(errors="replace")
    )
    if answer.is_json or answer.mimetype == "application/problem+json":
        body = json.dumps(json.loads(body), ensure_ascii=False) if body else ""
    return f"{answer.headers}\n{body}"


def shown(answer: TestResponse) -> set[str]:
    """Which of the planted secrets the answer holds."""
    whole = said(answer)
    return {secret for secret in SECRETS if secret in whole}


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
