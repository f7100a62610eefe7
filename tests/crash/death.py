"""Dying at a chosen statement: the process kills itself with SIGKILL, as a power cut would, and nobody is told.

Every statement of the process counts, whoever sends it: psycopg itself is watched, below SQLAlchemy and below the job
queue. Each has two moments, just before it is sent and just after its answer came; COMMIT is a statement too, so that
one of the moments lies between a commit and everything that would have told of it.
"""

import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg

SYNCHRONOUS = (
    (psycopg.Cursor, "execute"),
    (psycopg.Cursor, "executemany"),
    (psycopg.Connection, "commit"),
)
ASYNCHRONOUS = (
    (psycopg.AsyncCursor, "execute"),
    (psycopg.AsyncCursor, "executemany"),
    (psycopg.AsyncConnection, "commit"),
)


class Countdown:
    """Kills the process at the moment `left`; never when that is 0."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.passed = 0

    def tick(self) -> None:
        """One moment passes; it may be the last."""
        self.passed += 1
        if self.passed == self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def die_at(moment: int) -> Countdown:
    """Count every statement of this process from now on, and die at the given moment. Once per process."""
    countdown = Countdown(moment)
    for kind, name in SYNCHRONOUS:
        setattr(kind, name, _counted(getattr(kind, name), countdown))
    for kind, name in ASYNCHRONOUS:
        setattr(kind, name, _counted_in_turn(getattr(kind, name), countdown))
    return countdown


def _counted(inner: Callable[..., Any], countdown: Countdown) -> Callable[..., Any]:
    def outer(*arguments: Any, **named: Any) -> Any:
        countdown.tick()
        answer = inner(*arguments, **named)
        countdown.tick()
        return answer

    return outer


def _counted_in_turn(
    inner: Callable[..., Awaitable[Any]], countdown: Countdown
) -> Callable[..., Awaitable[Any]]:
    async def outer(*arguments: Any, **named: Any) -> Any:
        countdown.tick()
        answer = await inner(*arguments, **named)
        countdown.tick()
        return answer

    return outer
