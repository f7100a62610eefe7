"""Contacts over HTTP."""

from uuid import uuid4

import pytest

from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.talks import BOTH_SIDES, a_contact
from tests.made_once import made_once


@made_once
def exchange(session):
    made = an_exchange(session)
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


@pytest.fixture
def post(client, exchange):
    def send(path, actor, body=None, **headers):
        return client.post(f"/api{path}", json=body or {}, headers=exchange.headers(actor) | headers)

    return send


def body_of(exchange, **values):
    return {
        "kind": "meeting", "happened_on": "2026-03-10", "institute_id": str(exchange.institute.id),
        "people": BOTH_SIDES, "result": "双方确认指标口径", "next_step": "院方两周内给出方案", "next_step_on": "2026-03-24",
    } | values  # fmt: skip


def test_a_contact_is_recorded_shown_and_agreed(client, exchange, post):
    path = f"/needs/{exchange.need.id}/contacts"

    made = post(path, exchange.researcher, body_of(exchange))
    shown = client.get(made.headers["Location"], headers=exchange.headers(exchange.poster))
    agreed = post(f"/contacts/{made.json['id']}/agreement", exchange.poster)

    assert (made.status_code, shown.status_code, agreed.status_code) == (201, 200, 200)
    assert shown.json == made.json
    assert made.json["people"] == BOTH_SIDES
    assert made.json["institute_name"] == exchange.institute.name
    assert (made.json["state"], made.json["agreed_by_silence_at"]) == ("recorded", "2026-03-12T09:30:00Z")
    assert (agreed.json["state"], agreed.json["agreed_at"]) == ("agreed", "2026-03-10T01:30:00Z")


def test_a_dispute_says_why_and_only_the_enterprise_makes_it(exchange, post):
    contact = a_contact(exchange)
    path = f"/contacts/{contact.id}/dispute"

    silent = post(path, exchange.poster)
    foreign = post(path, exchange.researcher, {"message": "没有"})
    made = post(path, exchange.poster, {"message": "当天没有通话"})
    twice = post(path, exchange.poster, {"message": "当天没有通话"})

    assert [answer.status_code for answer in (silent, foreign, made, twice)] == [422, 403, 200, 409]
    assert silent.json["errors"][0]["field"] == "message"
    assert (made.json["state"], made.json["dispute_message"]) == ("disputed", "当天没有通话")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"result": None}, "result"),
        ({"next_step": " "}, "next_step"),
        ({"happened_on": "2026-03-11"}, "happened_on"),
        ({"happened_on": "2026-03-08"}, "happened_on"),
        ({"happened_on": "1989-12-31"}, "happened_on"),
        ({"kind": "chat"}, "kind"),
        ({"people": BOTH_SIDES[:1]}, "people"),
        ({"people": []}, "people"),
        ({"people": [{"name": "甲"}]}, "people.0.side"),
        ({"people": [{"name": "甲\ud800", "side": "enterprise"}]}, "people.0.name"),
        ({"institute_id": str(uuid4())}, "institute_id"),
        ({"next_step_on": "2026-03-09"}, "next_step_on"),
        ({"mood": "good"}, "mood"),
    ],
)
def test_a_contact_that_cannot_be_names_the_field(exchange, post, wrong, field):
    refused = post(f"/needs/{exchange.need.id}/contacts", exchange.operator, body_of(exchange, **wrong))

    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert field in [error["field"] for error in refused.json["errors"]]


@pytest.mark.parametrize("field", ["kind", "happened_on", "institute_id", "people", "result", "next_step"])
def test_date_people_result_and_next_step_are_compulsory(exchange, post, field):
    body = body_of(exchange)
    del body[field]

    refused = post(f"/needs/{exchange.need.id}/contacts", exchange.operator, body)

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)


def test_a_competitor_finds_no_contact(client, exchange):
    contact = a_contact(exchange)
    an_invitation(exchange.session, exchange.need, exchange.rival, state="accepted")
    headers = exchange.headers(exchange.rival_office)

    assert client.get(f"/api/contacts/{contact.id}", headers=headers).status_code == 404
    listed = client.get(f"/api/needs/{exchange.need.id}/contacts", headers=headers)
    assert listed.json == {"items": [], "next_cursor": None}


def test_a_retried_record_is_one_contact(client, exchange, post):
    path, headers = f"/needs/{exchange.need.id}/contacts", exchange.headers(exchange.operator)
    key = {"Idempotency-Key": "call-of-tuesday"}

    answers = [client.post(f"/api{path}", json=body_of(exchange), headers=headers | key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(client.get(f"/api{path}", headers=headers).json["items"]) == 1
