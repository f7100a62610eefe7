"""The web process of `sanwang serve` on loopback: gunicorn over a given database, and a client of few words."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from backbone.settings import Settings
from sanwang.serve import as_environment, is_healthy, listen

ROOT = Path(__file__).resolve().parents[2]
Said = tuple[int, dict[str, str], bytes]


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "it did not happen within a minute"
        time.sleep(0.05)


class Web:
    """One gunicorn with one worker, as the supervisor starts it."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._listening = listen("127.0.0.1", 0)
        self.address: tuple[str, int] = self._listening.getsockname()
        environment = as_environment(replace(settings, database_url=url, web_workers=1))
        number = self._listening.fileno()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sanwang.processes", "web", str(number)], pass_fds=(number,),
            env=os.environ | environment | {"PYTHONPATH": str(ROOT / "platform")}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        eventually(lambda: is_healthy(f"http://127.0.0.1:{self.address[1]}"))

    def post(self, path: str, body: Any, headers: dict[str, str]) -> Said:
        """Status, headers and body of the answer."""
        connection = HTTPConnection(*self.address, timeout=60)
        try:
            connection.request("POST", path, json.dumps(body), headers | {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def raw(self, path: str, body: Any, headers: dict[str, str]) -> bytes:
        """The request as it travels."""
        content = json.dumps(body).encode()
        lines = [
            f"POST {path} HTTP/1.1", "Host: test", "Content-Type: application/json", f"Content-Length: {len(content)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]  # fmt: skip
        return "\r\n".join([*lines, "", ""]).encode() + content

    def stop(self) -> None:
        """End it and what it forked."""
        self.process.terminate()
        self.process.wait(60)
        self._listening.close()
