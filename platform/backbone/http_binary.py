"""Plain bytes instead of JSON, both ways: a file sent as the body of a request, a file as the answer.

What comes in is `application/octet-stream`: the platform finds out by itself what it holds, and a form or JSON sent
by mistake is told so. What goes out is always a download: nothing that a user stored is shown inside our own pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, request
from werkzeug.http import dump_options_header

from backbone import errors

OCTET_STREAM = "application/octet-stream"
# RFC 5987: what may stand unescaped in filename*.
UNESCAPED = "!#$&+-.^_`|~"


@dataclass(frozen=True)
class Download:
    """A file as an answer, stored or made of what JSON would have said.

    `etag` is a hash of the bytes; `read` is called only when the caller does not hold them already. `vary` names the
    request headers that decide what is answered.
    """

    name: str
    media_type: str
    etag: str
    read: Callable[[], bytes]
    vary: str = "Authorization"


def read_bytes(raw: bytes, most: int) -> bytes:
    """The body, of at most `most` bytes; raises UnsupportedMedia on a form or JSON, TooLarge."""
    if request.mimetype != OCTET_STREAM:
        raise errors.UnsupportedMedia(expected=OCTET_STREAM)
    if len(raw) > most:
        raise errors.TooLarge(limit=most)
    return raw


def render_download(download: Download, status: int) -> Response:
    """The bytes as an attachment of its name, or 304 when If-None-Match names them."""
    response = Response(status=status, mimetype=download.media_type)
    response.set_etag(download.etag)
    response.headers["Vary"] = download.vary
    response.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(download.etag):
        response.status_code = 304
        return response
    response.headers["Content-Disposition"] = disposition(download.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_data(download.read())
    return response


def disposition(name: str) -> str:
    """Content-Disposition for a file of this name; with characters beyond ASCII by RFC 5987, beside a plain fallback."""
    if name.isascii():
        return dump_options_header("attachment", {"filename": name})
    ending = name.rpartition(".")[2]
    fallback = f"file.{ending}" if ending.isascii() and ending.isalnum() else "file"
    return f"attachment; filename={fallback}; filename*=UTF-8''{quote(name, safe=UNESCAPED)}"
