"""Invitations over HTTP: statuses, places, retries, and what a competitor is told."""

from uuid import uuid4

import pytest

from tests.factories.invitations import an_exchange, an_invitation
from tests.made_once import made_once


@made_once
def exchange(session):
    return an_exchange(session)


@pytest.fixture
def post(client, exchange):
    def send(path, actor, body=None, **headers):
        return client.post(f"/api{path}", json=body or {}, headers=exchange.headers(actor) | headers)

    return send


def test_an_invitation_is_made_shown_and_answered(client, exchange, post):
    path = f"/needs/{exchange.need.id}/invitations"

    made = post(path, exchange.operator, {"institute_id": str(exchange.institute.id), "message": "请看看"})
    shown = client.get(made.headers["Location"], headers=exchange.headers(exchange.researcher))
    accepted = post(f"/invitations/{made.json['id']}/acceptance", exchange.researcher)

    assert (made.status_code, shown.status_code, accepted.status_code) == (201, 200, 200)
    assert made.json == shown.json
    assert made.json["need_number"] == exchange.need.number
    assert made.json["institute_name"] == exchange.institute.name
    assert made.json["invited_at"] == "2026-03-10T01:30:00Z"
    assert (accepted.json["state"], accepted.json["answered_at"]) == ("accepted", "2026-03-10T01:30:00Z")
    assert accepted.headers["ETag"] != made.headers["ETag"]


def test_an_institute_that_was_renamed_is_shown_by_its_new_name(client, session, exchange, post):
    made = post(
        f"/needs/{exchange.need.id}/invitations",
        exchange.operator,
        {"institute_id": str(exchange.institute.id)},
    )
    headers = exchange.headers(exchange.researcher)
    seen = client.get(made.headers["Location"], headers=headers)
    asked = headers | {"If-None-Match": seen.headers["ETag"]}
    assert client.get(made.headers["Location"], headers=asked).status_code == 304

    exchange.institute.name = "改名后的测试院所"
    session.flush()

    shown = client.get(made.headers["Location"], headers=asked)
    assert (shown.status_code, shown.json["institute_name"]) == (200, "改名后的测试院所")


def test_no_view_of_an_invitation_tells_the_title_or_the_enterprise_of_a_masked_need(exchange, post):
    path = f"/needs/{exchange.need.id}/invitations"

    made = post(path, exchange.broker, {"institute_id": str(exchange.institute.id)})

    assert exchange.need.title not in made.text
    assert exchange.enterprise.name not in made.text


def test_a_second_invitation_is_a_conflict_that_names_the_first(exchange, post):
    body = {"institute_id": str(exchange.institute.id)}
    first = post(f"/needs/{exchange.need.id}/invitations", exchange.operator, body)

    second = post(f"/needs/{exchange.need.id}/invitations", exchange.operator, body)

    assert second.status_code == 409
    assert (second.json["code"], second.json["id"]) == ("already_invited", first.json["id"])


def test_a_retry_with_the_same_key_gets_the_first_answer(exchange, post):
    body = {"institute_id": str(exchange.institute.id)}
    headers = exchange.headers(exchange.operator) | {"Idempotency-Key": "invite-1"}

    first = post(f"/needs/{exchange.need.id}/invitations", exchange.operator, body, **headers)
    again = post(f"/needs/{exchange.need.id}/invitations", exchange.operator, body, **headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_refusal_needs_a_reason_from_the_list(exchange, post):
    invitation = an_invitation(exchange.session, exchange.need, exchange.institute)
    path = f"/invitations/{invitation.id}/refusal"

    wrong = post(path, exchange.office, {"reason_code": "no_time"}, **{"Accept-Language": "en"})
    right = post(path, exchange.office, {"reason_code": "other", "message": "设备搬迁中"})
    twice = post(path, exchange.office, {"reason_code": "price"})

    assert (wrong.status_code, right.status_code, twice.status_code) == (422, 200, 409)
    assert wrong.json["errors"][0]["field"] == "reason_code"
    assert (right.json["state"], right.json["reason_code"]) == ("declined", "other")
    assert right.json["refusal_message"] == "设备搬迁中"
    assert twice.json["code"] == "wrong_state"


def test_a_competitor_is_told_the_same_as_of_an_invitation_that_does_not_exist(client, exchange, post):
    invitation = an_invitation(exchange.session, exchange.need, exchange.institute)
    headers = exchange.headers(exchange.rival_office)

    hidden = client.get(f"/api/invitations/{invitation.id}", headers=headers)
    absent = client.get(f"/api/invitations/{uuid4()}", headers=headers)
    answered = post(f"/invitations/{invitation.id}/acceptance", exchange.rival_office)

    assert hidden.status_code == absent.status_code == answered.status_code == 404
    assert {**hidden.json, "instance": ""} == {**absent.json, "instance": ""}


def test_lists_know_who_asks(client, exchange):
    an_invitation(exchange.session, exchange.need, exchange.institute)
    an_invitation(exchange.session, exchange.need, exchange.rival, state="declined")

    def read(path, actor):
        return client.get(f"/api{path}", headers=exchange.headers(actor)).json["items"]

    of_need = f"/needs/{exchange.need.id}/invitations"
    assert len(read(of_need, exchange.poster)) == 2
    assert len(read(f"{of_need}?state=declined", exchange.poster)) == 1
    assert [row["institute_id"] for row in read(of_need, exchange.office)] == [str(exchange.institute.id)]
    assert [row["institute_id"] for row in read("/invitations", exchange.office)] == [
        str(exchange.institute.id)
    ]
    assert read("/invitations", exchange.operator) == []


def test_an_unconfirmed_need_says_in_which_states_it_could_be(client, session):
    exchange = an_exchange(session, confirmed=False)

    refused = client.post(
        f"/api/needs/{exchange.need.id}/invitations",
        json={"institute_id": str(exchange.institute.id)},
        headers=exchange.headers(exchange.operator),
    )

    assert (refused.status_code, refused.json["code"]) == (409, "need_not_open")
    assert refused.json["state"] == "submitted"
    assert "confirmed" in refused.json["allowed"]


def test_without_a_token_nothing_is_told(client, exchange):
    assert client.get(f"/api/needs/{exchange.need.id}/invitations").status_code == 401


def test_a_broker_reads_who_was_invited_but_not_what_was_written(client, exchange, post):
    path = f"/needs/{exchange.need.id}/invitations"
    made = post(
        path, exchange.poster, {"institute_id": str(exchange.institute.id), "message": "我们测试公司"}
    ).json
    broker = exchange.headers(exchange.broker)
    for shown in (
        client.get(f"/api/invitations/{made['id']}", headers=broker).json,
        client.get(f"/api{path}", headers=broker).json["items"][0],
    ):
        assert shown["institute_id"] == str(exchange.institute.id)
        assert "测试公司" not in str(shown)
        assert "message" not in shown
    assert client.get(f"/api/invitations/{made['id']}", headers=exchange.headers(exchange.office)).json[
        "message"
    ]
