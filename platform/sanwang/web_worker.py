"""gunicorn's threaded worker, answering what it refuses before the application sees it as everything else is answered.

A request line or a header over the limits, or bytes that are no HTTP, never reach Flask. Which language the caller reads is
not known then: the sentences come in both.
"""

import json
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.http import errors as refused  # type: ignore[import-untyped]  # gunicorn is not annotated
from gunicorn.util import write_nonblock  # type: ignore[import-untyped]  # see above
from gunicorn.workers.gthread import _DEFER, ThreadWorker  # type: ignore[import-untyped]  # see above

from backbone.errors import Bilingual

MEDIA_TYPE = "application/problem+json"
ADVICE = Bilingual("按 detail 所述改正后重试", "Mend what detail names and try again")
LINE_TOO_LONG = Bilingual("请求行过长", "The request line is too long")
HEADERS_TOO_LARGE = Bilingual("请求头过多或过长", "There are too many headers, or one is too long")
NO_HTTP = Bilingual("不是合法的 HTTP 请求", "This is not a valid HTTP request")

# First match wins: what gunicorn raises, the status, its phrase, our code and title.
REFUSALS: tuple[tuple[type[Exception], int, str, str, Bilingual], ...] = (
    (refused.LimitRequestLine, 414, "URI Too Long", "uri_too_long", LINE_TOO_LONG),
    (refused.LimitRequestHeaders, 431, "Request Header Fields Too Large", "headers_too_large", HEADERS_TOO_LARGE),
    (refused.ExpectationFailed, 417, "Expectation Failed", "expectation_failed", NO_HTTP),
    (refused.UnsupportedTransferCoding, 501, "Not Implemented", "unsupported_transfer_coding", NO_HTTP),
    (refused.ParseException, 400, "Bad Request", "malformed", NO_HTTP),
)  # fmt: skip

OURS = (refused.InvalidResponseHeader, refused.InvalidResponseHeaderName, refused.ConfigurationProblem)
"""Faults of the application, though gunicorn files them under what cannot be parsed."""


HEAD_WITHIN_S = 10.0
"""How long a client may take over request line and headers before its connection is closed."""
LOOK_AGAIN_S = 0.02
LARGEST_HEAD = 32 * 1024  # bytes; more is for the parser to refuse


class ProblemWorker(ThreadWorker):  # type: ignore[misc]  # see above
    """Refuses in problem+json; faults of ours are left to gunicorn, which logs them.

    A thread is given to a request whose head has come as a whole: a few clients that never finish theirs would otherwise
    hold all threads, and nobody else would be answered.
    """

    def handle(self, conn: Any) -> Any:
        """Serve the connection's next request, or put it back until there is one; False closes it."""
        if (conn.initialized and conn.parser.unreader.buf.getvalue()) or has_whole_head(conn.sock):
            conn.head_until, conn.data_ready = None, True
            return super().handle(conn)
        now = time.monotonic()
        conn.head_until = getattr(conn, "head_until", None) or now + HEAD_WITHIN_S
        if now > conn.head_until:
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RDWR)  # or gunicorn waits two seconds for its goodbye
            return False
        time.sleep(
            LOOK_AGAIN_S
        )  # half a head keeps the socket readable: without a pause the poller would spin
        return _DEFER

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer a request that could not be read, and close its connection."""
        answer = refusal(exc)
        if answer is None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("a request from %s could not be read: %s", (addr or ("",))[0], exc)
        try:
            write_nonblock(client, answer)
        except OSError:
            self.log.debug("the refusal could not be sent")


def has_whole_head(sock: socket.socket) -> bool:
    """Whether the next request's head can be read without waiting; so it is when the client has gone."""
    sock.setblocking(False)
    try:
        come = sock.recv(LARGEST_HEAD, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True  # broken: reading will say so
    return not come or b"\r\n\r\n" in come or len(come) >= LARGEST_HEAD


def refusal(exc: Exception) -> bytes | None:
    """The whole answer to bytes that gunicorn could not read; None when it is no such refusal."""
    found = next((row for row in REFUSALS if isinstance(exc, row[0])), None)
    if found is None or isinstance(exc, OURS):
        return None
    _, status, phrase, code, title = found
    body = {
        "type": f"/problems/{code}",
        "title": f"{title.zh} / {title}",
        "status": status,
        "detail": f"{title.zh}：{exc} / {title}: {exc}",
        "instance": "(unread)",
        "code": code,
        "advice": f"{ADVICE.zh} / {ADVICE}",
    }
    said = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(said)}\r\n\r\n"
    )
    return head.encode() + said


__all__ = ["ProblemWorker", "refusal"]
