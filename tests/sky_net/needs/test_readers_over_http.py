"""Every way over HTTP in which somebody of another house sees a confidential need, and what the enterprise is told."""

import pytest

from backbone.actor import PROVINCE, Role
from sky_net.matching.engine import Engine
from tests.factories.achievements import an_achievement
from tests.factories.attachments import an_attachment
from tests.factories.identity import bearer
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.matching import an_engine, installed
from tests.factories.needs import a_need
from tests.made_once import made_once


@made_once
def exchange(session):
    made = an_exchange(session, visibility="masked")
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


@pytest.fixture
def engine(tmp_path) -> Engine:
    made = an_engine(tmp_path)
    with installed(made):
        yield made


def readers(client, exchange, **query):
    answer = client.get(
        f"/api/needs/{exchange.need.id}/readers",
        query_string=query,
        headers=exchange.headers(exchange.poster),
    )
    assert answer.status_code == 200, answer.text
    return answer.get_json()["items"]


def ways(client, exchange):
    return [(each["way"], each["role"]) for each in readers(client, exchange, sort="read_at")]


def get(client, exchange, actor, path, status=200):
    answer = client.get(f"/api{path}", headers=exchange.headers(actor))
    assert answer.status_code == status, answer.text


def test_the_enterprise_is_told_who_saw_what_when_and_how(client, exchange):
    get(client, exchange, exchange.office, f"/needs/{exchange.need.id}")
    (row,) = readers(client, exchange)
    assert row == {
        "role": "transfer_office", "organisation_id": str(exchange.institute.id), "organisation_name": exchange.institute.name,
        "reader_name": None, "zone_code": None, "way": "opened", "view": "invited", "attachment_id": None,
        "read_on": "2026-03-10", "read_at": row["read_at"],
    }  # fmt: skip
    assert row["read_at"] == "2026-03-10T01:30:00Z"


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/needs/{need}", "opened"), ("/needs", "listed"), ("/needs/{need}/matches", "opened"), ("/needs/{need}/attachments", "listed"),
        ("/needs/{need}/proposal-comparison", "opened"),
    ],
)  # fmt: skip
def test_every_operation_that_shows_its_words_to_an_operator_is_noted(client, exchange, engine, path, way):
    get(client, exchange, exchange.operator, path.format(need=exchange.need.id))
    assert ways(client, exchange) == [(way, "operator")]


@pytest.mark.parametrize(
    "path", ["/needs/{need}/history", "/needs/{need}/clocks", "/needs/{need}/completeness", "/clocks"]
)
def test_what_shows_none_of_its_words_is_not_noted(client, exchange, path):
    get(client, exchange, exchange.operator, path.format(need=exchange.need.id))
    assert ways(client, exchange) == []


def test_who_acts_on_a_need_is_answered_with_all_of_it_and_noted(client, session):
    exchange = an_exchange(session, confirmed=False, visibility="masked")
    answer = client.post(
        f"/api/needs/{exchange.need.id}/confirmation", json={"complexity": "ordinary"}, headers=exchange.headers(exchange.operator),
    )  # fmt: skip
    assert answer.get_json()["view"] == "full"
    assert ways(client, exchange) == [("opened", "operator")]


@pytest.mark.parametrize(("level", "told"), [("public", True), ("masked", False), ("invited", True)])
def test_files_are_noted_unless_they_were_made_for_strangers(client, session, exchange, level, told):
    attachment = an_attachment(session, exchange.need, level=level)
    get(client, exchange, exchange.office, f"/attachments/{attachment.id}")
    get(client, exchange, exchange.office, f"/attachments/{attachment.id}/content")
    found = [(each["way"], each["attachment_id"]) for each in readers(client, exchange, sort="read_at")]
    assert sorted(found) == (
        [("downloaded", str(attachment.id)), ("opened", str(attachment.id))] if told else []
    )


def test_a_confidential_file_of_a_public_need_is_noted_too(client, session, exchange):
    exchange.need.visibility = "public"
    attachment = an_attachment(session, exchange.need, level="invited")
    get(client, exchange, exchange.office, f"/attachments/{attachment.id}/content")
    open_one = an_attachment(session, exchange.need, level="public")
    get(client, exchange, exchange.office, f"/attachments/{open_one.id}/content")
    assert [each["attachment_id"] for each in readers(client, exchange)] == [str(attachment.id)]


def test_a_need_found_by_an_achievement_and_shown_whole_is_noted(client, session, exchange, engine):
    achievement = an_achievement(session, institute=exchange.institute, title="半导体装备对准")
    a_need(session, state="confirmed", visibility="masked")
    get(client, exchange, exchange.office, f"/achievements/{achievement.id}/fitting-needs")
    assert ways(client, exchange) == [("found", "transfer_office")]


def test_those_who_see_it_masked_or_not_at_all_are_not_noted(client, exchange):
    get(client, exchange, exchange.rival_office, f"/needs/{exchange.need.id}")
    get(client, exchange, exchange.broker, f"/needs/{exchange.need.id}")
    get(client, exchange, exchange.stranger, f"/needs/{exchange.need.id}", 404)
    get(client, exchange, exchange.poster, f"/needs/{exchange.need.id}")
    assert ways(client, exchange) == []


def test_a_token_that_may_only_read_is_noted_as_well(client, session, exchange):
    headers = bearer(session, (Role.AUDITOR, PROVINCE), name="审计员", may_write=False)
    assert client.get(f"/api/needs/{exchange.need.id}", headers=headers).status_code == 200
    assert [each["reader_name"] for each in readers(client, exchange)] == ["审计员"]


def test_an_unchanged_need_that_is_not_sent_again_was_still_looked_at(client, exchange):
    headers = exchange.headers(exchange.operator)
    tag = client.get(f"/api/needs/{exchange.need.id}", headers=headers).headers["ETag"]
    assert (
        client.get(f"/api/needs/{exchange.need.id}", headers=headers | {"If-None-Match": tag}).status_code
        == 304
    )
    assert len(readers(client, exchange)) == 1


@pytest.mark.parametrize("who", ["operator", "auditor", "office", "rival_office", "broker"])
def test_the_readers_are_for_the_enterprise_alone(client, exchange, who):
    get(client, exchange, getattr(exchange, who), f"/needs/{exchange.need.id}/readers", 403)


def test_whoever_may_not_know_of_the_need_finds_no_readers(client, exchange):
    get(client, exchange, exchange.stranger, f"/needs/{exchange.need.id}/readers", 404)


@pytest.mark.parametrize(
    "query", [{"way": "stolen"}, {"sort": "reader"}, {"limit": "0"}, {"cursor": "x"}, {"more": "1"}]
)
def test_bad_questions_are_refused_in_words(client, exchange, query):
    answer = client.get(
        f"/api/needs/{exchange.need.id}/readers",
        query_string=query,
        headers=exchange.headers(exchange.poster),
    )
    assert answer.status_code == 422, answer.text
    assert answer.get_json()["errors"]
