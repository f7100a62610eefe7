"""The same request twice, and changes that rest on an old version."""

import json

import pytest
from sqlalchemy import func, select

from backbone.actor import Role
from backbone.audit import AuditEvent
from backbone.idempotency import IdempotencyKey
from sky_net.needs.models import Need
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account, headers_of, of
from tests.factories.needs import a_need_body

pytestmark = pytest.mark.postgres

ZH, EN = {"Accept-Language": "zh"}, {"Accept-Language": "en"}


@pytest.fixture
def poster(session):
    account = an_account(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    return headers_of(session, account)


@pytest.fixture
def written(session):
    """How many rows there are of everything a refused request might have left."""

    def count():
        tables = (Need, AuditEvent, IdempotencyKey)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    return count


def problem_of(response, status, field=None):
    assert response.status_code == status, response.get_data(as_text=True)[:500]
    assert response.mimetype == "application/problem+json"
    problem = json.loads(response.get_data())
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    if field is not None:
        assert [error["field"] for error in problem["errors"]] == [field], problem
    return problem


def post(client, poster, body, language=ZH, **kwargs):
    headers = poster | language | kwargs.pop("headers", {})
    if isinstance(body, bytes | str):
        return client.post("/api/needs", data=body, content_type="application/json", headers=headers)
    return client.post("/api/needs", json=body, headers=headers)


@pytest.mark.parametrize("key", ["", "k" * 201, "钥匙", "a\tb"])
def test_an_unusable_idempotency_key_is_named(client, poster, written, key):
    before = written()
    headers = {"Idempotency-Key": key.encode("utf-8").decode("latin-1")}
    problem_of(post(client, poster, a_need_body(), headers=headers), 422, "Idempotency-Key")
    assert written() == before


def test_the_same_key_twice_makes_one_need(client, poster, session):
    first, second = (
        post(client, poster, a_need_body(), headers={"Idempotency-Key": "once"}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_data() == second.get_data()
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["Location"] == second.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert session.scalar(select(func.count()).select_from(Need)) == 1


def test_the_same_key_with_another_body_is_a_conflict(client, poster, session):
    post(client, poster, a_need_body(), headers={"Idempotency-Key": "once"})
    for language, expected in ((ZH, "不同内容"), (EN, "different request")):
        other = post(
            client, poster, a_need_body(title="另一项"), language, headers={"Idempotency-Key": "once"}
        )
        assert expected in problem_of(other, 409)["detail"]
    assert session.scalar(select(func.count()).select_from(Need)) == 1


def test_a_refused_request_leaves_its_key_free(client, poster):
    headers = {"Idempotency-Key": "again"}
    problem_of(post(client, poster, a_need_body(trl_now=0), headers=headers), 422, "trl_now")
    assert post(client, poster, a_need_body(), headers=headers).status_code == 201


def test_a_change_without_if_match_is_refused(client, poster):
    need = post(client, poster, a_need_body()).get_json()
    for language, expected in ((ZH, "If-Match"), (EN, "If-Match")):
        response = client.patch(f"/api/needs/{need['id']}", json={"title": "改"}, headers=poster | language)
        assert expected in problem_of(response, 428)["title"]


def test_a_change_of_an_old_version_is_refused_and_changes_nothing(client, poster):
    made = post(client, poster, a_need_body())
    address, first = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    assert client.patch(address, json={"title": "甲改"}, headers=poster | first).status_code == 200
    for language, expected in ((ZH, "未作任何修改"), (EN, "nothing was changed")):
        response = client.patch(address, json={"title": "乙改"}, headers=poster | first | language)
        assert expected in problem_of(response, 412)["detail"]
    assert client.get(address, headers=poster).get_json()["title"] == "甲改"


@pytest.mark.parametrize("tag", ["*", 'W/"x"', '"x"'])
def test_a_tag_that_names_no_version_is_stale_unless_it_names_all(client, poster, tag):
    made = post(client, poster, a_need_body())
    response = client.patch(
        made.headers["Location"], json={"title": "改"}, headers=poster | {"If-Match": tag}
    )
    assert response.status_code == (200 if tag == "*" else 412)
