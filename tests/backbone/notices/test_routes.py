"""The inbox, the dead letters and the webhooks over HTTP."""

from datetime import timedelta

import pytest

from backbone.actor import PROVINCE, Role
from tests.factories.identity import an_account, bearer, headers_of
from tests.factories.notices import MADE_AT, SECRET, a_delivery, a_written_notice, an_endpoint

HOOK = {"url": "https://127.0.0.1/hook", "secret": SECRET}


@pytest.fixture
def chief(session):
    return bearer(session, (Role.ADMINISTRATOR, PROVINCE))


@pytest.fixture
def private(monkeypatch):
    monkeypatch.setenv("WEBHOOK_PRIVATE_NETWORKS", "127.0.0.0/8")


def test_the_inbox_shows_ones_own_in_the_readers_language_and_reading_is_once(client, session):
    reader, other = an_account(session), an_account(session)
    notice = a_written_notice(session, reader)
    a_written_notice(session, other)
    headers = headers_of(session, reader)
    [shown] = client.get("/api/me/notices?unread=true", headers=headers).json["items"]
    assert (shown["id"], shown["read_at"]) == (str(notice.id), None)
    assert "到期" in shown["title"]
    [english] = client.get("/api/me/notices", headers=headers | {"Accept-Language": "en"}).json["items"]
    assert "is due" in english["title"]
    read = client.post(f"/api/me/notices/{notice.id}/reading", headers=headers)
    again = client.post(f"/api/me/notices/{notice.id}/reading", headers=headers)
    assert read.json["read_at"] is not None
    assert read.json["read_at"] == again.json["read_at"]
    assert client.get("/api/me/notices?unread=true", headers=headers).json["items"] == []
    foreign = client.post(f"/api/me/notices/{notice.id}/reading", headers=headers_of(session, other))
    assert foreign.status_code == 404


def test_the_inbox_is_narrowed_to_kinds_and_to_one_subject(client, session):
    reader = an_account(session)
    made = [
        a_written_notice(session, reader, kind=kind)
        for kind in ("need_returned", "contact_recorded", "clock_breached")
    ]
    headers = headers_of(session, reader)

    def listed(query):
        return {row["kind"] for row in client.get(f"/api/me/notices?{query}", headers=headers).json["items"]}

    assert listed("kind=need_returned&kind=clock_breached") == {"need_returned", "clock_breached"}
    assert listed(f"subject_id={made[1].subject_id}") == {"contact_recorded"}
    assert listed(f"subject_id={made[1].subject_id}&kind=need_returned") == set()
    assert client.get("/api/me/notices?kind=nobody", headers=headers).status_code == 422


def test_a_page_of_notices_is_read_at_once_and_what_came_in_meanwhile_is_not(client, session, monkeypatch):
    monkeypatch.setattr("backbone.notices.reading.MOST_READ", 2)
    reader, other = an_account(session), an_account(session)
    seen = [a_written_notice(session, reader) for _ in range(3)]
    about_one = seen[2].subject_id
    later = a_written_notice(session, reader, created_at=MADE_AT + timedelta(minutes=1))
    foreign = a_written_notice(session, other)
    headers, until = headers_of(session, reader), MADE_AT.isoformat()

    def read(**more):
        return client.post("/api/me/notices/reading", json={"until": until, **more}, headers=headers).json

    assert read(subject_id=str(about_one)) == {"read": 1, "left": 0}
    assert read() == {"read": 2, "left": 0}
    assert read() == {"read": 0, "left": 0}
    [left] = client.get("/api/me/notices?unread=true", headers=headers).json["items"]
    assert left["id"] == str(later.id)
    session.refresh(foreign)
    assert foreign.read_at is None


def test_more_notices_than_one_request_reads_are_told_as_left(client, session, monkeypatch):
    monkeypatch.setattr("backbone.notices.reading.MOST_READ", 2)
    reader = an_account(session)
    for _ in range(3):
        a_written_notice(session, reader)
    body, headers = {"until": MADE_AT.isoformat()}, headers_of(session, reader)
    counts = [
        client.post("/api/me/notices/reading", json=body, headers=headers | {"Idempotency-Key": str(n)}).json
        for n in range(2)
    ]
    assert counts == [{"read": 2, "left": 1}, {"read": 1, "left": 0}]


def test_a_dead_letter_is_listed_and_given_a_whole_new_round(client, session, chief):
    dead = a_delivery(session, dead_at=MADE_AT, attempts=8, last_error="smtp_refused 550")
    a_delivery(session)
    [listed] = client.get("/api/deliveries?state=dead", headers=chief).json["items"]
    assert (listed["id"], listed["last_error"], listed["attempts"]) == (str(dead.id), "smtp_refused 550", 8)
    again = client.post(f"/api/deliveries/{dead.id}/retry", headers=chief).json
    assert (again["state"], again["attempts"]) == ("waiting", 0)
    refused = client.post(f"/api/deliveries/{dead.id}/retry", headers=chief | {"Idempotency-Key": "another"})
    assert (refused.status_code, refused.json["code"]) == (409, "delivery_not_dead")
    assert client.post(f"/api/deliveries/{dead.notice_id}/retry", headers=chief).status_code == 404


@pytest.mark.usefixtures("private")
def test_a_webhook_is_opened_listed_without_its_secret_and_closed(client, session, chief):
    opened = client.post(
        "/api/webhooks", json=HOOK | {"kinds": ["clock_breached"], "zone_code": "420100"}, headers=chief
    )
    assert opened.status_code == 201
    assert SECRET not in opened.text
    [listed] = client.get("/api/webhooks", headers=chief).json["items"]
    assert (listed["url"], listed["kinds"], listed["zone_code"]) == (
        HOOK["url"],
        ["clock_breached"],
        "420100",
    )
    closed = client.post(f"/api/webhooks/{listed['id']}/closing", headers=chief).json
    assert closed["closed_at"]
    assert client.get("/api/webhooks", headers=chief).json["items"] == []
    assert client.post(f"/api/webhooks/{an_account(session).id}/closing", headers=chief).status_code == 404


def test_the_secret_is_sealed_in_its_row(session):
    endpoint = an_endpoint(session)
    assert SECRET.encode() not in endpoint.secret_sealed
    session.expire(endpoint)
    assert endpoint.secret == SECRET


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://127.0.0.1/hook", "内部网络"),
        ("https://[::1]/hook", "内部网络"),
        ("http://example.org/hook", "https"),
        ("https://user:word@example.org/", "https"),
        ("https://example.org/#part", "https"),
        ("ftp://example.org/", "https"),
        ("https://", "https"),
        ("https://example.org:99999/", "https"),
        ("not a url", "https"),
        ("https://no-such-name.invalid/", "无法解析"),
    ],
)
def test_a_url_that_leads_nowhere_good_is_refused(client, chief, url, says):
    answer = client.post("/api/webhooks", json=HOOK | {"url": url}, headers=chief)
    assert answer.status_code == 422
    [error] = answer.json["errors"]
    assert error["field"] == "url"
    assert says in error["problem"]


def test_a_short_secret_is_refused(client, chief):
    assert client.post("/api/webhooks", json=HOOK | {"secret": "short"}, headers=chief).status_code == 422


@pytest.mark.parametrize("path", ["/api/webhooks", "/api/deliveries"])
def test_nobody_else_looks_after_them(client, session, path):
    for role in (Role.OPERATOR, Role.AUDITOR):
        assert client.get(path, headers=bearer(session, (role, PROVINCE))).status_code == 403


def test_an_account_says_where_its_mail_goes_and_takes_it_back(client, session):
    account = an_account(session)
    headers = headers_of(session, account)
    given = client.post("/api/me/email", json={"email": "reader@example.org"}, headers=headers)
    assert given.json["email"] == "reader@example.org"
    assert client.get("/api/me", headers=headers).json["email"] == "reader@example.org"
    taken = client.post("/api/me/email", json={"email": None}, headers=headers | {"Idempotency-Key": "2"})
    assert taken.json["email"] is None


@pytest.mark.parametrize(
    "written", ["nobody", "a@b", "a b@example.org", "a@example.org\nBcc: b@example.org", "<a@example.org>"]
)
def test_what_is_no_address_is_refused(client, session, written):
    answer = client.post(
        "/api/me/email", json={"email": written}, headers=headers_of(session, an_account(session))
    )
    assert answer.status_code == 422


def test_an_account_is_opened_with_an_address(client, session):
    entry = {
        "login": "mailed",
        "name": "收信人",
        "password": "correct horse battery",
        "email": "m@example.org",
    }
    opened = client.post("/api/accounts", json=entry, headers=bearer(session, (Role.ADMINISTRATOR, PROVINCE)))
    assert opened.json["email"] == "m@example.org"
