"""Reading a request: the body, the query and the idempotency key, each refused with a sentence when it is wrong."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import request
from marshmallow import ValidationError

from backbone import errors
from backbone.errors import Bilingual
from backbone.fields import UNSTORABLE, Schema, instance_of

LONGEST_KEY = 200
MOST_HEADERS = 100
LONGEST_HEADER = 8190  # bytes, name and value
LONGEST_LINE = 8190  # bytes of method, address and query
"""What gunicorn is told as well (`sanwang.processes`); here it holds under any server, and is answered as a problem."""


def require_modest_headers() -> None:
    """Refuse a flood of headers, or one that no client of ours sends; raises HeadersTooLarge."""
    headers = list(request.headers)
    if len(headers) > MOST_HEADERS:
        what = Bilingual(f"超过 {MOST_HEADERS} 个", f"more than {MOST_HEADERS} of them")
        raise errors.HeadersTooLarge(what=what)
    for name, value in headers:
        if len(name) + len(value) > LONGEST_HEADER:
            shown = name if len(name) < 100 else f"{name[:100]}…"
            what = Bilingual(
                f" {shown} 超过 {LONGEST_HEADER} 字节", f"{shown} is over {LONGEST_HEADER} bytes"
            )
            raise errors.HeadersTooLarge(what=what)


def idempotency_key() -> str | None:
    """The Idempotency-Key of the request, None without one; raises Invalid."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not key.isascii() or not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
        problem = Bilingual(
            f"应为 1 至 {LONGEST_KEY} 个可见 ASCII 字符",
            f"Must be 1 to {LONGEST_KEY} printable ASCII characters",
        )
        raise errors.Invalid.field("Idempotency-Key", problem)
    return key


def read_json(raw: bytes) -> Any:
    """The body as JSON, {} when empty; raises Malformed saying where it breaks."""
    if not raw:
        return {}
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_each_name_once)
    except _NameTwice as error:
        what = Bilingual(f"字段 {error} 出现两次", f"the field {error} comes twice")
    except UnicodeDecodeError as error:
        what = Bilingual(f"第 {error.start} 字节不是 UTF-8", f"byte {error.start} is not UTF-8")
    except json.JSONDecodeError as error:
        what = Bilingual(
            f"JSON 第 {error.lineno} 行第 {error.colno} 列有语法错误",
            f"JSON syntax error at line {error.lineno}, column {error.colno}",
        )
    except (ValueError, RecursionError):
        # Numbers of thousands of digits, NaN and Infinity, or nesting deeper than any schema of ours.
        what = Bilingual(
            "JSON 含有无法接受的数字或嵌套过深", "The JSON holds an impossible number or nests too deep"
        )
    raise errors.Malformed(what=what)


class _NameTwice(Exception):
    """Which of the two was meant cannot be told: neither is taken."""


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _NameTwice(ascii(twice[:80]))
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def query_arguments(schema: type[Schema] | None) -> dict[str, Any]:
    """The query string as the schema takes it: every value of its lists, the last of the others."""
    if schema is None:
        return {}
    lists = {
        name
        for name, entry in instance_of(schema).fields.items()
        if hasattr(entry, "most") and hasattr(entry, "inner")
    }
    return {
        name: request.args.getlist(name) if name in lists else values[-1]
        for name, values in request.args.lists()
    }


def preferred_media(offered: Sequence[str]) -> str:
    """Which of these media types the caller would rather have, by Accept; the first where nothing else is asked for."""
    return request.accept_mimetypes.best_match(offered, offered[0]) or offered[0]


def require_readable_query() -> None:
    """Refuse a query string that is not UTF-8, percent escapes included; raises Malformed.

    Werkzeug fails on raw bytes and leaves escapes it cannot decode standing, so that text nobody wrote is stored.
    """
    try:
        unquote_to_bytes(request.query_string).decode("utf-8")
    except UnicodeDecodeError:
        what = Bilingual("查询参数不是 UTF-8", "The query string is not UTF-8")
        raise errors.Malformed(what=what) from None


def load(schema: type[Schema] | None, sent: Any) -> dict[str, Any]:
    """Check what was sent; raises Invalid naming every field that is wrong."""
    if schema is None:
        return {}
    try:
        loaded: dict[str, Any] = instance_of(schema).load(sent)
    except ValidationError as error:
        raise errors.Invalid(flatten(error.messages_dict)) from None
    return loaded


def flatten(messages: Any, path: str = "") -> list[dict[str, Any]]:
    """Marshmallow's nested messages as a list of {field: "indicators.0.target", problem: Bilingual}."""
    if isinstance(messages, Mapping):
        flat: list[dict[str, Any]] = []
        for key, inner in messages.items():
            step = "" if key == "_schema" else str(key)
            flat += flatten(inner, ".".join(part for part in (path, step) if part))
        return flat
    if isinstance(messages, list):
        return [entry for message in messages for entry in flatten(message, path)]
    # Names of unknown fields come from the caller and may hold what no answer can carry.
    field = UNSTORABLE.sub("�", path)[:200] or "(body)"
    return [{"field": field, "problem": messages}]
