"""Requests killed at a random statement: what was acknowledged is there once, the rest wholly or not at all.

A seed decides which steps of the main job are taken and at which statement, or COMMIT, each process dies; the caller
repeats what was not answered, with the same key and body, at a fresh process. `CRASH_SEED=17` runs seed 17 alone.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from backbone.db import Database
from tests.conftest import TUESDAY_MORNING
from tests.crash.conftest import Raise, Victim
from tests.crash.evidence import (
    answers_kept,
    audited,
    clocks_follow_from_the_log,
    fingerprint,
    states_follow_from_the_history,
    wait_until_gone,
)
from tests.crash.seeds import seeds
from tests.crash.stories import Cast, Step, a_cast, interleaved, left_by
from tests.crash.victims import Answer, Request

DEATHS = 6
LATEST_MOMENT = 500
LATEST_FIRST = 150  # the shortest story has a death in it too


@dataclass
class Caller:
    """A client that repeats what was not answered, and looks at the database whenever somebody has died."""

    rng: Random
    database: Database
    raise_victim: Raise
    cast: Cast
    victim: Victim | None = None
    deaths: int = 0
    sent: list[tuple[Step, Request, Answer]] = field(default_factory=list)

    def take(self, step: Step, before: list[Any]) -> list[Any]:
        """Have the step done; the fingerprint of the database before it, and the one after it."""
        number = len(self.sent)
        now = TUESDAY_MORNING + timedelta(minutes=number)
        request = Request(f"/api{step.path}", step.body, self.cast.headers[step.who], f"key-{number}", now)
        halfway = []
        while (answer := self._victim().ask(request)) is None:
            self.victim = None
            self.deaths += 1
            if self.rng.random() < 0.7:  # or else it is repeated while the dead one's locks are still held
                wait_until_gone(self.database)
                halfway.append(fingerprint(self.database))
        assert answer.status in (200, 201), f"{step}: {answer}"
        after = fingerprint(self.database)
        assert all(seen in (before, after) for seen in halfway), f"{step} was left half-written"
        if halfway and not answer.was_replayed:
            assert after not in halfway, f"{step} was done, and done again"
        self.sent.append((step, request, answer))
        return after

    def _victim(self) -> Victim:
        if self.victim is None:
            latest = LATEST_MOMENT if self.deaths else LATEST_FIRST
            moment = self.rng.randint(1, latest) if self.deaths < DEATHS else 0
            self.victim = self.raise_victim("requests", moment)
        return self.victim


def play(caller: Caller) -> None:
    """The whole story, whoever dies on the way."""
    story, seen = interleaved(caller.rng, caller.cast), fingerprint(caller.database)
    step = next(story)
    while True:
        seen = caller.take(step, seen)
        try:
            step = story.send(json.loads(caller.sent[-1][2].body))
        except StopIteration:
            return


@seeds(100, always=1)
def test_what_was_acknowledged_is_there_once_wherever_the_process_was_killed(
    seed: int, committed_database: Database, victim: Raise
):
    with committed_database.transaction() as session:
        cast = a_cast(session)
        made = audited(session)
    caller = Caller(Random(seed), committed_database, victim, cast)
    play(caller)
    assert caller.deaths > 0
    everything_is_there_once(caller, made)
    every_retry_gets_the_first_answer(caller)


def everything_is_there_once(caller: Caller, made: Any) -> None:
    with caller.database.transaction() as session:
        assert audited(session) - made == left_by([step for step, _, _ in caller.sent])
        assert answers_kept(session) == len(caller.sent)
        states_follow_from_the_history(session)
        clocks_follow_from_the_log(session)
        session.rollback()


def every_retry_gets_the_first_answer(caller: Caller) -> None:
    before, survivor = fingerprint(caller.database), caller.raise_victim("requests")
    for step, request, answer in caller.sent:
        again = survivor.ask(request)
        assert (again, again.was_replayed) == (answer, True), step
    assert fingerprint(caller.database) == before
