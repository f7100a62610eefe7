"""A real SMTP server and a real webhook receiver, each a process of its own that can be told how to end.

with receiver("smtp", manner="dies") as server:
    server.port, server.received()

`manner`: takes (answers as it should), dies (SIGKILL after the message arrived and before the answer), busy (a temporary
refusal), refuses (a permanent one), stalls (never answers).
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

STALL_S = 60
ROOT = Path(__file__).parents[2]


@dataclass
class Receiver:
    """A running receiver: where it listens, and what has arrived, each entry as it came."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def received(self) -> list[dict[str, Any]]:
        """Every message that arrived, answered or not."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@contextmanager
def receiver(kind: str, log: Path, manner: str = "takes", port: int = 0) -> Iterator[Receiver]:
    """A receiver of this kind ("smtp" or "hook") that writes what arrives to `log`."""
    log.touch()
    process = subprocess.Popen(  # our own module
        [sys.executable, "-m", "tests.factories.receivers", kind, manner, str(log), str(port)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield Receiver(process, int(process.stdout.readline()), log)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def note(log: str, arrived: dict[str, Any]) -> None:
    """Write one arrival, on the disk before anything is answered."""
    with Path(log).open("a", encoding="utf-8") as file:
        file.write(json.dumps(arrived) + "\n")
        file.flush()
        os.fsync(file.fileno())


def end(manner: str) -> None:
    """What a receiver that does not simply answer does instead."""
    if manner == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if manner == "stalls":
        time.sleep(STALL_S)


def serve_hooks(manner: str, log: str, port: int) -> None:
    """Take webhooks until killed."""
    status = {"busy": 503, "refuses": 410, "elsewhere": 302}.get(manner, 204)

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            note(
                log, {"headers": {name.lower(): value for name, value in self.headers.items()}, "body": body}
            )
            end(manner)
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", port), Hook)
    print(server.server_port, flush=True)
    server.serve_forever()


def serve_mail(manner: str, log: str, port: int) -> None:
    """Take mail until killed."""
    import asyncio

    from aiosmtpd.smtp import SMTP

    class Handler:
        async def handle_RCPT(
            self, server: Any, session: Any, envelope: Any, address: str, options: Any
        ) -> str:
            if manner == "refuses":
                return "550 no such mailbox here"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            note(log, {"to": envelope.rcpt_tos, "content": envelope.content.decode()})
            end(manner)
            return "451 later" if manner == "busy" else "250 OK"

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Handler(), loop=loop), "127.0.0.1", port)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    kind, manner, log, port = sys.argv[1:]
    {"smtp": serve_mail, "hook": serve_hooks}[kind](manner, log, int(port))
