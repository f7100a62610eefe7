"""The boundary: one request, one transaction.

`Routes.operation` turns a function of a few lines into an endpoint that authenticates, reads and checks the
body and query, opens the transaction, honours Idempotency-Key and If-Match, dumps the answer with its ETag and
documents itself. A deadlock or serialisation failure is retried with the same request.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import flask_smorest
from flask import Response, current_app, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backbone import errors, idempotency
from backbone.actor import Actor
from backbone.clock import Clock
from backbone.db import transaction
from backbone.errors import Bilingual
from backbone.fields import Schema, instance_of
from backbone.http_binary import Download, read_bytes, render_download
from backbone.http_documents import document
from backbone.http_gates import Authenticate, Gate, bearer_token
from backbone.http_problems import language
from backbone.http_requests import (
    idempotency_key,
    load,
    query_arguments,
    read_json,
    require_modest_headers,
    require_readable_query,
)
from backbone.pages import Page

ANYONE = Actor(account_id=None, name="anyone")
RETRIED = {"40001", "40P01"}  # serialization_failure, deadlock_detected
TRIES = 3
LARGEST_PUBLIC_BODY = 64 * 1024  # bytes; a login and a password


class Tagged(Protocol):
    """A row that has an ETag."""

    id: Any
    version: Any


@dataclass(frozen=True)
class Call:
    """What a route needs: the open session, who asks, the instant, and what was sent (checked).

    `content` is the body of an operation that takes bytes.
    """

    session: Session
    actor: Actor
    now: datetime
    body: dict[str, Any]
    query: dict[str, Any]
    content: bytes = b""

    def expect(self, row: Tagged) -> None:
        """Demand that If-Match names the row's present version; raises VersionRequired or StaleVersion."""
        if not request.if_match:
            raise errors.VersionRequired()
        if request.if_match.star_tag:
            return
        stem = f"{row.id}.{row.version}."
        if not any(tag.startswith(stem) for tag in request.if_match.as_set()):
            raise errors.StaleVersion()


@dataclass(frozen=True)
class Answer:
    """An answer that says more than its body: another schema than the usual one, a view, a place, a status.

    A `Download` as the body leaves as the bytes it holds. `row` is what the ETag speaks of when it is not the body itself.
    """

    body: Any
    schema: type[Schema] | None = None
    view: str = "full"
    row: Any = None
    location: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """Everything the boundary and the API document know of one endpoint."""

    method: str
    path: str
    operation_id: str
    summary: Bilingual
    answer: type[Schema] | None
    answers: tuple[type[Schema], ...]
    body: type[Schema] | None
    query: type[Schema] | None
    status: int
    public: bool
    guarded: bool
    listed: bool
    for_readers: bool
    takes_bytes: int = 0
    gives_bytes: tuple[str, ...] = ()
    gate: Gate | None = None

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"


View = TypeVar("View", bound=Callable[..., Any])


class Routes(flask_smorest.Blueprint):  # type: ignore[misc]  # smorest ships no types
    """A feature's endpoints."""

    def operation(
        self,
        method: str,
        path: str,
        operation_id: str,
        summary: Bilingual,
        *,
        answer: type[Schema] | None,
        or_answers: tuple[type[Schema], ...] = (),
        body: type[Schema] | None = None,
        query: type[Schema] | None = None,
        status: int = 200,
        public: bool = False,
        guarded: bool = False,
        listed: bool = False,
        for_readers: bool = False,
        takes_bytes: int = 0,
        gives_bytes: tuple[str, ...] = (),
        gate: Gate | None = None,
    ) -> Callable[[View], View]:
        """Register `view(call, **path_parameters)`.

        `or_answers` are further schemas it may answer with (masked views); `public` needs no token; `guarded`
        demands If-Match, which the view checks with `call.expect(row)`; a `listed` one answers a Page;
        a token that may only read may also call what is `for_readers`. `takes_bytes` is the most bytes of a file
        that is the body itself; `gives_bytes` are the media types of the Download it answers with. What a `gate`
        writes stays, also when the operation is refused and rolled back.
        """
        about = Operation(
            method, path, operation_id, summary, answer, (*filter(None, (answer,)), *or_answers), body, query, status,
            public, guarded, listed, for_readers, takes_bytes, gives_bytes,
            gate,
        )  # fmt: skip

        def register(view: View) -> View:
            def endpoint(**parameters: Any) -> Response:
                return _serve(about, view, parameters)

            endpoint.__name__, endpoint.__doc__ = view.__name__, str(summary)
            endpoint.operation = about  # type: ignore[attr-defined]  # read by the tests of the architecture
            documented = self.doc(**document(about))(endpoint)
            self.route(path, methods=[method])(documented)
            return view

        return register


def _serve(about: Operation, view: Callable[..., Any], parameters: dict[str, Any]) -> Response:
    require_modest_headers()
    token = None if about.public else bearer_token()
    if about.public:
        request.max_content_length = LARGEST_PUBLIC_BODY
    require_readable_query()
    raw = request.get_data(cache=True)
    if about.gate is None:
        return _carry_out(about, view, parameters, token, raw)
    with about.gate(load(about.body, read_json(raw)), _clock().now()):
        return _carry_out(about, view, parameters, token, raw)


def _carry_out(
    about: Operation, view: Callable[..., Any], parameters: dict[str, Any], token: str | None, raw: bytes
) -> Response:
    for attempt in range(1, TRIES + 1):
        try:
            with transaction() as session:
                return _perform(session, about, view, parameters, token, raw)
        except DBAPIError as failure:
            if getattr(failure.orig, "sqlstate", None) not in RETRIED:
                raise
            if attempt == TRIES:
                raise errors.Contended(tries=TRIES) from failure
    raise AssertionError("unreachable: the last attempt returns or raises")


def _perform(
    session: Session,
    about: Operation,
    view: Callable[..., Any],
    parameters: dict[str, Any],
    token: str | None,
    raw: bytes,
) -> Response:
    now = _clock().now()
    actor = ANYONE if token is None else _authenticated(session, token, now, hold=about.writes)
    if about.writes and not (actor.may_write or about.for_readers):
        raise errors.Forbidden()
    if about.guarded and not request.if_match:
        raise errors.VersionRequired()
    key = idempotency_key() if about.method == "POST" and actor.account_id else None
    if key and actor.account_id:
        wanted = idempotency.request_hash(about.method, request.full_path, raw)
        authority = idempotency.authority_of(actor)
        if kept := idempotency.claim(session, actor.account_id, key, wanted, now, authority=authority):
            return Response(kept.body, kept.status, {**kept.headers, "Idempotency-Replayed": "true"})
    body = load(about.body, read_json(raw)) if about.body else {}
    query = load(about.query, query_arguments(about.query)) if about.query else {}
    if about.listed:
        query["address"] = request.path  # a cursor of the same filters elsewhere belongs to another query
    content = read_bytes(raw, about.takes_bytes) if about.takes_bytes else b""
    answer = view(Call(session, actor, now, body, query, content), **parameters)
    session.flush()  # before the answer is made: the ETag must name the version that is about to be committed
    response = _render(about, answer if isinstance(answer, Answer) else Answer(answer))
    if key and actor.account_id:
        kept = idempotency.Kept(response.status_code, _lasting(response), response.get_data())
        idempotency.keep(session, actor.account_id, key, kept)
    return response


def _clock() -> Clock:
    clock: Clock = current_app.extensions["clock"]
    return clock


def _authenticated(session: Session, token: str, now: datetime, *, hold: bool) -> Actor:
    authenticate: Authenticate = current_app.extensions["authenticate"]
    return authenticate(session, token, now, hold=hold)


def _render(about: Operation, answer: Answer) -> Response:
    schema = answer.schema or about.answer
    status = answer.status or about.status
    if isinstance(answer.body, Download):
        return render_download(answer.body, status)
    if schema is None:
        return Response(status=status)
    body = answer.body
    if isinstance(body, Page):
        payload: Any = {
            "items": instance_of(schema).dump(body.items, many=True),
            "next_cursor": body.next_cursor,
        }
    else:
        payload = instance_of(schema).dump(body)
    content = json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")
    response = Response(content, status, mimetype="application/json")
    response.headers["Vary"] = "Accept-Language, Authorization"
    for name, value in answer.headers.items():
        response.headers[name] = value
    if answer.location:
        response.headers["Location"] = answer.location
    row = answer.row if answer.row is not None else body
    if hasattr(row, "version") and hasattr(row, "id"):
        tag = etag_of(row, answer.view, content)
        response.set_etag(tag)
        # Not werkzeug's make_conditional: it answers a read with If-Match by 412 and yet the whole body.
        if about.method == "GET" and request.if_none_match.contains_weak(tag):
            response.status_code = 304
    return response


def etag_of(row: Tagged, view: str, content: bytes) -> str:
    """Id, row version, view, language and a digest of the answer.

    If-Match reads id and version alone. The digest is for who asks again: an answer also names other rows, such as an
    institute that was renamed meanwhile.
    """
    shown = hashlib.blake2b(content, digest_size=8).hexdigest()
    return f"{row.id}.{row.version}.{view}.{language()}.{shown}"


def _lasting(response: Response) -> dict[str, str]:
    kept = ("Content-Type", "ETag", "Location", "Vary")
    return {name: response.headers[name] for name in kept if name in response.headers}


def path_of(operation_path: str, **parameters: UUID | str) -> str:
    """The address of a resource, for Location."""
    for name, value in parameters.items():
        operation_path = operation_path.replace(f"<{name}>", str(value)).replace(f"<uuid:{name}>", str(value))
    return f"/api{operation_path}"
