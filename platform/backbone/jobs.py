"""Work that happens later, queued in the same PostgreSQL: what commits with the write is done, what rolls back is not.

A feature declares `@jobs.task(name="feature.verb", retry=...)` on a plain function that opens its own `transaction()`,
and its service calls `defer(session, task, ...)`. A job may run twice (its worker died after the work and before the
receipt): its body must bear that. Arguments are JSON values: pass ids as strings.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from datetime import datetime
from typing import Any

import psycopg
from procrastinate import App, JobContext, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.middleware import AsyncCallNext
from procrastinate.tasks import Task
from procrastinate.worker import Worker
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

HEARTBEAT_S = 10.0
STALLED_AFTER_S = 30.0  # three missed heartbeats: the worker is dead
PAUSE_S = 0.5  # between two rounds of what a worker does meanwhile
MAX_ATTEMPTS_LOST = 5  # a job that has killed its worker this often is left as failed for a person to look at

jobs = App(connector=SyncPsycopgConnector())
"""Where tasks are declared. Its connector is never opened: `defer` uses the caller's connection, a worker its own."""

WAITING = text("SELECT id FROM procrastinate_jobs WHERE queueing_lock = :once AND status = 'todo' FOR SHARE")
ANNOUNCE = text(
    "SELECT pg_notify('procrastinate_any_queue_v1', json_build_object('type', 'job_inserted', 'job_id', :id)::text)"
)


class JobsFailed(Exception):
    """Jobs run by `run_pending` ended with an error; `jobs` holds their calls."""

    def __init__(self, jobs: list[str]) -> None:
        self.jobs = jobs
        super().__init__("; ".join(jobs))


def defer(
    session: Session,
    task: Task[Any, Any, Any],
    /,
    *,
    not_before: datetime | None = None,
    lock: str | None = None,
    once: str | None = None,
    **arguments: Any,
) -> int | None:
    """Queue one run of `task` in the session's transaction and return the job's number.

    Runs with the same `lock` never overlap and keep their order. Of those with the same `once` (or the task's own
    `queueing_lock`) only one waits at a time: a second is dropped, None is returned, and the waiting one cannot start
    before this transaction ends, so that it sees what this transaction wrote.
    """
    once = once or task.queueing_lock

    def insert() -> int:
        connection = session.connection().connection.driver_connection
        deferrer = task.configure(
            lock=lock, queueing_lock=once, schedule_at=not_before, connection=connection
        )
        with _as_any_statement():
            return deferrer.defer(**arguments)

    if once is None:
        return insert()
    while (waiting := session.scalar(WAITING, {"once": once})) is None:
        # A savepoint, because a twin committed meanwhile breaks the statement but must not break the transaction.
        with suppress(AlreadyEnqueued), session.begin_nested():
            return insert()
    session.execute(ANNOUNCE, {"id": waiting})
    return None


def defer_each(
    session: Session, task: Task[Any, Any, Any], /, arguments: Sequence[Mapping[str, Any]]
) -> None:
    """Queue one run of `task` for each of the arguments, in one statement of the session's transaction."""
    if arguments:
        connection = session.connection().connection.driver_connection
        with _as_any_statement():
            task.configure(connection=connection).batch_defer(*(dict(given) for given in arguments))


@contextmanager
def _as_any_statement() -> Iterator[None]:
    """What the database refuses here leaves like from any other statement of the session: the boundary knows a deadlock
    or a lost connection by it, tries again or says so.
    """
    try:
        yield
    except ConnectorException as failure:
        if not isinstance(failure.__cause__, psycopg.Error):
            raise
        raise DBAPIError.instance(
            "defer a job", None, failure.__cause__, psycopg.Error, hide_parameters=True
        ) from failure


def run_worker(
    database_url: str,
    *,
    concurrency: int = 4,
    polling_s: float = 5.0,
    listen: bool | None = None,
    stalled_after_s: float = STALLED_AFTER_S,
    meanwhile: Sequence[Callable[[], object]] = (),
) -> None:
    """Run jobs until SIGTERM or SIGINT, then finish those begun and return.

    `meanwhile` is called over and over, `PAUSE_S` after it returned: for what must happen within a second, where a
    job each second would write more than it does. It bears to run in several workers at once.

    `listen`: whether to be woken by NOTIFY; None finds out whether this database knows LISTEN. Without it jobs are
    picked up at the next look, `polling_s` apart. The process must have bound its database and imported every task.
    """
    if listen is None:
        listen = knows_listen(database_url)

    async def work() -> None:
        app = _with_connection(database_url, size=concurrency + 2)
        _take_over_periodic(app)
        async with app.open_async():
            standing = [asyncio.create_task(_rescue_forever(app, stalled_after_s))]
            standing += [asyncio.create_task(_repeat_forever(work)) for work in meanwhile]
            await app.run_worker_async(
                concurrency=concurrency,
                fetch_job_polling_interval=polling_s,
                abort_job_polling_interval=polling_s,
                listen_notify=listen,
                delete_jobs="successful",
                update_heartbeat_interval=min(HEARTBEAT_S, stalled_after_s / 3),
                stalled_worker_timeout=stalled_after_s,
            )
            for task in standing:
                task.cancel()
            await asyncio.gather(*standing, return_exceptions=True)

    asyncio.run(work())


def run_pending(database_url: str) -> int:
    """Run every job that is due, and those they defer, one after the other; return how many ran.

    For tests and the demo, where nothing may depend on when a worker wakes up. Periodic tasks are left alone.
    Raises JobsFailed when any job ended with an error, also one that will be retried.
    """
    ran: list[str] = []
    failed: list[str] = []

    async def count(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
        ran.append(context.job.call_string)
        try:
            return await call_next()
        except Exception as error:
            failed.append(f"{context.job.call_string}: {error!r}")
            raise

    async def drain() -> None:
        app = _with_connection(database_url, size=2)
        async with app.open_async():
            await app.run_worker_async(
                wait=False,
                concurrency=1,
                listen_notify=False,
                delete_jobs="successful",
                install_signal_handlers=False,
                worker_middleware=[count],
            )

    asyncio.run(drain())
    if failed:
        raise JobsFailed(failed)
    return len(ran)


def knows_listen(database_url: str) -> bool:
    """Whether the database knows LISTEN; some that speak PostgreSQL's protocol do not."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        try:
            connection.execute("LISTEN procrastinate_probe")
        except psycopg.Error as error:
            log.warning("no LISTEN here, jobs are picked up by polling: %s", error)
            return False
    return True


async def rescue_stalled(app: App, stalled_after_s: float) -> list[int]:
    """Queue again the jobs whose worker died, and return their numbers; those that died too often become failed."""
    rescued: list[int] = []
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after_s):
        # Another worker may have been quicker: then the job is no longer running and the statement refuses.
        with suppress(ConnectorException):
            await _rescue(app, job)
            rescued.append(job.id or 0)
    return rescued


async def _rescue(app: App, job: Job) -> None:
    if job.attempts + 1 >= MAX_ATTEMPTS_LOST:
        log.error("job %s lost its worker %d times and is given up", job.call_string, job.attempts + 1)
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        return
    log.warning("job %s lost its worker and is queued again", job.call_string)
    await app.job_manager.retry_job(job)


async def _rescue_forever(app: App, stalled_after_s: float) -> None:
    while True:
        try:
            await rescue_stalled(app, stalled_after_s)
        except ConnectorException:
            log.warning("looking for stalled jobs failed, next try soon", exc_info=True)
        await asyncio.sleep(stalled_after_s / 3)


async def _repeat_forever(work: Callable[[], object]) -> None:
    while True:
        try:
            await asyncio.to_thread(work)
        except Exception:  # whatever it is, the next round may go well, and the jobs must go on
            log.exception("%s failed, next try soon", work.__qualname__)
        await asyncio.sleep(PAUSE_S)


def _with_connection(database_url: str, size: int) -> App:
    """An application that knows the declared tasks and owns a connection pool; `jobs` itself stays unconnected."""
    app = App(connector=PsycopgConnector(conninfo=database_url, min_size=1, max_size=size))
    app.tasks = jobs.tasks
    return app


def _take_over_periodic(app: App) -> None:
    """Let `app` queue the periodic runs: a task queues through the application it belongs to, and that one is `jobs`,
    whose connector is never opened.
    """
    for periodic in jobs.periodic_registry.periodic_tasks.values():
        own = copy(periodic.task)
        own.blueprint = app
        app.periodic_registry.register_task(
            own, periodic.cron, periodic.periodic_id, {**periodic.configure_kwargs}
        )


@jobs.periodic(cron="17 3 * * *")
@jobs.task(name="backbone.forget_old_jobs", queueing_lock="backbone.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Drop what failed, or was cancelled, more than 30 days ago; successful jobs are dropped as they end."""
    await context.app.job_manager.delete_old_jobs(
        30 * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )
