"""The embedded PostgreSQL 18 of development, demo and tests: no installation, no administrator, no network.

One data directory, one server, any number of processes that hold it: the first starts it, the last living one stops
it. A holder proves that it lives by a lock on its own file, which the kernel drops with the process, so one killed
by -9 neither keeps the server up nor hides it from the next start. Clients reach it only through a socket in a
private folder, without password and, if they wish, as superuser: never use it in production.
"""

import fcntl
import itertools
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

import psutil  # type: ignore[import-untyped]  # ships no annotations
import psycopg
from psycopg import sql

from backbone import embedded_process, roles
from backbone.embedded_process import EmbeddedUnavailable, Postmaster, unavailable
from backbone.errors import Bilingual

__all__ = ["EmbeddedServer", "EmbeddedUnavailable"]

log = logging.getLogger(__name__)

ATTEMPTS = 3
_numbers = itertools.count(1)


class EmbeddedServer:
    """The server of one data directory, held between `start` and `stop` (or inside a `with`).

    The directory gets `cluster/` (PostgreSQL's own), `server.log`, `lock` and `holders/`. `durable=False` trades
    safety against a power cut for speed: for tests only, and it holds for whoever starts the server first.
    """

    def __init__(self, data_dir: Path, durable: bool = True) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self.cluster = self.data_dir / "cluster"
        self._durable = durable
        self._server: Postmaster | None = None
        self._held: TextIOWrapper | None = None

    def start(self) -> None:
        """Hold the server, initialising and starting it if need be; raises EmbeddedUnavailable, saying why."""
        if self._held is not None:
            return
        try:
            (self.data_dir / "holders").mkdir(parents=True, exist_ok=True)
            with self._locked():
                self._server = self._running() or self._started()
                roles.make_role(self.owner_url("postgres"))
                self._held = self._hold()
        except PermissionError as error:
            raise EmbeddedUnavailable(
                reason=Bilingual(
                    f"数据目录 {self.data_dir} 不可写（{error.filename}）",
                    f"the data directory {self.data_dir} is not writable ({error.filename})",
                )
            ) from error
        except (OSError, KeyError) as error:
            raise unavailable("操作系统拒绝了请求", "the operating system refused", str(error)) from error

    def revive(self) -> bool:
        """Start it again if it has died under its holders, at the same URL; whether it had. Raises EmbeddedUnavailable."""
        if self._held is None or embedded_process.find(self.cluster) is not None:
            return False
        with self._locked():
            self._server = self._running() or self._started()
        return True

    @contextmanager
    def kept_alive(self, look_every_s: float = 0.5) -> Iterator[Self]:
        """Started again as often as it dies while the block lasts: whoever holds it has only a moment to bear."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(look_every_s):
                try:
                    if self.revive():
                        log.warning("the embedded server had died and was started again")
                except EmbeddedUnavailable:
                    log.exception("the embedded server has died, next try soon")

        watcher = threading.Thread(target=watch, name="watch embedded server", daemon=True)
        watcher.start()
        try:
            yield self
        finally:
            over.set()
            watcher.join()

    def stop(self) -> None:
        """Let go of the server, and stop it when no other living process holds it; may be called twice."""
        if self._held is None:
            return
        with self._locked():
            Path(self._held.name).unlink(missing_ok=True)
            self._held.close()
            self._held = None
            server = embedded_process.find(self.cluster)
            if server is not None and not any(self._living_holders()):
                embedded_process.halt(self.cluster, server)
        self._server = None

    def url(self, database: str) -> str:
        """A libpq URL of one database for the application's role.

        It names every connection parameter, so PG* variables cannot bend it.
        """
        return self._url(roles.APPLICATION, database)

    def owner_url(self, database: str) -> str:
        """The URL for migrations, as the owner of every database here: the cluster's superuser."""
        return self._url(embedded_process.SUPERUSER, database)

    def _url(self, role: str, database: str) -> str:
        if self._server is None:
            raise RuntimeError("the embedded server is not started")
        where = urlencode(
            {"host": str(self._server.socket_dir), "port": embedded_process.PORT}, quote_via=quote
        )
        return f"postgresql://{role}@/{quote(database, safe='')}?{where}"

    def has_database(self, name: str) -> bool:
        """Whether the database exists."""
        with self._administration() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return found is not None

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create it, empty or as a copy of `template`, which nobody may be connected to at that moment."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self._administration() as connection:
            connection.execute(statement)

    def ensure_database(self, name: str) -> None:
        """Create it unless it exists."""
        if not self.has_database(name):
            self.create_database(name)

    def drop_database(self, name: str) -> None:
        """Drop it if it exists, ending its sessions."""
        with self._administration() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, whatever happened inside."""
        self.stop()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Starting and stopping is one process's business at a time."""
        with (self.data_dir / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _administration(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.owner_url("postgres"), autocommit=True) as connection:
            yield connection

    def _running(self) -> Postmaster | None:
        """The server that another holder started, once it has answered: one that is just dying still looks alive."""
        until = time.monotonic() + embedded_process.START_WITHIN_S
        while (found := embedded_process.find(self.cluster)) is not None:
            self._server = embedded_process.wait_ready(self.cluster, found.pid)
            if self._server is not None and self._answers():
                return self._server
            if time.monotonic() > until:
                raise unavailable("已在运行的服务器不应答", "the running server does not answer")
            time.sleep(0.05)
        return None

    def _answers(self) -> bool:
        try:
            with self._administration() as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _started(self) -> Postmaster:
        self._refuse_foreign_holders()
        account = embedded_process.account_for(self.cluster)
        if not self.cluster.exists():
            embedded_process.initialise(self.cluster, account, self._durable)
        self._refuse_other_version()
        log = self.data_dir / "server.log"
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return embedded_process.launch(self.cluster, log, account, self._durable)
            except EmbeddedUnavailable:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _refuse_other_version(self) -> None:
        version = (self.cluster / "PG_VERSION").read_text().strip()
        if version != str(embedded_process.MAJOR):
            raise EmbeddedUnavailable(
                reason=Bilingual(
                    f"{self.cluster} 属于 PostgreSQL {version}，这里是 {embedded_process.MAJOR}；请移走该目录",
                    f"{self.cluster} belongs to PostgreSQL {version}, this is {embedded_process.MAJOR}; move it away",
                )
            )

    def _hold(self) -> TextIOWrapper:
        """Our proof of life: a locked file with our process number and start time, for whoever looks."""
        me = psutil.Process()
        mark = (self.data_dir / "holders" / f"{me.pid}-{next(_numbers)}").open("w")
        fcntl.flock(mark, fcntl.LOCK_EX)
        mark.write(f"{me.pid} {me.create_time()}\n")
        mark.flush()
        return mark

    def _living_holders(self) -> Iterator[Path]:
        """Files whose process still holds its lock; the others are swept away."""
        for path in sorted((self.data_dir / "holders").iterdir()):
            with path.open() as mark:
                try:
                    fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    yield path
                else:
                    path.unlink()

    def _refuse_foreign_holders(self) -> None:
        """No server is visible here: a living holder that is not visible either runs one in another container,
        and a second server on its files would destroy them.
        """
        for path in self._living_holders():
            pid, started = path.read_text().split()
            if not (
                psutil.pid_exists(int(pid))
                and abs(psutil.Process(int(pid)).create_time() - float(started)) < 2
            ):
                raise EmbeddedUnavailable(
                    reason=Bilingual(
                        f"{self.data_dir} 正被另一个容器或主机使用",
                        f"{self.data_dir} is in use by another container or machine",
                    )
                )
