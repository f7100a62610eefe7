"""The two kinds of process that `sanwang serve` runs, each able to run alone: `python -m sanwang.processes web|worker`.

A child of the supervisor reads its standard input: at its end the supervisor is gone, however it died, and the child
stops as if told to. Nothing is loaded before the fork: a search index used before it hangs the forked worker.
"""

import gc
import logging
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

from backbone.settings import Settings, load_settings

if TYPE_CHECKING:
    from flask import Flask

GRACEFUL_S = 20
SUPERVISED = "SANWANG_SUPERVISED"


def web(listening: int, settings: Settings) -> None:
    """Serve HTTP with gunicorn on the already listening socket `listening` (its file descriptor)."""
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn is not annotated

    class Web(BaseApplication):  # type: ignore[misc]  # see above
        def load_config(self) -> None:
            for name, value in gunicorn_settings(listening, settings).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            serving = application(settings)
            spare_the_long_lived()
            return serving

    Web().run()


def spare_the_long_lived() -> None:
    """Keep what the start has made out of the garbage collector's rounds, and make those rarer.

    The application is a million objects that live as long as the process; looking through them again and again is a
    quarter of a request's time and most of its worst case. A round over 50,000 young objects takes 20 to 30 ms, which the
    one request in which it falls would wait for; over 10,000 it takes 5.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 100, 50)


def gunicorn_settings(listening: int, settings: Settings) -> dict[str, Any]:
    """Threads keep slow clients from occupying a process; one process per core does the computing."""
    from backbone.http_requests import LONGEST_HEADER, LONGEST_LINE, MOST_HEADERS

    return {
        "bind": f"fd://{listening}",
        "workers": settings.web_workers,
        "worker_class": "sanwang.web_worker.ProblemWorker",
        "threads": 4,
        "timeout": 60,
        "graceful_timeout": GRACEFUL_S,
        "loglevel": "warning",
        "control_socket_disable": True,
        "limit_request_line": LONGEST_LINE,
        "limit_request_fields": MOST_HEADERS,
        "limit_request_field_size": LONGEST_HEADER,
        "proc_name": "sanwang",
    }


def work(settings: Settings) -> None:
    """Run background jobs until told to stop; the application is built for its tasks, handlers and database."""
    from backbone.chaining import seal_all
    from backbone.db import transaction
    from backbone.jobs import defer, run_worker
    from sky_net.sla.jobs import refresh

    application(settings)
    if settings.database_url is None:
        raise AssertionError("an application without a database is refused")
    # A worker starts with every release, and a release may bring another calendar.
    with transaction() as session:
        defer(session, refresh, timestamp=0)
    run_worker(settings.database_url, polling_s=settings.job_polling_s, meanwhile=[seal_all])


def application(settings: Settings) -> "Flask":
    """The assembled application; its refusal to start ends the process with one sentence and status 3.

    gunicorn takes 3 for a worker that cannot boot and gives up instead of forking the next one.
    """
    from backbone.errors import DomainError
    from sanwang.app import create_app

    try:
        return create_app(settings)
    except RuntimeError as refusal:
        print(refusal, file=sys.stderr, flush=True)
    except DomainError as refusal:
        print(refusal.in_both_languages(), file=sys.stderr, flush=True)
    sys.exit(3)


def stop_if_supervised() -> None:
    """Where somebody supervises this process: tell it to stop once its standard input ends."""
    if not os.environ.get(SUPERVISED):
        return

    def watch() -> None:
        while os.read(sys.__stdin__.fileno() if sys.__stdin__ else 0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="watch supervisor", daemon=True).start()


def main(arguments: list[str]) -> None:
    """Become the process that `arguments` name: `web FD` or `worker`."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("procrastinate", "faiss"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    stop_if_supervised()
    if arguments[0] == "web":
        web(int(arguments[1]), load_settings())
    else:
        work(load_settings())


if __name__ == "__main__":
    main(sys.argv[1:])
