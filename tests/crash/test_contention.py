"""Deadlocks and serialisation failures, real ones: tried again with the same key, done once, and 503 in the end."""

import json
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from backbone.clock import FrozenClock
from backbone.db import Database
from backbone.http import TRIES
from backbone.idempotency import IdempotencyKey
from sky_net.needs.models import Need
from tests.crash.evidence import answers_kept, audited, fingerprint, states_follow_from_the_history
from tests.crash.stories import NEED, Cast, Story, a_cast, a_life
from tests.crash.trouble import in_the_background, stumble, tried, wait_for_waiting
from tests.factories.matching import installed

NewClient = Callable[[], FlaskClient]
KEY = {"Idempotency-Key": "the only one"}
WHERE = [
    ("idempotency_keys", False), ("audit_events", False), ("need_transitions", False), ("sla_events", False),
    ("procrastinate_jobs", False), ("need_transitions", True),
]  # fmt: skip


@pytest.fixture
def cast(committed_database: Database) -> Cast:
    with committed_database.transaction() as session:
        return a_cast(session)


@pytest.fixture
def draft(client: NewClient, cast: Cast) -> str:
    """The path at which a complete draft is submitted."""
    made = client().post("/api/needs", json=NEED, headers=cast.headers["poster"])
    return f"/api/needs/{made.json['id']}/submission"


def submissions(database: Database) -> int:
    with database.transaction() as session:
        return audited(session)["submit_need"]


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
@pytest.mark.parametrize(("table", "at_commit"), WHERE)
def test_whatever_statement_fails_the_request_is_tried_again_and_done_once(
    table: str, at_commit: bool, sqlstate: str, draft: str, client: NewClient, cast: Cast,
    committed_database: Database, owner: Database,
):  # fmt: skip
    with installed(None):  # the search fails, so that a job is deferred
        stumble(owner, table, sqlstate, TRIES - 1, at_commit=at_commit)
        answer = client().post(draft, headers=cast.headers["poster"] | KEY)
        again = client().post(draft, headers=cast.headers["poster"] | KEY)
    assert (answer.status_code, answer.json["state"]) == (200, "submitted")
    assert (again.json, again.headers["Idempotency-Replayed"]) == (answer.json, "true")
    assert submissions(committed_database) == 1
    assert tried(owner) >= TRIES


@pytest.mark.parametrize(("table", "at_commit"), WHERE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_after_the_last_try_it_is_503_with_nothing_written_and_the_key_may_be_used_again(
    table: str, at_commit: bool, language: str, draft: str, client: NewClient, cast: Cast,
    committed_database: Database, owner: Database,
):  # fmt: skip
    headers = cast.headers["poster"] | KEY | {"Accept-Language": language}
    with installed(None):
        stumble(owner, table, "40001", TRIES, at_commit=at_commit)
        before = fingerprint(committed_database)
        refused = client().post(draft, headers=headers)
        assert fingerprint(committed_database) == before
        answer = client().post(draft, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (503, "contended")
    assert (refused.mimetype, refused.headers["Retry-After"]) == ("application/problem+json", "2")
    assert {"zh": "没有写入任何内容", "en": "nothing was written"}[language] in refused.json["detail"]
    assert "Idempotency-Key" in refused.json["advice"]
    assert (answer.status_code, submissions(committed_database)) == (200, 1)


def test_another_fault_of_the_database_is_not_tried_again(
    draft: str, client: NewClient, cast: Cast, committed_database: Database, owner: Database
):
    stumble(owner, "need_transitions", "P0001", 1)
    before = fingerprint(committed_database)
    refused = client().post(draft, headers=cast.headers["poster"] | KEY)
    assert (refused.status_code, refused.json["code"]) == (500, "internal_error")
    assert (tried(owner), fingerprint(committed_database)) == (1, before)


def test_a_request_that_loses_a_deadlock_is_done_after_the_winner(
    draft: str, client: NewClient, cast: Cast, committed_database: Database
):
    """It holds its key and waits for the need; the other holds the need and waits for the key. It waited first."""
    account = poster_of(committed_database)
    with in_the_background() as start, committed_database.sessions() as other:
        other.execute(select(Need.id).with_for_update())
        request = start(lambda: client().post(draft, headers=cast.headers["poster"] | KEY))
        wait_for_waiting(committed_database, 1)
        stolen = {"account_id": account, "key": KEY["Idempotency-Key"], "request_hash": "another"}
        with suppress(
            OperationalError
        ):  # who waited first loses, unless this machine was held up for a second
            other.execute(insert(IdempotencyKey).values(**stolen, authority="", created_at=text("now()")))
        other.rollback()
        answer = request.result(60)
    assert (answer.status_code, answer.json["state"]) == (200, "submitted")
    assert submissions(committed_database) == 1


def poster_of(database: Database) -> Any:
    with database.transaction() as session:
        return session.scalars(select(Need.created_by)).one()


@pytest.mark.slow
def test_under_serialisable_isolation_every_story_ends_well(
    client: NewClient, cast: Cast, clock: FrozenClock, committed_database: Database, owner: Database
):
    """The failures are PostgreSQL's own here; a caller who is told 503 comes back with the same key."""
    with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'"))
    committed_database.engine.dispose()

    def live(number: int) -> int:
        return tell(a_life(Random(number), cast), client(), cast, str(number))

    with in_the_background() as start:
        told = [start(live, number) for number in range(4)]
        steps = sum(each.result(120) for each in told)
    with committed_database.transaction() as session:
        assert session.scalar(text("SHOW transaction_isolation")) == "serializable"
        assert answers_kept(session) == steps
        states_follow_from_the_history(session)


def tell(story: Story, client: FlaskClient, cast: Cast, name: str) -> int:
    """The story, each step repeated until it is done; how many steps it had."""
    step, number = next(story), 0
    while True:
        number += 1
        headers = cast.headers[step.who] | {"Idempotency-Key": f"{name}-{number}"}
        while (answer := client.post(f"/api{step.path}", json=step.body, headers=headers)).status_code == 503:
            assert answer.json["code"] == "contended"
        assert answer.status_code in (200, 201), answer.text
        try:
            step = story.send(json.loads(answer.data))
        except StopIteration:
            return number
