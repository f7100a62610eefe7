from uuid import UUID

import pytest

from backbone.actor import PROVINCE, Role
from backbone.identity.models import Account
from tests.factories.directory import an_enterprise
from tests.factories.identity import administrator, an_account, bearer, headers_of, of, operator, zone

PASSWORD = "测试密码-至少有十二位长"


def open_account(client, session, login="zhang"):
    body = {"login": login, "name": "张测试", "password": PASSWORD}
    return client.post("/api/accounts", json=body, headers=administrator(session))


@pytest.mark.parametrize("login", [" zhang", "zhang san", "ｚｈａｎｇ", "zhang\u200b", "zhang\u00a0"])
def test_a_login_that_looks_like_another_is_refused(client, session, login):
    refused = open_account(client, session, login=login)
    assert refused.status_code == 422
    (problem,) = refused.get_json()["errors"]
    assert (problem["field"], "zhang" in str(problem)) == ("login", True)
    assert open_account(client, session, login="张三-1").status_code == 201


def log_in(client, **body):
    return client.post("/api/tokens", json={"login": "zhang", "password": PASSWORD} | body)


def as_bearer(answer):
    return {"Authorization": f"Bearer {answer.get_json()['token']}"}


def test_from_opening_an_account_to_logging_in_and_out(client, session):
    account = open_account(client, session)
    assert account.status_code == 201
    assert set(account.get_json()) == {
        "id", "login", "name", "email", "is_demo", "password_given_at", "memberships", "created_at",
    }  # fmt: skip
    token = log_in(client)
    assert token.status_code == 201
    assert token.get_json()["expires_at"] == "2026-04-09T01:30:00Z"
    headers = as_bearer(token)
    assert client.get("/api/me", headers=headers).get_json()["login"] == "zhang"
    (listed,) = client.get("/api/tokens", headers=headers).get_json()["items"]
    assert listed["id"] == token.get_json()["id"]
    assert "token" not in listed
    assert client.post(f"/api/tokens/{listed['id']}/revocation", headers=headers).status_code == 200
    assert client.get("/api/me", headers=headers).status_code == 401


@pytest.mark.parametrize(("days", "expires"), [(1, "2026-03-11"), (30, "2026-04-09"), (365, "2026-04-09")])
def test_a_token_lives_as_long_as_asked_but_not_longer_than_the_setting(client, session, days, expires):
    open_account(client, session)
    assert log_in(client, days=days).get_json()["expires_at"].startswith(expires)


def test_a_token_expires_with_the_clock(client, session, clock):
    open_account(client, session)
    headers = as_bearer(log_in(client, days=1))
    clock.advance(hours=23, minutes=59)
    assert client.get("/api/me", headers=headers).status_code == 200
    clock.advance(minutes=1)
    assert client.get("/api/me", headers=headers).status_code == 401


def test_a_read_only_token_reads_only(client, session):
    open_account(client, session)
    headers = as_bearer(log_in(client, read_only=True))
    assert client.get("/api/me", headers=headers).status_code == 200
    body = {"login": "x", "name": "x", "password": PASSWORD}
    assert client.post("/api/accounts", json=body, headers=headers).status_code == 403


@pytest.mark.parametrize("body", [{"password": "错误的密码-至少有十二位长"}, {"login": "nobody"}])
def test_wrong_credentials_are_401_and_do_not_say_which_of_the_two(client, session, body):
    open_account(client, session)
    answer = log_in(client, **body)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "wrong_credentials")
    assert "nobody" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "body", [{"login": None}, {"login": "\0"}, {"days": 0}, {"days": 366}, {"read_only": "yes"}, {"otp": "1"}]
)
def test_bad_requests_for_a_token_are_422(client, body):
    assert log_in(client, **body).status_code == 422


def test_a_short_password_and_a_taken_login_are_refused(client, session):
    headers = administrator(session)
    short = {"login": "li", "name": "李测试", "password": "十一个字符的密码啊啊啊"}
    assert client.post("/api/accounts", json=short, headers=headers).status_code == 422
    open_account(client, session)
    again = open_account(client, session)
    assert (again.status_code, again.get_json()["code"]) == (409, "login_taken")
    assert "zhang" in again.get_json()["detail"]


def test_the_password_is_in_no_answer(client, session):
    answers = [open_account(client, session), log_in(client)]
    assert not [
        answer for answer in answers if PASSWORD in answer.get_data(as_text=True) or b"argon2" in answer.data
    ]


def grant(client, headers, account, role, scope):
    return client.post(
        f"/api/accounts/{account.id}/memberships", json={"role": role, "scope": scope}, headers=headers
    )


def test_a_membership_ended_takes_effect_on_the_next_request(client, session):
    enterprise, account = an_enterprise(session), an_account(session)
    theirs, ours = headers_of(session, account), operator(session, zone())
    address = f"/api/enterprises/{enterprise.id}"
    assert client.get(address, headers=theirs).status_code == 404
    made = grant(
        client, ours, account, "enterprise_member", {"kind": "organisation", "id": str(enterprise.id)}
    )
    assert made.status_code == 201
    assert client.get(address, headers=theirs).status_code == 200
    assert client.get("/api/me", headers=theirs).get_json()["memberships"][0]["scope_id"] == str(
        enterprise.id
    )
    ended = client.post(f"/api/memberships/{made.get_json()['id']}/end", headers=ours)
    assert ended.get_json()["ended_at"] == "2026-03-10T01:30:00Z"
    assert client.get(address, headers=theirs).status_code == 404
    assert client.get("/api/me", headers=theirs).get_json()["memberships"] == []


def test_what_a_client_keeps_of_an_account_is_out_of_date_once_its_roles_change(client, session):
    account = an_account(session)
    theirs, ours = headers_of(session, account), administrator(session)

    def seen(tag=""):
        answer = client.get("/api/me", headers=theirs | {"If-None-Match": tag})
        return answer.headers["ETag"], answer.status_code

    before, _ = seen()
    made = grant(client, ours, account, "broker", {"kind": "province"})
    granted, status = seen(before)
    assert (status, seen(granted)) == (200, (granted, 304))
    client.post(f"/api/memberships/{made.get_json()['id']}/end", headers=ours)
    ended, status = seen(granted)
    assert (status, len({before, granted, ended})) == (200, 3)


@pytest.mark.parametrize(("role", "scope"), [
    ("operator", {"kind": "zone", "id": "420200"}), ("operator", {"kind": "zone", "id": "420100"}),
    ("administrator", {"kind": "province"}), ("auditor", {"kind": "province"}),
])  # fmt: skip
def test_a_zones_operator_cannot_grant_zones_or_administration(client, session, role, scope):
    assert grant(client, operator(session, zone()), an_account(session), role, scope).status_code == 403


def test_a_member_cannot_make_itself_a_transfer_office(client, session):
    enterprise = an_enterprise(session)
    account = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    answer = grant(client, headers_of(session, account), account, "operator", {"kind": "province"})
    assert answer.status_code == 403


@pytest.mark.parametrize(("role", "scope", "field"), [
    ("king", {"kind": "province"}, "role"), ("broker", {"kind": "moon"}, "scope.kind"), ("broker", {"kind": "zone"}, "scope.id"),
    ("broker", {"kind": "province", "id": "420100"}, "scope.id"), ("broker", {}, "scope.kind"),
    ("broker", {"kind": "zone", "id": "110000"}, "scope.id"), ("operator", {"kind": "zone", "id": "auto-corridor"}, "scope.id"), ("transfer_office", {"kind": "province"}, "scope.kind"),
    ("fund_manager", {"kind": "zone", "id": "420100"}, "scope.kind"),
])  # fmt: skip
def test_an_impossible_role_or_scope_is_422_naming_it(client, session, role, scope, field):
    answer = grant(client, administrator(session), an_account(session), role, scope)
    assert answer.status_code == 422
    assert [entry["field"] for entry in answer.get_json()["errors"]] == [field]


def test_accounts_of_others_are_404_but_for_administrators(client, session):
    account = an_account(session, (Role.AUDITOR, PROVINCE))
    address = f"/api/accounts/{account.id}"
    assert client.get(address, headers=bearer(session, (Role.OPERATOR, PROVINCE))).status_code == 404
    assert client.get(address, headers=administrator(session)).status_code == 200
    assert client.get(address, headers=headers_of(session, account)).status_code == 200


def test_a_token_is_narrowed_to_roles_that_are_held(client, session):
    opened = session.get_one(Account, UUID(open_account(client, session).get_json()["id"]))
    assert grant(client, administrator(session), opened, "auditor", {"kind": "province"}).status_code == 201
    assert log_in(client, roles=["auditor"]).status_code == 201
    refused = log_in(client, roles=["auditor", "broker", "operator"])
    assert refused.status_code == 422
    (problem,) = refused.get_json()["errors"]
    assert problem["field"] == "roles"
    assert ("经纪人、运营人员" in str(problem), "审计人员" in str(problem)) == (True, False)


def test_without_a_token_only_logging_in_is_possible(client, session):
    assert client.get("/api/me").status_code == 401
    assert client.get("/api/tokens").status_code == 401
    assert client.post("/api/accounts", json={}).status_code == 401


def test_a_stranger_is_refused_before_the_body_is_read(client):
    answer = client.post("/api/enterprises", data=b"{" * 1_000_000, content_type="application/json")
    assert answer.status_code == 401


def test_a_login_of_a_megabyte_is_413(client):
    answer = client.post("/api/tokens", json={"login": "x" * 1_000_000, "password": "y"})
    assert answer.status_code == 413
    assert answer.json["limit"] == 64 * 1024
