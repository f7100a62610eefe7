import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from backbone import embedded_process, migrate
from backbone.db import Database
from backbone.roles import APPLICATION
from backbone.settings import Settings, load_settings
from sanwang import serve as serving
from sanwang.serve import (
    Child,
    DidNotStart,
    PortTaken,
    SchemaBehind,
    as_environment,
    database_for,
    is_healthy,
)

pytestmark = pytest.mark.slow  # whole servers, started and stopped

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "import typer; from sanwang import operations; app = typer.Typer(); operations.register(app); app()"
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "it did not happen within a minute"
        time.sleep(0.05)


DIGEST_KEY = "a key for tests alone"
PERSONAL_DATA_KEY = "a key for sealing in tests"


class Served:
    """`sanwang serve` as a process of its own, with its own var directory."""

    def __init__(self, var_dir: Path, port: int = 0, **environment: str) -> None:
        self.var_dir = var_dir
        outside = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "serve", "--port", str(port)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=var_dir,
            env=outside | {"PYTHONPATH": str(ROOT / "platform"), "VAR_DIR": str(var_dir), "COLUMNS": "200", "DIGEST_KEY": DIGEST_KEY, "PERSONAL_DATA_KEY": PERSONAL_DATA_KEY}
            | environment,
        )  # fmt: skip

    def url(self) -> str:
        """Where it says that it answers."""
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if found := ADDRESS.search(line):
                return found[0]
        raise AssertionError(f"it ended without an address: {said}")

    def relatives(self) -> list[psutil.Process]:
        """Every living process that works for this var directory: children, their children, PostgreSQL's."""

        def belongs(process: psutil.Process) -> bool:
            try:
                return process.status() != psutil.STATUS_ZOMBIE and (
                    process.environ().get("VAR_DIR") == str(self.var_dir)
                    or process.cwd().startswith(str(self.var_dir))
                )
            except psutil.Error:
                return False

        return [process for process in psutil.process_iter() if belongs(process)]

    def end(self) -> None:
        assert self.process.stdout
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture
def served(scratch: Path) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(**options: object) -> Served:
        started.append(Served(scratch, **options))
        return started[-1]

    yield start
    for one in started:
        one.end()
        for relative in one.relatives():
            relative.kill()


def test_it_answers_on_its_own_database_and_a_stop_leaves_no_process(served: Callable[..., Served]) -> None:
    one = served(WEB_WORKERS="1")
    assert is_healthy(one.url())
    assert len(one.relatives()) > 3
    one.process.send_signal(signal.SIGTERM)
    assert one.process.wait(60) == 0
    assert one.relatives() == []


@pytest.mark.slow
def test_a_supervisor_killed_by_9_takes_its_children_along_and_the_next_one_starts(
    served: Callable[..., Served],
) -> None:
    killed = served(WEB_WORKERS="1")
    port = int(killed.url().rpartition(":")[2])
    killed.process.kill()
    killed.process.wait()
    following = served(port=port, WEB_WORKERS="1")
    assert is_healthy(following.url())
    following.process.terminate()
    assert following.process.wait(60) == 0
    eventually(lambda: following.relatives() == [])


@pytest.mark.slow
def test_a_web_process_that_is_killed_is_started_again_on_the_same_address(
    served: Callable[..., Served],
) -> None:
    one = served(WEB_WORKERS="1")
    url = one.url()
    web = next(found for found in one.relatives() if "web" in found.cmdline())
    web.kill()
    eventually(lambda: not psutil.pid_exists(web.pid) or web.status() == psutil.STATUS_ZOMBIE)
    eventually(lambda: is_healthy(url))
    one.process.send_signal(signal.SIGINT)
    assert one.process.wait(60) == 0
    assert one.relatives() == []


@pytest.mark.slow
def test_a_database_that_is_killed_is_started_again_and_no_process_of_ours_with_it(
    served: Callable[..., Served],
) -> None:
    one = served(WEB_WORKERS="1")
    url = one.url()
    assert one.process.stdout
    reader = threading.Thread(target=one.process.stdout.read)  # they log more than a pipe holds
    reader.start()
    web = {found.pid for found in one.relatives() if "web" in found.cmdline()}
    server = embedded_process.find(one.var_dir / "pg" / "cluster")
    assert server
    os.kill(server.pid, signal.SIGKILL)
    eventually(lambda: not is_healthy(url) or embedded_process.find(one.var_dir / "pg" / "cluster") != server)
    eventually(lambda: is_healthy(url))
    assert {found.pid for found in one.relatives() if "web" in found.cmdline()} == web
    one.process.terminate()
    reader.join(60)


def test_a_taken_port_is_refused_in_one_sentence(
    served: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        one = served(port=port)
        assert one.process.wait(60) == 1
        assert one.process.stdout
        said = one.process.stdout.read()
        assert f"cannot listen on 127.0.0.1:{port}" in said
        assert "Traceback" not in said
        monkeypatch.setattr(serving, "PORT_FREE_WITHIN_S", 0)
        with pytest.raises(PortTaken):
            serving.listen("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_refused_at_once() -> None:
    with pytest.raises(PortTaken):
        serving.listen("192.0.2.1", 8000)


def test_a_database_of_ones_own_is_never_migrated_unasked(
    committed_database: Database, owner: Database
) -> None:
    settings = Settings(database_url=committed_database.url)
    with database_for(settings) as ready:
        assert ready == settings
    migrate.downgrade(owner.url, "-1")
    with pytest.raises(SchemaBehind) as refusal, database_for(settings):
        pass
    assert refusal.value.advice
    assert "sanwang migrate" in refusal.value.advice
    assert not migrate.is_current(committed_database.url)


def test_the_embedded_database_is_served_as_the_application_and_migrated_as_its_owner(
    scratch: Path,
) -> None:
    with database_for(Settings(var_dir=scratch)) as ready:
        assert make_url(str(ready.database_url)).username == APPLICATION
        with psycopg.connect(str(ready.database_url)) as connection:
            assert connection.execute("SELECT count(*) FROM needs").fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("TRUNCATE audit_events")


def test_settings_survive_the_way_through_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(
        database_url="postgresql://u@/d?host=%2Ftmp&port=5432", demo_mode=True, var_dir=tmp_path, http_port=0, web_workers=3
    )  # fmt: skip
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings(env_file=None) == settings


@pytest.fixture
def answering() -> Iterator[str]:
    """The URL of a server that answers 200 to everything."""

    class Ok(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ok)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def python(code: str) -> Child:
    return Child("test", [sys.executable, "-c", code], dict(os.environ))


@pytest.fixture
def only_child(monkeypatch: pytest.MonkeyPatch, answering: str) -> Callable[[Child], Settings]:
    """Make the given process the supervisor's only child, beside an address that always answers."""

    def use(child: Child) -> Settings:
        monkeypatch.setattr(serving, "children_for", lambda *_: [child])
        monkeypatch.setattr(serving, "_url", lambda _: answering)
        return replace(Settings(), http_port=0)

    return use


@pytest.mark.slow
def test_children_that_keep_dying_end_the_service_with_status_1(
    only_child: Callable[[Child], Settings], monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(serving, "DEATHS_TOLERATED", 2)
    count = tmp_path / "count"
    child = python(f"import time; open({str(count)!r}, 'a').write('x'); time.sleep(0.5); raise SystemExit(7)")
    assert serving.supervise(only_child(child), announce=print) == 1
    assert count.read_text() == "xxx"
    said = capfd.readouterr().err
    assert said.count("ended (7)") == 3
    assert "keeps ending" in said


def test_a_child_that_never_comes_up_is_named(
    only_child: Callable[[Child], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = only_child(python("raise SystemExit(3)"))
    monkeypatch.setattr(serving, "is_healthy", lambda _: False)
    with pytest.raises(DidNotStart, match="the test process did not come up"):
        serving.supervise(settings, announce=print)


def test_a_child_that_ignores_the_request_to_stop_is_killed_with_its_own_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "GRACEFUL_S", -5)
    child = python(
        "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "print('ready', flush=True); import time; time.sleep(600)"
    )
    child.start()
    process = child.process
    assert process
    eventually(lambda: len(psutil.Process(process.pid).children()) == 1)
    grandchild = psutil.Process(process.pid).children()[0]
    serving.stop_all([child])
    assert process.returncode == -signal.SIGKILL
    eventually(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


def test_the_environment_of_children_may_be_extended(tmp_path: Path) -> None:
    with serving.listen("127.0.0.1", 0) as listening:
        web, worker = serving.children_for(
            replace(Settings(), var_dir=tmp_path), listening, {"DEMO_CLOCK": "x"}
        )
    assert web.environment["DEMO_CLOCK"] == worker.environment["DEMO_CLOCK"] == "x"
    assert web.environment["VAR_DIR"] == str(tmp_path)
    assert web.environment["MIGRATION_DATABASE_URL"] == worker.environment["MIGRATION_DATABASE_URL"] == ""
    assert (web.name, worker.name) == ("web", "worker")


def test_nothing_answering_is_not_healthy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
    assert not is_healthy(f"http://127.0.0.1:{port}")
