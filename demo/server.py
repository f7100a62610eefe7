"""The demo's own platform: a database of the embedded PostgreSQL and `sanwang serve` on it, all gone at the end."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from backbone import migrate
from backbone.embedded import EmbeddedServer
from backbone.settings import Settings
from demo.names import Names
from sanwang.processes import SUPERVISED

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 90.0


@contextmanager
def scratch_database(settings: Settings, name: str) -> Iterator[str]:
    """A migrated database of the embedded server, dropped at the end: its URL for the application."""
    with EmbeddedServer(settings.var_dir / "pg") as server:
        server.drop_database(name)
        server.create_database(name)
        try:
            migrate.upgrade(server.owner_url(name))
            start_numbers(server.owner_url(name), settings.demo_seed)
            yield server.url(name)
        finally:
            server.drop_database(name)


def start_numbers(owner_url: str, seed: int) -> None:
    """Let human numbers start where the seed says; the application itself may only draw them."""
    first = Names(seed).first_number()
    with psycopg.connect(owner_url) as connection:
        for sequence in ("need_number_seq", "achievement_number_seq"):
            connection.execute("SELECT setval(%s, %s)", [sequence, first])


@contextmanager
def platform_at(url: str, clock_file: Path) -> Iterator[str]:
    """`sanwang serve` on this database, on a free port: the base URL. Its log stands beside the clock's file."""
    port = _free_port()
    environment = os.environ | {
        "DATABASE_URL": url,
        "DEMO_MODE": "true",
        "DEMO_CLOCK": str(clock_file),
        "VAR_DIR": str(clock_file.parent),
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(port),
        SUPERVISED: "1",  # it ends with us, however we end
        **audit_settings(clock_file.parent),
    }
    command = [str(Path(sys.executable).with_name("sanwang")), "serve"]
    log_file = clock_file.parent / "serve.log"
    with log_file.open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}", process, log_file)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def audit_settings(folder: Path) -> dict[str, str]:
    """Where the demo's key and its signed heads are: beside the clock, that is outside the database."""
    return {"AUDIT_SIGNING_KEY": str(folder / "audit.key"), "AUDIT_HEADS_DIR": str(folder / "heads")}


def audit_command(url: str, folder: Path, *words: str) -> str:
    """What `sanwang audit ...` says about this database; raises CalledProcessError where it ends with another status than 0."""
    environment = (
        os.environ | audit_settings(folder) | {"DATABASE_URL": url, "DEMO_MODE": "true", "COLUMNS": "116"}
    )
    command = [str(Path(sys.executable).with_name("sanwang")), "audit", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def _wait_for(base_url: str, process: "subprocess.Popen[bytes]", log_file: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{base_url}/api/health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit(f"演示服务没有启动，日志见 {log_file} / the demo server did not start, see {log_file}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
