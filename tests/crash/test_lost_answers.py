"""The answer is lost, or not there yet, and the caller asks again: done once, and the same answer."""

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backbone.db import Database
from sky_net.needs.models import Need
from tests.crash.evidence import answers_kept, audited, fingerprint
from tests.crash.served import Web, eventually
from tests.crash.stories import NEED, Cast, a_cast
from tests.crash.trouble import in_the_background, stumble, wait_for_waiting

NewClient = Callable[[], FlaskClient]
KEY = {"Idempotency-Key": "the only one"}


@pytest.fixture
def cast(committed_database: Database) -> Cast:
    with committed_database.transaction() as session:
        return a_cast(session)


@pytest.fixture
def draft(client: NewClient, cast: Cast) -> str:
    """The path at which a complete draft is submitted."""
    made = client().post("/api/needs", json=NEED, headers=cast.headers["poster"])
    return f"/api/needs/{made.json['id']}/submission"


@pytest.fixture
def both_at_once(committed_database: Database) -> Callable[..., list[Any]]:
    """Start the works one after the other while the need is locked: the second while the first is still at it."""

    def run(*works: Callable[[], Any]) -> list[Any]:
        with in_the_background() as start, committed_database.sessions() as other:
            other.execute(select(Need.id).with_for_update())
            running = []
            for number, work in enumerate(works, 1):
                running.append(start(work))
                wait_for_waiting(committed_database, number)
            other.rollback()
            return [each.result(60) for each in running]

    return run


def submissions(database: Database) -> int:
    with database.transaction() as session:
        return audited(session)["submit_need"]


def test_a_retry_while_the_first_is_still_running_waits_and_gets_its_answer(
    draft: str, client: NewClient, cast: Cast, committed_database: Database, both_at_once: Callable[..., Any]
):
    def submit() -> Any:
        return client().post(draft, headers=cast.headers["poster"] | KEY)

    first, *others = both_at_once(submit, submit, submit)
    assert (first.status_code, first.json["state"]) == (200, "submitted")
    assert "Idempotency-Replayed" not in first.headers
    for other in others:
        assert (other.status_code, other.data, other.headers["ETag"]) == (
            200,
            first.data,
            first.headers["ETag"],
        )
        assert other.headers["Idempotency-Replayed"] == "true"
    assert submissions(committed_database) == 1


def test_when_the_first_fails_the_waiting_retry_does_the_work_itself(
    draft: str, client: NewClient, cast: Cast, committed_database: Database, owner: Database,
    both_at_once: Callable[..., Any],
):  # fmt: skip
    def submit() -> Any:
        return client().post(draft, headers=cast.headers["poster"] | KEY)

    stumble(owner, "need_transitions", "P0001", 1)
    failed, done = both_at_once(submit, submit)
    assert (failed.status_code, done.status_code) == (500, 200)
    assert "Idempotency-Replayed" not in done.headers
    assert submissions(committed_database) == 1


def test_another_request_under_the_same_key_waits_too_and_is_refused(
    draft: str, client: NewClient, cast: Cast, committed_database: Database, both_at_once: Callable[..., Any]
):
    def submit() -> Any:
        return client().post(draft, headers=cast.headers["poster"] | KEY)

    def draft_another() -> Any:
        return client().post("/api/needs", json=NEED, headers=cast.headers["poster"] | KEY)

    done, refused = both_at_once(submit, draft_another)
    assert (done.status_code, refused.status_code, refused.json["code"]) == (
        200,
        409,
        "idempotency_key_reused",
    )
    with committed_database.transaction() as session:
        assert audited(session)["draft_need"] == 1


def test_a_key_whose_request_was_refused_serves_the_corrected_one(
    client: NewClient, cast: Cast, committed_database: Database
):
    before = fingerprint(committed_database)
    refused = client().post("/api/needs", json={"title": ""}, headers=cast.headers["poster"] | KEY)
    assert (refused.status_code, fingerprint(committed_database)) == (422, before)
    corrected = client().post("/api/needs", json=NEED, headers=cast.headers["poster"] | KEY)
    again = client().post("/api/needs", json=NEED, headers=cast.headers["poster"] | KEY)
    assert (corrected.status_code, again.data) == (201, corrected.data)
    with committed_database.transaction() as session:
        assert (answers_kept(session), audited(session)["draft_need"]) == (1, 1)


@pytest.mark.slow
def test_who_hangs_up_before_the_answer_finds_it_under_the_same_key(
    web: Web, cast: Cast, committed_database: Database
):
    """Over a real socket: the whole request is sent, the answer is never read."""
    sent = web.raw("/api/needs", NEED, cast.headers["poster"] | KEY)
    with socket.create_connection(web.address) as caller:
        caller.sendall(sent)

    def is_drafted() -> bool:
        with committed_database.transaction() as session:
            return audited(session)["draft_need"] == 1

    eventually(is_drafted)
    status, headers, body = web.post("/api/needs", NEED, cast.headers["poster"] | KEY)
    assert (status, headers["Idempotency-Replayed"]) == (201, "true")
    with committed_database.transaction() as session:
        assert session.scalars(select(Need.number)).all() == [json.loads(body)["number"]]


@pytest.mark.slow
def test_who_hangs_up_in_the_middle_of_the_request_has_done_nothing(
    web: Web, cast: Cast, committed_database: Database
):
    before = fingerprint(committed_database)
    sent = web.raw("/api/needs", NEED, cast.headers["poster"] | KEY)
    for length in (10, len(sent) // 2, len(sent) - 1):
        with socket.create_connection(web.address) as caller:
            caller.sendall(sent[:length])
    status, _, _ = web.post(
        "/api/needs", {"title": ""}, cast.headers["poster"] | {"Idempotency-Key": "other"}
    )
    assert (status, fingerprint(committed_database)) == (422, before)
    status, headers, _ = web.post("/api/needs", NEED, cast.headers["poster"] | KEY)
    assert status == 201
    assert "Idempotency-Replayed" not in headers
