import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backbone.db import Database, transaction
from backbone.jobs import JobsFailed, defer, jobs, knows_listen, run_pending
from backbone.roles import APPLICATION

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).resolve().parents[2]


@jobs.task(name="test.write")
def write(word: str) -> None:
    with transaction() as session:
        session.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


@jobs.task(name="test.write_later")
def write_later(word: str) -> None:
    with transaction() as session:
        defer(session, write, word=word)


@jobs.task(name="test.write_once", queueing_lock="test.write_once")
def write_once(word: str) -> None:
    write(word)


@jobs.task(name="test.fail")
def fail() -> None:
    raise ValueError("broken")


# What a worker process runs: it tells on standard output when a slow job begins.
WORKER = """
import sys, time
from backbone import db
from backbone.db import Database, transaction
from backbone.jobs import jobs, run_worker
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

def put(word):
    with transaction() as session:
        session.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})

@jobs.task(name="test.write")
def write(word):
    put(word)

@jobs.task(name="test.slow")
def slow(seconds, word):
    print("begun", flush=True)
    time.sleep(seconds)
    put(word)

if sys.argv[4:] == ["periodic"]:

    @jobs.periodic(cron="* * * * * *")
    @jobs.task(name="test.tick", queueing_lock="test.tick")
    def tick(timestamp):
        put(f"tick {timestamp}")

url, listen, stalled = sys.argv[1], sys.argv[2] == "listen", float(sys.argv[3])
database = Database(url)
db.bind(database)
run_worker(url, listen=listen, polling_s=0.2 if not listen else 2, stalled_after_s=stalled)
database.close()
print("ended", flush=True)
"""


@jobs.task(name="test.slow")
def slow(seconds: float, word: str) -> None:
    """Run by the worker processes alone."""


Spawn = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def words(committed_database: Database, owner: Database) -> Callable[[], list[str]]:
    with owner.transaction() as session:
        session.execute(text("CREATE TABLE words (word text)"))
        session.execute(text(f"GRANT SELECT, INSERT ON words TO {APPLICATION}"))

    def read() -> list[str]:
        with committed_database.transaction() as session:
            return list(session.scalars(text("SELECT word FROM words ORDER BY word")))

    return read


@pytest.fixture
def worker(committed_database: Database) -> Iterator[Spawn]:
    spawned: list[subprocess.Popen[str]] = []

    def spawn(listen: bool = True, stalled_after_s: float = 30, *more: str) -> subprocess.Popen[str]:
        how = "listen" if listen else "poll"
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, committed_database.url, how, str(stalled_after_s), *more],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "platform")},
        )  # fmt: skip
        spawned.append(process)
        return process

    yield spawn
    for process in spawned:
        process.kill()
        process.communicate()


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "it did not happen within a minute"
        time.sleep(0.05)


def waiting(session: Session) -> list[str]:
    return list(
        session.scalars(text("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"))
    )


def test_a_job_is_committed_with_its_transaction(
    committed_database: Database, words: Callable[[], list[str]]
) -> None:
    with transaction() as session:
        assert defer(session, write, word="一") is not None
        assert words() == []
    assert run_pending(committed_database.url) == 1
    assert words() == ["一"]


def test_a_job_is_rolled_back_with_its_transaction(
    committed_database: Database, words: Callable[[], list[str]]
) -> None:
    def refuse() -> None:
        with transaction() as session:
            defer(session, write, word="never")
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        refuse()
    assert run_pending(committed_database.url) == 0
    assert words() == []


def test_jobs_that_jobs_defer_are_run_too(
    committed_database: Database, words: Callable[[], list[str]]
) -> None:
    with transaction() as session:
        defer(session, write_later, word="chained")
    assert run_pending(committed_database.url) == 2
    assert words() == ["chained"]


def test_a_job_that_is_not_yet_due_waits(
    committed_database: Database, words: Callable[[], list[str]]
) -> None:
    with transaction() as session:
        defer(session, write, not_before=datetime.now(UTC) + timedelta(hours=1), word="later")
    assert run_pending(committed_database.url) == 0
    with transaction() as session:
        assert waiting(session) == ["test.write"]


def test_a_failed_job_is_reported_by_its_call(committed_database: Database) -> None:
    with transaction() as session:
        defer(session, fail)
    with pytest.raises(JobsFailed, match=r"test\.fail\[\d+\]\(\): ValueError\('broken'\)"):
        run_pending(committed_database.url)


def test_of_jobs_with_one_queueing_lock_the_second_is_dropped_and_the_transaction_goes_on(
    session: Session,
) -> None:
    assert defer(session, write_once, word="first") is not None
    assert defer(session, write_once, word="second") is None
    assert defer(session, write, once="own key", word="third") is not None
    assert defer(session, write, once="own key", word="fourth") is None
    assert waiting(session) == ["test.write_once", "test.write"]


def test_a_dropped_twin_keeps_the_waiting_job_from_starting_before_its_commit(
    committed_database: Database, words: Callable[[], list[str]]
) -> None:
    with transaction() as session:
        defer(session, write_once, word="rebuilt")
    with transaction() as session:
        assert defer(session, write_once, word="rebuilt") is None
        assert run_pending(committed_database.url) == 0
    assert run_pending(committed_database.url) == 1


def test_two_transactions_at_once_leave_one_waiting_job(committed_database: Database) -> None:
    given: list[int | None] = []
    both_ready = threading.Barrier(2)

    def defer_one() -> None:
        with transaction() as session:
            both_ready.wait()
            given.append(defer(session, write_once, word="x"))

    threads = [threading.Thread(target=defer_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number is None for number in given) == [False, True]
    with transaction() as session:
        assert waiting(session) == ["test.write_once"]


def test_the_deferred_jobs_of_a_rolled_back_test_can_be_run(
    session: Session, run_jobs: Callable[[], list[str]]
) -> None:
    session.execute(text("CREATE TEMPORARY TABLE words (word text)"))
    defer(session, write_later, word="chained")
    assert run_jobs() == ["test.write_later", "test.write"]
    assert session.scalar(text("SELECT word FROM words")) == "chained"


def test_a_job_may_defer_from_inside_a_worker(
    committed_database: Database, words: Callable[[], list[str]], worker: Spawn
) -> None:
    worker()
    with transaction() as session:
        defer(session, write, word="from outside")
    eventually(lambda: words() == ["from outside"])


def test_a_worker_picks_jobs_up_by_polling_alone(words: Callable[[], list[str]], worker: Spawn) -> None:
    worker(listen=False)
    with transaction() as session:
        defer(session, write, word="polled")
    eventually(lambda: words() == ["polled"])


def test_periodic_tasks_run_at_every_tick_and_the_worker_lives_on(
    words: Callable[[], list[str]], worker: Spawn
) -> None:
    one, other = worker(True, 30, "periodic"), worker(True, 30, "periodic")
    eventually(lambda: len(words()) >= 3)
    assert (one.poll(), other.poll()) == (None, None)
    ticks = words()
    assert len(set(ticks)) == len(ticks), "two workers, and one run for each tick"


def test_a_worker_told_to_stop_finishes_the_job_it_has_begun(
    words: Callable[[], list[str]], worker: Spawn
) -> None:
    process = worker()
    assert process.stdout
    with transaction() as session:
        defer(session, slow, seconds=0.5, word="finished")
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == "ended\n"
    assert process.wait() == 0
    assert words() == ["finished"]


def test_the_job_of_a_worker_killed_by_9_is_run_by_another(
    words: Callable[[], list[str]], worker: Spawn
) -> None:
    doomed = worker(stalled_after_s=1)
    assert doomed.stdout
    with transaction() as session:
        defer(session, slow, seconds=2, word="rescued")
    assert doomed.stdout.readline() == "begun\n"
    doomed.kill()
    doomed.wait()
    worker(stalled_after_s=1)
    eventually(lambda: words() == ["rescued"])


def test_a_job_that_keeps_killing_its_workers_is_given_up(
    words: Callable[[], list[str]], worker: Spawn
) -> None:
    with transaction() as session:
        job = defer(session, write, word="deadly")
        lost = "UPDATE procrastinate_jobs SET status = 'doing', attempts = 4 WHERE id = :job"
        session.execute(text(lost), {"job": job})
    worker()

    def is_given_up() -> bool:
        with transaction() as session:
            status = session.scalar(
                text("SELECT status FROM procrastinate_jobs WHERE id = :job"), {"job": job}
            )
        return status == "failed"

    eventually(is_given_up)
    assert words() == []


def test_a_database_without_listen_is_recognised(
    committed_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(statement: str) -> None:
        raise psycopg.errors.FeatureNotSupported(statement)

    assert knows_listen(committed_database.url)
    deaf = nullcontext(SimpleNamespace(execute=refuse))
    monkeypatch.setattr(psycopg, "connect", lambda *_, **__: deaf)
    assert not knows_listen(committed_database.url)


def test_what_the_database_refuses_of_a_job_looks_like_any_refusal_of_it(
    committed_database: Database, owner: Database
) -> None:
    """So that the boundary tries a deadlock again, wherever in the transaction it happens."""
    with owner.transaction() as session:
        session.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"
            )
        )
        session.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
        )
    with pytest.raises(OperationalError) as refusal, transaction() as session:
        defer(session, write, word="never")
    assert isinstance(refusal.value.orig, psycopg.errors.DeadlockDetected)
