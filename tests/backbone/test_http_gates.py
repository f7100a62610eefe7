"""A gate stands around a public operation: what it writes stays, whatever becomes of the operation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from backbone.db import transaction
from backbone.errors import Bilingual, Forbidden, TooManyRequests
from backbone.fields import Schema, Text
from backbone.http import Call, Routes
from backbone.identity.models import LoginBudget
from tests.factories.small_app import a_small_app


class Knock(Schema):
    name = Text(20, required=True)


def note(key: str, now: datetime) -> None:
    with transaction() as session:
        session.add(LoginBudget(key=key, spent_until=now))


@contextmanager
def porter(body: Mapping[str, Any], now: datetime) -> Iterator[None]:
    if body["name"] == "flood":
        raise TooManyRequests(retry_after_s=7)
    note(f"came {body['name']}", now)
    yield
    note(f"went in {body['name']}", now)


@pytest.fixture
def client(rolled_back, clock):
    routes = Routes("doors", __name__, url_prefix="/api")

    @routes.operation(
        "POST", "/knocks", "knock", Bilingual("敲门", "Knock"), body=Knock, answer=Knock, status=201, public=True, gate=porter
    )  # fmt: skip
    def knock(call: Call) -> Any:
        call.session.add(LoginBudget(key=f"inside {call.body['name']}", spent_until=call.now))
        call.session.flush()
        if call.body["name"] == "stranger":
            raise Forbidden()
        return call.body

    return a_small_app(rolled_back, clock, further=(routes,)).test_client()


def noted(session):
    session.expire_all()
    return set(session.scalars(select(LoginBudget.key)))


def test_around_what_succeeds_the_gate_is_entered_and_left(client, session):
    assert client.post("/api/knocks", json={"name": "zhang"}).status_code == 201
    assert noted(session) == {"came zhang", "inside zhang", "went in zhang"}


def test_what_the_gate_wrote_outlives_the_rollback_of_a_refusal(client, session):
    assert client.post("/api/knocks", json={"name": "stranger"}).status_code == 403
    assert noted(session) == {"came stranger"}


@pytest.mark.parametrize(("tongue", "word"), [("zh", "过于频繁"), ("en", "too fast")])
def test_a_gate_that_stays_shut_says_when_to_come_back(client, session, tongue, word):
    answer = client.post("/api/knocks", json={"name": "flood"}, headers={"Accept-Language": tongue})
    assert (answer.status_code, answer.headers["Retry-After"], answer.json["code"]) == (
        429,
        "7",
        "too_many_requests",
    )
    assert word in answer.json["detail"]
    assert noted(session) == set()


@pytest.mark.parametrize(
    ("sent", "status"), [({}, 422), ({"name": "x" * 21}, 422), ({"name": "a", "key": 1}, 422)]
)
def test_a_body_that_makes_no_sense_does_not_reach_the_gate(client, session, sent, status):
    assert client.post("/api/knocks", json=sent).status_code == status
    assert session.scalar(select(func.count()).select_from(LoginBudget)) == 0


def test_the_document_says_that_it_may_be_refused_for_coming_too_often(client):
    responses = client.get("/api/openapi.json").json["paths"]["/api/knocks"]["post"]["responses"]
    assert list(responses["429"]["content"]) == ["application/problem+json"]
    plates = client.get("/api/openapi.json").json["paths"]["/api/plates"]["post"]["responses"]
    assert "429" not in plates
    assert "431" in plates
