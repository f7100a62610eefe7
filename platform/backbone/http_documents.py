"""What the API document says of an operation: built from the same table that serves it."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from backbone.errors import Bilingual
from backbone.fields import Schema
from backbone.http_binary import OCTET_STREAM
from backbone.http_conventions import both
from backbone.http_problems import MEDIA_TYPE, Problem, title_of
from backbone.pages import NEXT_CURSOR

DONE: Mapping[int, Bilingual] = {
    200: Bilingual("成功", "done"),
    201: Bilingual("已建立", "made"),
    202: Bilingual("已受理，稍后完成", "taken, and done later"),
    204: Bilingual("成功，无内容", "done, nothing to say"),
    304: Bilingual("自上次读取后未变", "as it was when it was read"),
}
OF_FILES: Mapping[str, Bilingual] = {
    "Content-Disposition": Bilingual("文件名", "name of the file"),
    "ETag": Bilingual("内容的标记，未变则相同", "tag of the content, the same as long as it is"),
}
WRITERS_ALONE = Bilingual("须用可写入的令牌", "Takes a token that may write.")
READERS_TOO = Bilingual("只能读取的令牌也可调用", "A token that may only read may call it too.")
BY_VIEW = Bilingual("返回调用者有权查看的视图", "Answers with the view that the caller may have.")
PROBLEM = Problem.__name__
"""Referred to by name, with the schema among the document's components: every operation refuses in a dozen ways, and from
the class apispec would make it anew for each, a quarter of the time in which a web worker starts."""


class Documented(Protocol):
    """The part of an operation that the document reads."""

    @property
    def method(self) -> str: ...
    @property
    def operation_id(self) -> str: ...
    @property
    def summary(self) -> Bilingual: ...
    @property
    def answers(self) -> tuple[type[Schema], ...]: ...
    @property
    def body(self) -> type[Schema] | None: ...
    @property
    def takes_bytes(self) -> int: ...
    @property
    def gives_bytes(self) -> tuple[str, ...]: ...
    @property
    def query(self) -> type[Schema] | None: ...
    @property
    def status(self) -> int: ...
    @property
    def public(self) -> bool: ...
    @property
    def guarded(self) -> bool: ...
    @property
    def listed(self) -> bool: ...
    @property
    def for_readers(self) -> bool: ...
    @property
    def gate(self) -> object | None: ...


def document(about: Documented) -> dict[str, Any]:
    """The OpenAPI operation object; schemas stay classes, apispec turns them into references."""
    operation: dict[str, Any] = {
        "operationId": about.operation_id,
        "summary": both(about.summary),
        "parameters": _parameters(about),
        "responses": _responses(about),
        "security": [] if about.public else [{"bearer": []}],
    }
    if said := tuple(_rules(about)):
        operation["description"] = "\n\n".join(map(both, said))
    if about.body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": about.body}}}
    if about.takes_bytes:
        # OpenAPI 3.1 gives bytes no schema: the media type says it all.
        most = f"文件内容，至多 {about.takes_bytes} 字节 / the bytes of the file, at most {about.takes_bytes}"
        operation["requestBody"] = {"required": True, "description": most, "content": {OCTET_STREAM: {}}}
    return operation


def _rules(about: Documented) -> Iterator[Bilingual]:
    """What the parameters, the answers and the security do not say by themselves."""
    if about.for_readers:
        yield READERS_TOO
    elif about.method != "GET" and not about.public:
        yield WRITERS_ALONE
    if len(about.answers) > 1:
        yield BY_VIEW


def _parameters(about: Documented) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        _header("Accept-Language", "zh 或 en，决定提示语言 / language of messages")
    ]
    if about.method == "POST" and not about.public:
        parameters.append(
            _header("Idempotency-Key", "同一键重试只生效一次 / a retry with the same key does nothing twice")
        )
    if about.guarded:
        parameters.append(
            _header("If-Match", "读取时得到的 ETag / the ETag of the version read", required=True)
        )
    if about.query:
        parameters.append({"in": "query", "schema": about.query})
    return parameters


def _header(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    kind = {"type": "string"}
    return {"in": "header", "name": name, "required": required, "description": description, "schema": kind}


def _page(entry: Any) -> dict[str, Any]:
    cursor = {"type": ["string", "null"], "description": NEXT_CURSOR}
    properties = {"items": {"type": "array", "items": entry}, "next_cursor": cursor}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _responses(about: Documented) -> dict[str, Any]:
    good: dict[str, Any] = {"description": _said_of(about.status)}
    if about.answers:
        one = about.answers[0] if len(about.answers) == 1 else {"anyOf": list(about.answers)}
        good["content"] = {"application/json": {"schema": _page(one) if about.listed else one}}
    if about.gives_bytes:
        good["content"] = good.get("content", {}) | {media_type: {} for media_type in about.gives_bytes}
        good["headers"] = {
            name: {"description": both(said), "schema": {"type": "string"}} for name, said in OF_FILES.items()
        }
    problem = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}
    statuses = [400, 404, 405, 413, 431, 500, 503]
    statuses += [] if about.public else [401, 403]
    statuses += [409, 412] if about.method != "GET" else [304]
    statuses += [422] if about.body or about.query or about.method == "POST" else []
    statuses += [428] if about.guarded else []
    statuses += [415] if about.takes_bytes else []
    statuses += [401, 429] if about.gate else []
    answers: dict[str, Any] = {str(about.status): good}
    for status in sorted(statuses):
        answers[str(status)] = {"description": _said_of(status)}
        if status >= 400:
            answers[str(status)]["content"] = problem
    return answers


def _said_of(status: int) -> str:
    return both(DONE[status] if status in DONE else title_of(status))
