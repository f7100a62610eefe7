"""Where the tests' databases come from: one migrated template, cloned for every worker and every test that commits.

The server is the embedded one at var/pg-test (in memory where there is room, see `place`), or the one of
TEST_DATABASE_URL, an administrator's URL: only databases named `sanwang_test_*` and `sanwang_template_*` are ever made or dropped there, and two roles are made unless they exist,
both with the administrator's password: `sanwang_app`, as which the tests log in, and `sanwang_test_owner`, an ordinary
role that owns the databases and migrates. Use a cluster that is there for tests.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from backbone import migrate
from backbone.embedded import EmbeddedServer
from backbone.roles import APPLICATION, make_role

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"
CLONE, TEMPLATE = "sanwang_test_", "sanwang_template_"
OWNER = "sanwang_test_owner"
MEMORY = Path("/dev/shm")  # noqa: S108  # a folder below it is named by this checkout and by whoever runs its tests
ROOM = 4 << 30  # bytes: two workers' clones and the log take less than one GiB
_numbers = itertools.count()


def place() -> Path:
    """The test server's data directory: var/pg-test, which leads into memory where there is room for it.

    A clone is over a thousand files: up to a second each on a disk, hundredths in memory, and there are 700 in a run.
    """
    at = VAR / "pg-test"
    VAR.mkdir(exist_ok=True)
    if not at.exists() and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        checkout = hashlib.sha256(bytes(ROOT)).hexdigest()[:16]
        with suppress(FileExistsError):  # another worker was faster, or memory was emptied below it
            at.symlink_to(MEMORY / f"sanwang-test-{os.getuid()}-{checkout}")
    return at


class OwnServer:
    """A PostgreSQL that is already there, reached by an administrator's URL to any of its databases."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)

    def start(self) -> None:
        """It runs already."""

    def stop(self) -> None:
        """It is not ours to stop."""

    def owner_url(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)


class TestDatabases:
    """Makes clones of the template; `start` takes the server, `stop` drops what is left and lets it go."""

    __test__ = False

    def __init__(self) -> None:
        given = os.environ.get("TEST_DATABASE_URL")
        self._embedded = not given
        self._server = OwnServer(given) if given else EmbeddedServer(place(), durable=False)
        self._administration = make_url(given).database or "postgres" if given else "postgres"
        self._template = TEMPLATE + fingerprint_of_migrations()
        self._clones: list[str] = []

    def start(self) -> None:
        self._server.start()
        with self._locked():
            self._make_roles()
            if self._embedded:
                self._drop_leftovers()
            if self._template not in self._names():
                self._migrate_template()

    def stop(self) -> None:
        for clone in list(self._clones):
            self.drop(self.url(clone))
        self._server.stop()

    def url(self, name: str, role: str = APPLICATION) -> str:
        """The URL of one database for the application's role, or another of the two that the tests log in as."""
        administrator = make_url(self._server.owner_url(name))
        return administrator.set(username=role).render_as_string(hide_password=False)

    def owner_url(self, url: str) -> str:
        """The same database for its owner."""
        return self.url(make_url(url).database or "", OWNER)

    def administrator_url(self, url: str) -> str:
        """The same database for the cluster's administrator."""
        return self._server.owner_url(make_url(url).database or "")

    def clone(self) -> str:
        """A new database with the migrated schema and no rows: its URL."""
        name = f"{CLONE}{os.getpid()}_{next(_numbers)}"
        # Copying files costs two thirds of writing every page to the log, where a checkpoint waits for no disk.
        strategy = " STRATEGY FILE_COPY" if self._embedded else ""
        self._execute("CREATE DATABASE {} TEMPLATE {} OWNER {}" + strategy, name, self._template, OWNER)
        self._clones.append(name)
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a clone, ending whatever sessions it has."""
        name = make_url(url).database or ""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._clones.remove(name)

    def _make_roles(self) -> None:
        """Both with the administrator's password, and never a new one for a role that somebody else may be using."""
        administrator = self._server.owner_url(self._administration)
        for role in (APPLICATION, OWNER):
            if make_role(administrator, role) and (password := make_url(administrator).password):
                make_role(administrator, role, str(password))
            try:
                psycopg.connect(self.url(self._administration, role)).close()
            except psycopg.OperationalError as refusal:
                raise RuntimeError(
                    f"the tests cannot log in as {role}, which was there before them: give it the password of "
                    f"TEST_DATABASE_URL, or use another cluster ({refusal})"
                ) from refusal

    def _migrate_template(self) -> None:
        """Migrate under another name first: a template that exists is complete."""
        draft = self._template + "_new"
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", draft)
        self._execute("CREATE DATABASE {} OWNER {}", draft, OWNER)
        migrate.upgrade(self.url(draft, OWNER))
        self._execute("ALTER DATABASE {} RENAME TO {}", draft, self._template)

    def _drop_leftovers(self) -> None:
        """Clones of test runs that were killed. Old templates stay until `make clean`: another run may use them."""
        for name in self._names():
            if name.startswith(CLONE) and not psutil.pid_exists(int(name.removeprefix(CLONE).split("_")[0])):
                self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _names(self) -> list[str]:
        with psycopg.connect(self._server.owner_url(self._administration), autocommit=True) as connection:
            return [name for (name,) in connection.execute("SELECT datname FROM pg_database")]

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._server.owner_url(self._administration), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One worker prepares the template, the others wait for it."""
        VAR.mkdir(exist_ok=True)
        with (VAR / "test-template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def fingerprint_of_migrations() -> str:
    """Changes with every file of migrations/: another schema gets another template."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "migrations").rglob("*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
