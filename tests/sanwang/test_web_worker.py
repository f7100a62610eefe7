"""What never reaches the application is refused like everything else: problem+json, in both languages."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gunicorn.http import errors as refused

from backbone.db import Database
from sanwang.web_worker import refusal
from tests.conftest import PERSONAL_DATA_KEY
from tests.sanwang.test_serve import Served

pytestmark = pytest.mark.slow  # whole servers, flooded


def split(answer: bytes) -> tuple[int, dict[str, str], dict[str, object]]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert int(headers["Content-Length"]) == len(body)
    return int(first.split()[1]), headers, json.loads(body)


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (refused.LimitRequestLine(9000, 8190), 414, "uri_too_long"),
        (refused.LimitRequestHeaders("limit request headers fields"), 431, "headers_too_large"),
        (refused.InvalidRequestLine("GET"), 400, "malformed"),
        (refused.InvalidHeader("x y"), 400, "malformed"),
        (refused.InvalidHTTPVersion("HTTP/9"), 400, "malformed"),
    ],
)
def test_what_cannot_be_read_is_a_problem_in_both_languages(raised: Exception, status: int, code: str):
    answer = refusal(raised)
    assert answer is not None
    found, headers, body = split(answer)
    assert (found, body["status"], body["code"]) == (status, status, code)
    assert headers["Content-Type"] == "application/problem+json"
    for name in ("title", "detail", "advice"):
        zh, _, en = str(body[name]).partition(" / ")
        assert any("\u4e00" <= sign <= "\u9fff" for sign in zh)
        assert en


@pytest.mark.parametrize("fault", [RuntimeError("ours"), refused.InvalidResponseHeader("x"), OSError("gone")])
def test_a_fault_of_ours_is_left_to_gunicorn(fault: Exception):
    assert refusal(fault) is None


@pytest.fixture
def served(tmp_path: Path, committed_database: Database) -> Iterator[int]:
    """The port of a platform on the tests' database."""
    started = Served(tmp_path, DATABASE_URL=committed_database.url, PERSONAL_DATA_KEY=PERSONAL_DATA_KEY)
    yield int(started.url().rpartition(":")[2].rstrip("/"))
    started.end()


def test_floods_and_nonsense_on_the_wire_are_answered_so(served: int):
    sent = {
        b"GET /api/" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n": 414,
        b"GET /api/health HTTP/1.1\r\n" + b"X-A: b\r\n" * 500 + b"\r\n": 431,
        b"GET /api/health HTTP/1.1\r\nX-A: " + b"b" * 1_000_000 + b"\r\n\r\n": 431,
        b"GET /api/health HTTP/1.1\r\nno colon here\r\n\r\n": 400,
    }
    for request, expected in sent.items():
        with socket.create_connection(("127.0.0.1", served), timeout=60) as wire:
            try:
                wire.sendall(request)
            except ConnectionError:
                continue  # it was refused before all of it had come
            answer = b""
            try:
                while part := wire.recv(65536):
                    answer += part
            except ConnectionError:
                assert answer, "refused without a word"
        status, headers, _ = split(answer)
        assert (status, headers["Content-Type"]) == (expected, "application/problem+json")


def is_closed(wire: socket.socket) -> bool:
    try:
        return wire.recv(1) == b""
    except ConnectionResetError:
        return True


def test_clients_that_never_finish_their_headers_keep_nobody_from_being_answered(served: int):
    halves = [socket.create_connection(("127.0.0.1", served), timeout=60) for _ in range(60)]
    try:
        for half in halves:
            half.sendall(b"GET /api/health HTTP/1.1\r\nX-Slow: ")
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", served), timeout=60) as wire:
                wire.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                assert wire.recv(65536).startswith(b"HTTP/1.1 200")
        assert all(map(is_closed, halves)), "after a while"
    finally:
        for half in halves:
            half.close()


def test_a_head_that_comes_in_pieces_is_served(served: int):
    with socket.create_connection(("127.0.0.1", served), timeout=60) as wire:
        for piece in (b"GET /api/hea", b"lth HTTP/1.1\r\nHo", b"st: x\r\n", b"\r\n") * 2:
            wire.sendall(piece)
            time.sleep(0.1)
        answers = b""
        while answers.count(b'{"status":"ok"}') < 2:
            part = wire.recv(65536)
            assert part, "the connection is kept for the second request"
            answers += part
