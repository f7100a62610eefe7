"""Proposals over HTTP: the whole life, ETags, retries, and what is hidden from whom."""

from uuid import uuid4

import pytest

from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.proposals import a_proposal, proposal_entry
from tests.made_once import made_once


@made_once
def exchange(session):
    made = an_exchange(session)
    for institute in (made.institute, made.rival):
        an_invitation(session, made.need, institute, state="accepted")
    return made


@pytest.fixture
def post(client, exchange):
    def send(path, actor, body=None, **headers):
        return client.post(f"/api{path}", json=body or {}, headers=exchange.headers(actor) | headers)

    return send


@pytest.fixture
def get(client, exchange):
    return lambda path, actor: client.get(f"/api{path}", headers=exchange.headers(actor))


@pytest.fixture
def patch(client, exchange):
    def send(path, actor, body, etag=None):
        headers = exchange.headers(actor) | ({"If-Match": etag} if etag else {})
        return client.patch(f"/api{path}", json=body, headers=headers)

    return send


def test_a_proposal_is_drafted_amended_released_and_accepted(exchange, post, get, patch):
    drafted = post(f"/needs/{exchange.need.id}/proposals", exchange.researcher, {"title": "双光栅模块"})
    path = f"/proposals/{drafted.json['id']}"
    assert drafted.headers["Location"] == f"/api{path}"

    too_early = post(f"{path}/release", exchange.office)
    amended = patch(path, exchange.researcher, proposal_entry(), drafted.headers["ETag"])
    released = post(f"{path}/release", exchange.office)
    seen = get(path, exchange.poster)
    accepted = post(f"{path}/acceptance", exchange.poster)

    assert [answer.status_code for answer in (drafted, too_early, amended, released, seen, accepted)] == [
        201, 422, 200, 200, 200, 200,
    ]  # fmt: skip
    assert too_early.json["code"] == "proposal_incomplete"
    assert "键合良率" in too_early.json["missing"]
    assert released.json["released_at"] == "2026-03-10T01:30:00Z"
    assert seen.json == released.json
    assert seen.json["price"] == proposal_entry()["price"]
    assert (accepted.json["state"], accepted.json["decided_at"]) == ("accepted", "2026-03-10T01:30:00Z")


def test_a_change_needs_the_version_it_is_based_on(exchange, patch, get):
    draft = a_proposal(exchange, released=False)
    path = f"/proposals/{draft.id}"
    etag = get(path, exchange.researcher).headers["ETag"]

    blind = patch(path, exchange.researcher, {"trl": 7})
    first = patch(path, exchange.researcher, {"trl": 7}, etag)
    lost = patch(path, exchange.office, {"trl": 8}, etag)

    assert [answer.status_code for answer in (blind, first, lost)] == [428, 200, 412]
    assert get(path, exchange.office).json["trl"] == 7


def test_a_released_proposal_is_not_amended_over_http(exchange, patch, get):
    path = f"/proposals/{a_proposal(exchange).id}"

    refused = patch(path, exchange.office, {"trl": 9}, get(path, exchange.office).headers["ETag"])

    assert (refused.status_code, refused.json["code"]) == (409, "proposal_released")
    assert refused.json["advice"] == "撤回后另拟一份"


def test_a_draft_shows_the_operator_its_outline_only(exchange, get):
    path = f"/proposals/{a_proposal(exchange, released=False).id}"

    outline = get(path, exchange.operator)

    assert set(outline.json) == {
        "id", "need_id", "need_number", "institute_id", "institute_name", "state", "created_at", "updated_at",
    }  # fmt: skip
    assert outline.headers["ETag"] != get(path, exchange.office).headers["ETag"]
    listed = get(f"/needs/{exchange.need.id}/proposals", exchange.operator)
    assert listed.json["items"] == [outline.json]
    assert get(path, exchange.poster).status_code == 404


def test_a_competitor_is_told_the_same_as_of_a_proposal_that_does_not_exist(exchange, get, post):
    proposal = a_proposal(exchange)

    hidden = get(f"/proposals/{proposal.id}", exchange.rival_office)
    absent = get(f"/proposals/{uuid4()}", exchange.rival_office)

    assert hidden.status_code == absent.status_code == 404
    assert {**hidden.json, "instance": ""} == {**absent.json, "instance": ""}
    assert post(f"/proposals/{proposal.id}/acceptance", exchange.rival_office).status_code == 404
    listed = get(f"/needs/{exchange.need.id}/proposals", exchange.rival_office)
    assert listed.json == {"items": [], "next_cursor": None}
    assert get(f"/needs/{exchange.need.id}/proposal-comparison", exchange.rival_office).status_code == 403


def test_a_comparison_says_the_same_of_every_proposal(exchange, get):
    first = a_proposal(exchange)
    second = a_proposal(exchange, by=exchange.rival_office, trl=4)

    table = get(f"/needs/{exchange.need.id}/proposal-comparison", exchange.poster).json

    assert [column["id"] for column in table["proposals"]] == [str(first.id), str(second.id)]
    assert [column["trl"] for column in table["proposals"]] == [6, 4]
    assert [column["musts_met"] for column in table["proposals"]] == [2, 2]
    assert [row["name"] for row in table["indicators"]] == ["键合良率", "单片节拍", "单位能耗"]
    assert all(cell["verdict"] == "met" for row in table["indicators"] for cell in row["answers"])


def test_a_refusal_carries_its_reason_to_the_institute(exchange, post, get):
    proposal = a_proposal(exchange)
    path = f"/proposals/{proposal.id}"

    without = post(f"{path}/refusal", exchange.poster)
    other = post(f"{path}/refusal", exchange.poster, {"reason_code": "other"})
    made = post(f"{path}/refusal", exchange.poster, {"reason_code": "too_early", "message": "需要中试数据"})

    assert [answer.status_code for answer in (without, other, made)] == [422, 422, 200]
    seen = get(path, exchange.researcher).json
    assert (seen["state"], seen["reason_code"]) == ("declined", "too_early")
    assert seen["decision_message"] == "需要中试数据"


def test_the_second_choice_is_a_conflict_and_a_retry_of_the_first_is_not(exchange, post):
    chosen, other = a_proposal(exchange), a_proposal(exchange, by=exchange.rival_office)
    key = {"Idempotency-Key": "choice"}

    first = post(f"/proposals/{chosen.id}/acceptance", exchange.poster, **key)
    again = post(f"/proposals/{chosen.id}/acceptance", exchange.poster, **key)
    second = post(f"/proposals/{other.id}/acceptance", exchange.poster)

    assert [answer.status_code for answer in (first, again, second)] == [200, 200, 409]
    assert again.json == first.json
    assert (second.json["code"], second.json["state"]) == ("wrong_state", "not_selected")


def test_a_second_live_proposal_is_a_conflict_that_names_the_first(exchange, post):
    path = f"/needs/{exchange.need.id}/proposals"
    first = post(path, exchange.researcher, {"title": "甲"})

    second = post(path, exchange.researcher, {"title": "乙"})

    assert (second.status_code, second.json["id"]) == (409, first.json["id"])


def test_a_withdrawal_frees_the_place(exchange, post):
    path = f"/needs/{exchange.need.id}/proposals"
    first = post(path, exchange.researcher, {"title": "甲"})

    withdrawn = post(f"/proposals/{first.json['id']}/withdrawal", exchange.researcher)
    second = post(path, exchange.researcher, {"title": "乙"})

    assert (withdrawn.json["state"], second.status_code) == ("withdrawn", 201)
