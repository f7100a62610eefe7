"""`sanwang serve`: database, web server and job worker under one supervisor.

The supervisor owns the listening socket and lends it to the web process, so a taken port is known at once and a
restarted web process misses no connection. A child that dies is started again, more slowly each time; children that
keep dying end everything. However the supervisor dies, its children follow (see `sanwang.processes`).
"""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from backbone.errors import Bilingual, Unavailable
from backbone.settings import Settings
from sanwang.processes import GRACEFUL_S, SUPERVISED

PLATFORM = Path(__file__).resolve().parents[1]
UP_WITHIN_S = 120.0
PORT_FREE_WITHIN_S = 5.0  # the children of a supervisor that was just killed need a moment to leave
DEATHS_TOLERATED = 5  # within STEADY_S; then something is wrong that no restart mends
STEADY_S = 60.0
OWNERS_URL_WITHHELD = {
    "MIGRATION_DATABASE_URL": ""
}  # web and worker never migrate; "" keeps `.env` from filling it
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class PortTaken(Unavailable):
    """Another program listens where we should."""

    code = "port_taken"
    title = Bilingual("端口已被占用", "The port is taken")
    detail = Bilingual("{host}:{port} 无法监听：{why}", "cannot listen on {host}:{port}: {why}")
    advice = Bilingual(
        "停止占用它的程序，或设置 HTTP_PORT", "Stop the program that uses it, or set HTTP_PORT"
    )


class SchemaBehind(Unavailable):
    """The database of one's own is not at this code's newest migration."""

    code = "schema_behind"
    title = Bilingual("数据库结构未更新", "The database schema is behind")
    detail = Bilingual(
        "DATABASE_URL 指向的数据库缺少迁移", "the database of DATABASE_URL is not at the newest migration"
    )
    advice = Bilingual("先备份，再运行 sanwang migrate", "Back it up, then run: sanwang migrate")


class DidNotStart(Unavailable):
    """A child ended, or did not answer, before the first healthy answer."""

    code = "did_not_start"
    title = Bilingual("服务没有启动", "The service did not start")
    detail = Bilingual(
        "{name} 进程没有就绪，原因见上方日志", "the {name} process did not come up, see the lines above"
    )
    advice = Bilingual("按日志改正后再启动", "Mend what they say and start again")


@dataclass
class Child:
    """A process that is kept running."""

    name: str
    command: list[str]
    environment: dict[str, str]
    lends: tuple[int, ...] = ()
    deaths: list[float] = field(default_factory=list)
    process: "subprocess.Popen[bytes] | None" = None
    start_at: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches the supervisor alone, which stops all in order."""
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            self.command,
            env=self.environment,
            stdin=subprocess.PIPE,
            pass_fds=self.lends,
            start_new_session=True,
        )

    def has_died(self) -> bool:
        """Whether it ran and ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def bury(self, now: float) -> bool:
        """Note the death and plan the next start; False when it has died too often to go on."""
        self._close()
        self.deaths = [moment for moment in self.deaths if now - moment < STEADY_S] + [now]
        self.start_at = now + min(0.25 * 2 ** len(self.deaths), 10.0)
        return len(self.deaths) <= DEATHS_TOLERATED

    def stop(self, patience_s: float) -> None:
        """Wait for it to end after it was told to, then kill it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(patience_s, 0))
        except subprocess.TimeoutExpired:
            # Its whole session: the workers that gunicorn forked must not outlive it.
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._close()

    def _close(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


def serve(settings: Settings, announce: Callable[[str], None]) -> int:
    """Serve until SIGINT or SIGTERM; the exit status. Raises Unavailable when it cannot start."""
    with database_for(settings) as ready:
        return supervise(ready, announce)


@contextmanager
def database_for(settings: Settings, name: str = "sanwang") -> Iterator[Settings]:
    """Settings with a database that stands at the newest migration.

    Without DATABASE_URL that is database `name` of the embedded server, created, migrated and given the shipped policies
    as needed, and held as long as the block lasts. One's own database is only looked at: SchemaBehind and PrivilegedLogin
    say what to run.
    """
    from backbone import migrate

    if settings.database_url is not None:
        if not migrate.is_current(settings.database_url):
            raise SchemaBehind()
        _refuse_privileged_login(settings)
        yield settings
        return
    from backbone.embedded import EmbeddedServer
    from sanwang.policy_office_command import bring_on_record

    with EmbeddedServer(settings.var_dir / "pg") as server, server.kept_alive():
        server.ensure_database(name)
        migrate.upgrade(server.owner_url(name))
        bring_on_record(server.url(name))
        yield replace(settings, database_url=server.url(name))


def _refuse_privileged_login(settings: Settings) -> None:
    """What every child would refuse, said once and before any is started."""
    from backbone import db
    from sanwang.app import refuse_privileged_login

    database = db.Database(str(settings.database_url))
    db.bind(database)
    try:
        refuse_privileged_login(settings)
    finally:
        database.close()


def supervise(
    settings: Settings, announce: Callable[[str], None], variables: dict[str, str] | None = None
) -> int:
    """Run web and worker processes on the settings' database; `announce` gets the URL once it answers.

    `variables` are added to the children's environment. 0 after a signal; 1 when children kept dying.
    """
    stopping = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopping.set()) for number in SIGNALS}
    listening = listen(settings.http_host, settings.http_port)
    children = children_for(settings, listening, variables or {})
    try:
        for child in children:
            child.start()
        url = _url(listening)
        _wait_until_healthy(url, children, stopping)
        if not stopping.is_set():
            announce(url)
        return _watch(children, stopping)
    finally:
        stop_all(children)
        listening.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def children_for(settings: Settings, listening: socket.socket, variables: dict[str, str]) -> list[Child]:
    """The processes to keep running, with the settings as their environment."""
    environment = os.environ | as_environment(settings) | OWNERS_URL_WITHHELD | variables
    environment |= {SUPERVISED: "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": _python_path()}
    run = [sys.executable, "-m", "sanwang.processes"]
    number = listening.fileno()
    return [
        Child("web", [*run, "web", str(number)], environment, lends=(number,)),
        Child("worker", [*run, "worker"], environment),
    ]


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings as `load_settings` reads them back; unset ones are left out."""
    return {name.upper(): str(value) for name, value in asdict(settings).items() if value is not None}


def listen(host: str, port: int) -> socket.socket:
    """A socket listening there; raises PortTaken. Port 0 lets the system choose one."""
    until = time.monotonic() + PORT_FREE_WITHIN_S
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=1024)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise PortTaken(host=host, port=port, why=error.strerror or str(error)) from error
        time.sleep(0.2)


def stop_all(children: list[Child]) -> None:
    """Tell every child to stop, then wait for all of them together."""
    for child in children:
        if child.process is not None:
            with suppress(ProcessLookupError):
                child.process.terminate()
    until = time.monotonic() + GRACEFUL_S + 5
    for child in children:
        child.stop(until - time.monotonic())


def _watch(children: list[Child], stopping: threading.Event) -> int:
    while not stopping.wait(0.2):
        now = time.monotonic()
        for child in children:
            if child.has_died():
                status = child.process.returncode if child.process else 0
                _say(
                    f"{child.name} 进程意外退出（状态 {status}），将重启 / {child.name} ended ({status}), restarting"
                )
                if not child.bury(now):
                    _say(f"{child.name} 反复退出，停止服务 / {child.name} keeps ending, giving up")
                    return 1
            elif child.process is None and now >= child.start_at:
                child.start()
    return 0


def _wait_until_healthy(url: str, children: list[Child], stopping: threading.Event) -> None:
    until = time.monotonic() + UP_WITHIN_S
    while not stopping.wait(0.05):
        for child in children:
            if child.has_died():
                raise DidNotStart(name=child.name)
        if is_healthy(url):
            return
        if time.monotonic() > until:
            raise DidNotStart(name="web")


def is_healthy(url: str) -> bool:
    """Whether /api/health answers 200, asked directly: no proxy of the environment is in between."""
    host, _, port = url.removeprefix("http://").rpartition(":")
    connection = HTTPConnection(host.strip("[]"), int(port), timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound: a browser needs an address it can open
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _python_path() -> str:
    return os.pathsep.join(filter(None, [str(PLATFORM), os.environ.get("PYTHONPATH")]))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
