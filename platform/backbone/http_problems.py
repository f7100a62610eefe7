"""Errors as RFC 9457 problem+json, in the caller's language; the one table from error class to status."""

import json
from typing import Any

import marshmallow as ma
from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from backbone import errors
from backbone.errors import Bilingual, DomainError, say
from backbone.fields import Schema, Several, Text, Whole

MEDIA_TYPE = "application/problem+json"

# First match wins, so a subclass stands before its base.
STATUS_OF: tuple[tuple[type[DomainError], int], ...] = (
    (errors.Malformed, 400),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.WrongMethod, 405),
    (errors.Conflict, 409),
    (errors.StaleVersion, 412),
    (errors.TooLarge, 413),
    (errors.UnsupportedMedia, 415),
    (errors.Invalid, 422),
    (errors.VersionRequired, 428),
    (errors.TooManyRequests, 429),
    (errors.HeadersTooLarge, 431),
    (errors.Unavailable, 503),
)

PLAIN_HTTP: dict[int, tuple[type[DomainError], dict[str, Any]]] = {
    404: (errors.NotFound, {}),
    413: (errors.TooLarge, {}),
    415: (
        errors.Malformed,
        {"what": Bilingual("请求体应为 application/json", "The body must be application/json")},
    ),
}


class FieldProblem(Schema):
    """What is wrong with one field."""

    field = Text(required=True)
    problem = Text(required=True)


class Problem(Schema):
    """The body of every error answer (RFC 9457); further members say what the sentence speaks of."""

    type = Text(
        required=True,
        metadata={
            "description": "稳定的 URI 引用，/problems/<code> / stable URI reference, /problems/<code>"
        },
    )
    title = Text(required=True)
    status = Whole(400, 599, required=True)
    detail = Text(required=True)
    instance = Text(required=True)
    code = Text(required=True, metadata={"description": "稳定的错误代码 / stable code of the error"})
    advice = Text(metadata={"description": "下一步怎么做 / what to do next"})
    errors = Several(ma.fields.Nested(FieldProblem))


def status_of(error: DomainError) -> int:
    """The HTTP status of a domain error; 400 for one that no row of the table names."""
    return next((status for kind, status in STATUS_OF if isinstance(error, kind)), 400)


def title_of(status: int) -> Bilingual:
    """What an answer with this status is about, as the first of its errors has it."""
    return next((kind.title for kind, known in STATUS_OF if known == status), InternalError.title)


def language() -> str:
    """The language code, zh or en, by Accept-Language; Chinese unless English is preferred.

    zh-CN and zh-TW ask for Chinese as en-US asks for English: the region decides nothing here.
    """
    asked = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((tongue for tongue in asked if tongue in ("zh", "en")), "zh")


def problem_response(error: DomainError, status: int | None = None) -> Response:
    """Render the error for the current request."""
    tongue = language()
    status = status or status_of(error)
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": say(error.title, tongue),
        "status": status,
        "detail": say(error.sentence(), tongue),
        "instance": request.path,
        "code": error.code,
    }
    if error.advice:
        body["advice"] = say(error.advice.format(**error.data), tongue)
    body |= {name: _said(value, tongue) for name, value in error.data.items() if name not in body}
    # To be read as it comes. Half a surrogate that the caller sent us has no UTF-8: it becomes an escape, which JSON reads.
    content = json.dumps(body, default=str, ensure_ascii=False).encode("utf-8", "backslashreplace")
    response = Response(content, status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = tongue
    response.headers["Vary"] = "Accept-Language, Authorization"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response.headers["Retry-After"] = str(error.data["retry_after_s"])
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response


def _said(value: Any, tongue: str) -> Any:
    if isinstance(value, dict):
        return {name: _said(inner, tongue) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_said(inner, tongue) for inner in value]
    return say(value, tongue)


class InternalError(DomainError):
    """A fault of ours; the log has the trace under the same instance."""

    code = "internal_error"
    title = Bilingual("平台内部错误", "Internal error")
    detail = Bilingual("请求未完成，没有写入任何内容", "The request was not completed; nothing was written")
    advice = Bilingual(
        "用同一个 Idempotency-Key 重试，仍失败请联系运维", "Retry with the same key; then call operations"
    )


def install(app: Flask) -> None:
    """Make every error of the application leave as a problem."""

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        return problem_response(error)

    @app.errorhandler(StaleDataError)
    def lost_race(error: StaleDataError) -> Response:
        return problem_response(errors.StaleVersion())

    @app.errorhandler(DBAPIError)
    def refused_by_the_database(error: DBAPIError) -> Response:
        """A connection that broke is met in many ways, by no means all of them operational errors."""
        lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
        return database_away(error) if lost else fault(error)

    @app.errorhandler(PoolExhausted)
    def database_away(error: Exception) -> Response:
        app.logger.exception("the database did not answer", exc_info=error)
        return problem_response(errors.Unavailable())

    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> Response:
        if isinstance(error, MethodNotAllowed):
            response = problem_response(errors.WrongMethod(method=request.method))
            response.headers["Allow"] = ", ".join(error.valid_methods or ())
            return response
        status = error.code or 500
        kind, data = PLAIN_HTTP.get(status, (errors.Malformed, {"what": Bilingual("请求有误", error.name)}))
        if kind is errors.TooLarge:
            data = {"limit": request.max_content_length}
        return problem_response(kind(**data), status)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        app.logger.exception("fault in %s %s", request.method, request.path, exc_info=error)
        return problem_response(InternalError(), 500)
