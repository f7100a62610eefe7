import os
import pwd
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from backbone import embedded_process
from backbone.embedded import EmbeddedServer, EmbeddedUnavailable

pytestmark = pytest.mark.slow  # servers started and killed, one a test

HOLDER = """
import sys, time
from pathlib import Path
from backbone.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), durable=False)
server.start()
print(server.url("postgres"), flush=True)
sys.stdin.read()
server.stop()
"""
PLATFORM = Path(__file__).resolve().parents[2] / "platform"


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def is_running(server: EmbeddedServer) -> bool:
    return embedded_process.find(server.cluster) is not None


@pytest.fixture
def server(scratch: Path) -> Iterator[EmbeddedServer]:
    made = EmbeddedServer(scratch / "pg", durable=False)
    yield made
    made.stop()
    if left := embedded_process.find(made.cluster):
        embedded_process.halt(made.cluster, left)


def another_holder(server: EmbeddedServer) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(server.data_dir)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(PLATFORM)},
    )  # fmt: skip
    assert holder.stdout
    assert holder.stdout.readline().startswith("postgresql://")
    return holder


def end(holder: subprocess.Popen[str]) -> None:
    holder.communicate()
    assert holder.returncode == 0


def test_the_first_start_makes_a_server_that_clients_reach_and_the_stop_ends_it(
    server: EmbeddedServer,
) -> None:
    with server:
        assert ask(server.url("postgres"), "SELECT current_setting('server_version_num')::int >= 180000")
        assert ask(server.url("postgres"), "SELECT current_setting('max_connections')") == "300"
        assert ask(server.url("postgres"), "SELECT current_setting('TimeZone')") == "UTC"
        assert ask(server.url("postgres"), "SELECT lower('ÄÉ')") == "äé"
        assert is_running(server)
    assert not is_running(server)


def test_fsync_is_off_only_for_a_throwaway_server(scratch: Path, server: EmbeddedServer) -> None:
    with server:
        assert ask(server.url("postgres"), "SELECT current_setting('fsync')") == "off"
    with EmbeddedServer(scratch / "pg") as durable:
        assert ask(durable.url("postgres"), "SELECT current_setting('fsync')") == "on"
        assert ask(durable.url("postgres"), "SELECT current_setting('full_page_writes')") == "on"


def test_it_listens_on_no_network_address_and_its_socket_is_private(server: EmbeddedServer) -> None:
    with server:
        assert ask(server.url("postgres"), "SELECT current_setting('listen_addresses')") == ""
        running = embedded_process.find(server.cluster)
        assert running
        assert stat.S_IMODE(running.socket_dir.stat().st_mode) == 0o700
    assert not running.socket_dir.exists()


def test_rows_survive_a_stop_and_a_start(server: EmbeddedServer) -> None:
    with server:
        server.create_database("kept")
        with psycopg.connect(server.owner_url("kept")) as connection:
            connection.execute("CREATE TABLE note AS SELECT 42 AS number")
    with server:
        assert ask(server.owner_url("kept"), "SELECT number FROM note") == 42


def test_a_database_is_cloned_from_a_template_and_dropped_under_open_sessions(server: EmbeddedServer) -> None:
    with server:
        server.create_database("样板 1")
        with psycopg.connect(server.owner_url("样板 1")) as connection:
            connection.execute("CREATE TABLE note AS SELECT 42 AS number")
        server.create_database("copy", template="样板 1")
        with psycopg.connect(server.owner_url("copy"), autocommit=True) as connection:
            assert connection.execute("SELECT number FROM note").fetchone() == (42,)
            server.drop_database("copy")
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        assert not server.has_database("copy")
        server.ensure_database("copy")
        server.ensure_database("copy")
        assert server.has_database("copy")


def test_the_url_is_not_bent_by_the_environment(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGPORT": "1",
        "PGUSER": "nobody",
        "PGHOST": "192.0.2.1",
        "PGDATA": "/nowhere",
    }.items():
        monkeypatch.setenv(name, value)
    with server:
        assert ask(server.url("postgres"), "SELECT current_user") == "sanwang_app"
        assert ask(server.owner_url("postgres"), "SELECT current_user") == "postgres"


def test_a_very_long_path_with_odd_characters_works(scratch: Path) -> None:
    with EmbeddedServer(scratch / ("很长 'a\"$b`" + "x" * 120) / "pg", durable=False) as server:
        assert ask(server.url("postgres"), "SELECT 1") == 1


def test_two_processes_share_the_server_and_the_last_one_stops_it(server: EmbeddedServer) -> None:
    holder = another_holder(server)
    server.start()
    end(holder)
    assert ask(server.url("postgres"), "SELECT 1") == 1
    server.stop()
    assert not is_running(server)


def test_the_first_holder_leaves_the_server_to_the_second(server: EmbeddedServer) -> None:
    server.start()
    holder = another_holder(server)
    server.stop()
    assert is_running(server)
    end(holder)
    assert not is_running(server)


def test_two_holds_in_one_process_are_two_holds(server: EmbeddedServer) -> None:
    with server:
        with EmbeddedServer(server.data_dir, durable=False) as second:
            assert second.url("postgres") == server.url("postgres")
        assert is_running(server)


def test_a_holder_killed_by_9_keeps_nobody_from_stopping_the_server(server: EmbeddedServer) -> None:
    holder = another_holder(server)
    holder.kill()
    holder.communicate()
    assert is_running(server)
    server.start()
    assert ask(server.url("postgres"), "SELECT 1") == 1
    server.stop()
    assert not is_running(server)
    assert list((server.data_dir / "holders").iterdir()) == []


def test_a_server_killed_by_9_is_started_again_with_what_was_committed(scratch: Path) -> None:
    server = EmbeddedServer(scratch / "pg")
    with server:
        with psycopg.connect(server.owner_url("postgres")) as connection:
            connection.execute("CREATE TABLE note AS SELECT 42 AS number")
        running = embedded_process.find(server.cluster)
        assert running
        os.kill(running.pid, signal.SIGKILL)
        with EmbeddedServer(server.data_dir) as again:
            assert ask(again.owner_url("postgres"), "SELECT number FROM note") == 42
            assert ask(server.owner_url("postgres"), "SELECT number FROM note") == 42, (
                "the same URL leads to it"
            )
    assert not running.socket_dir.exists()


def test_a_socket_folder_that_somebody_else_has_made_is_not_taken(tmp_path: Path) -> None:
    assert embedded_process._made_again(tmp_path) is None
    again = embedded_process._made_again(tmp_path / "again")
    assert again
    assert stat.S_IMODE(again.stat().st_mode) == 0o700


def test_a_server_that_lives_and_one_that_nobody_holds_are_not_revived(server: EmbeddedServer) -> None:
    assert not server.revive()
    with server:
        assert not server.revive()


def test_a_server_that_is_kept_alive_comes_back_at_the_same_url(scratch: Path) -> None:
    server = EmbeddedServer(scratch / "pg")  # durable: the role that logs in must survive
    with server, server.kept_alive(look_every_s=0.01):
        url, running = server.url("postgres"), embedded_process.find(server.cluster)
        assert running
        os.kill(running.pid, signal.SIGKILL)
        until = time.monotonic() + 60
        while not answers(url):
            assert time.monotonic() < until, "it did not come back"
            time.sleep(0.05)
    assert not is_running(server)


def test_a_server_that_cannot_be_started_again_is_tried_again(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = iter(range(1000))
    tried_twice = threading.Event()

    def fail() -> bool:
        if next(tries):
            tried_twice.set()
        raise embedded_process.unavailable("没有空间", "no space")

    monkeypatch.setattr(server, "revive", fail)
    with server.kept_alive(look_every_s=0.01):
        assert tried_twice.wait(60)
    assert "next try soon" in caplog.text


def answers(url: str) -> bool:
    try:
        return ask(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_a_stale_pid_file_that_names_a_living_stranger_is_swept_away(server: EmbeddedServer) -> None:
    with server:
        server.create_database("kept")
    (server.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.cluster}\n1700000000\n5432\n\n")
    with server:
        assert server.has_database("kept")


def test_a_half_made_cluster_is_made_anew(server: EmbeddedServer) -> None:
    (server.data_dir / "cluster.new" / "base").mkdir(parents=True)
    with server:
        assert ask(server.url("postgres"), "SELECT 1") == 1
    assert not (server.data_dir / "cluster.new").exists()


def test_a_cluster_of_another_version_is_refused_in_both_languages(server: EmbeddedServer) -> None:
    server.cluster.mkdir(parents=True)
    (server.cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedUnavailable) as refusal:
        server.start()
    assert "belongs to PostgreSQL 16" in refusal.value.sentence()
    assert "属于 PostgreSQL 16" in refusal.value.sentence().zh


def test_a_start_that_fails_says_what_the_server_said(server: EmbeddedServer) -> None:
    with server:
        pass
    (server.cluster / "postgresql.conf").write_text("shared_buffers = 'nonsense'\n")
    with pytest.raises(EmbeddedUnavailable, match="shared_buffers"):
        server.start()
    assert not is_running(server)


def test_a_living_holder_that_cannot_be_seen_is_not_run_over(server: EmbeddedServer) -> None:
    with server:
        mark = next((server.data_dir / "holders").iterdir())
        mark.write_text("4194304 1.0\n")
        running = embedded_process.find(server.cluster)
        assert running
        embedded_process.halt(server.cluster, running)
        with pytest.raises(EmbeddedUnavailable, match="another container"):
            EmbeddedServer(server.data_dir).start()


def test_asking_a_server_that_was_not_started_for_a_url_is_a_mistake(server: EmbeddedServer) -> None:
    with pytest.raises(RuntimeError, match="not started"):
        server.url("postgres")


AS_ORDINARY_USER = """
import os, sys
from pathlib import Path
from backbone.embedded import EmbeddedServer, EmbeddedUnavailable
import psycopg
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[2]))
try:
    with EmbeddedServer(Path(sys.argv[1]), durable=False) as server, psycopg.connect(server.url("postgres")) as opened:
        print(opened.execute("SELECT 1").fetchone())
except EmbeddedUnavailable as error:
    print(error.sentence())
"""


def as_ordinary_user(data_dir: Path) -> str:
    nobody = pwd.getpwnam("nobody")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", AS_ORDINARY_USER, str(data_dir), str(nobody.pw_uid), str(nobody.pw_gid)],
        env={**os.environ, "PYTHONPATH": str(PLATFORM)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_an_ordinary_user_starts_it_too_and_an_unwritable_directory_is_named(scratch: Path) -> None:
    own, locked = scratch / "own", scratch / "locked"
    own.mkdir()
    locked.mkdir(mode=0o555)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(own, nobody.pw_uid, nobody.pw_gid)
    assert as_ordinary_user(own / "pg") == "(1,)"
    assert "is not writable" in as_ordinary_user(locked / "pg")


def test_the_server_never_runs_as_root_and_makes_no_folder_above_it_listable(scratch: Path) -> None:
    private = scratch / "private"
    private.mkdir(mode=0o700)
    with EmbeddedServer(private / "pg", durable=False) as server:
        running = embedded_process.find(server.cluster)
        assert running
        assert psutil.Process(running.pid).uids().effective != 0
    assert stat.S_IMODE(private.stat().st_mode) == (0o701 if os.geteuid() == 0 else 0o700)
