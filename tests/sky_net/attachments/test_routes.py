"""Attachments over HTTP: sent, listed, fetched, removed; bad input; what comes twice."""

import hashlib

import pytest
from sqlalchemy import func, select

from backbone.audit import AuditEvent
from backbone.files.models import FileContent, StoredFile
from backbone.idempotency import IdempotencyKey
from sky_net.attachments.models import Attachment
from sky_net.attachments.service import MOST_BYTES, MOST_PER_NEED
from tests.factories.attachments import BYTES, an_attachment, upload
from tests.factories.files import a_pdf, a_png, a_zip, an_office_document
from tests.factories.invitations import an_exchange
from tests.made_once import made_once


@made_once
def exchange(session):
    return an_exchange(session, confirmed=False)


@pytest.fixture
def poster(exchange):
    return exchange.headers(exchange.poster)


@pytest.fixture
def written(session):
    tables = (Attachment, StoredFile, FileContent, AuditEvent, IdempotencyKey)
    return lambda: [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_file_is_attached_shown_listed_and_fetched(client, exchange, poster):
    content = an_office_document()
    made = upload(client, exchange.need, poster, content, name="技术要求（终版）.docx", level="invited")
    address = made.headers["Location"]
    shown = client.get(address, headers=poster)
    listed = client.get(f"/api/needs/{exchange.need.id}/attachments", headers=poster)
    fetched = client.get(f"{address}/content", headers=poster)

    assert [answer.status_code for answer in (made, shown, listed, fetched)] == [201, 200, 200, 200]
    sha256 = hashlib.sha256(content).hexdigest()
    assert made.json == {
        "id": address.rpartition("/")[2],
        "need_id": str(exchange.need.id),
        "name": "技术要求（终版）.docx",
        "level": "invited",
        "media_type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "size": len(content),
        "sha256": sha256,
        "attached_at": "2026-03-10T01:30:00Z",
    }
    assert shown.json == made.json
    assert shown.headers["ETag"] == made.headers["ETag"]
    assert listed.json == {"items": [made.json], "next_cursor": None}
    assert fetched.data == content
    assert fetched.mimetype == made.json["media_type"]
    assert fetched.headers["ETag"] == f'"{sha256}"'
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Content-Disposition"].startswith(
        "attachment; filename=file.docx; filename*=UTF-8''"
    )


def test_who_holds_the_content_gets_304(client, exchange, poster):
    address = upload(client, exchange.need, poster).headers["Location"] + "/content"
    tag = client.get(address, headers=poster).headers["ETag"]
    answer = client.get(address, headers=poster | {"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")


def test_text_leaves_as_utf8_whatever_the_client_called_it(client, exchange, poster):
    made = upload(client, exchange.need, poster, "指标,数值\n".encode(), name="指标.csv")
    fetched = client.get(made.headers["Location"] + "/content", headers=poster)
    assert made.json["media_type"] == "text/csv"
    assert fetched.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_a_removal_takes_the_etag_and_takes_everything(client, exchange, poster, written):
    made = upload(client, exchange.need, poster)
    address, tag = made.headers["Location"], made.headers["ETag"]

    blind = client.delete(address, headers=poster)
    stale = client.delete(address, headers=poster | {"If-Match": '"x"'})
    gone = client.delete(address, headers=poster | {"If-Match": tag})
    again = client.delete(address, headers=poster | {"If-Match": tag})

    assert [answer.status_code for answer in (blind, stale, gone, again)] == [428, 412, 204, 404]
    assert gone.data == b""
    assert written()[:3] == [0, 0, 0]
    assert client.get(address, headers=poster).status_code == 404
    assert client.get(f"{address}/content", headers=poster).status_code == 404


def test_two_names_of_one_content_are_removed_one_by_one(client, exchange, poster, written):
    one = upload(client, exchange.need, poster, name="甲.pdf")
    other = upload(client, exchange.need, poster, name="乙.pdf", level="operators")
    assert written()[:3] == [2, 2, 1]
    client.delete(one.headers["Location"], headers=poster | {"If-Match": "*"})
    assert client.get(other.headers["Location"] + "/content", headers=poster).data == a_pdf()


# --- lists ---


def test_lists_are_filtered_sorted_and_paged(client, exchange, poster):
    for name, level in (("c.pdf", "public"), ("a.pdf", "masked"), ("b.pdf", "public")):
        upload(client, exchange.need, poster, a_pdf(name), name=name, level=level)
    address = f"/api/needs/{exchange.need.id}/attachments"

    def names(query):
        return [entry["name"] for entry in client.get(f"{address}?{query}", headers=poster).json["items"]]

    assert names("") == ["c.pdf", "a.pdf", "b.pdf"]
    assert names("sort=-name") == ["c.pdf", "b.pdf", "a.pdf"]
    assert names("level=public&sort=name") == ["b.pdf", "c.pdf"]
    assert names("level=public&level=masked&sort=name") == ["a.pdf", "b.pdf", "c.pdf"]
    first = client.get(f"{address}?sort=name&limit=2", headers=poster).json
    assert [entry["name"] for entry in first["items"]] == ["a.pdf", "b.pdf"]
    assert names(f"sort=name&limit=2&cursor={first['next_cursor']}") == ["c.pdf"]


@pytest.mark.parametrize("query", ["level=secret", "sort=size", "limit=0", "name=a", "cursor=x"])
def test_an_impossible_list_is_422(client, exchange, poster, query):
    assert client.get(f"/api/needs/{exchange.need.id}/attachments?{query}", headers=poster).status_code == 422


# --- bad input ---


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"name": None}, "name"),
        ({"level": None}, "level"),
        ({"level": "secret"}, "level"),
        ({"name": "长" * 300}, "name"),
        ({"name": "a\0.pdf"}, "name"),
        ({"name": "../a.pdf"}, "name"),
        ({"name": "..\\a.pdf"}, "name"),
        ({"name": "a\r\nSet-Cookie: x.pdf"}, "name"),
        ({"name": "\u202efdp.exe"}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "方案.exe"}, "name"),
        ({"name": "方案．ｐｄｆ"}, "name"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_an_impossible_name_or_level_names_the_field_and_leaves_nothing(
    client, exchange, poster, written, query, field
):
    before = written()
    answer = upload(client, exchange.need, poster | {"Idempotency-Key": "k"}, **query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]
    assert written() == before


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\x00", b"\x7fELF\x00", b"#!/bin/sh\n", b"<html>", b"<svg/>", a_zip("a"), b"\xff\xfe\x00", "指标".encode("gbk")]
)  # fmt: skip
def test_an_impossible_content_says_what_is_accepted_and_leaves_nothing(
    client, exchange, poster, written, content
):
    before = written()
    chinese = upload(client, exchange.need, poster, content)
    english = upload(client, exchange.need, poster | {"Accept-Language": "en"}, content)
    assert (chinese.status_code, chinese.get_json()["code"]) == (422, "file_refused")
    assert "docx" in chinese.get_json()["advice"]
    assert english.get_json()["errors"][0]["problem"].isascii()
    assert written() == before


@pytest.mark.parametrize("query", ["name=%ED%A0%80.pdf&level=public", "name=%FF.pdf&level=public"])
def test_a_name_that_is_no_text_is_400(client, exchange, poster, written, query):
    before = written()
    address = f"/api/needs/{exchange.need.id}/attachments?{query}"
    assert client.post(address, data=a_pdf(), headers=poster | BYTES).status_code == 400
    assert written() == before


def test_ten_mebibytes_pass_and_one_byte_more_does_not(client, exchange, poster, written):
    content = a_pdf() + b"\x00" * (MOST_BYTES - len(a_pdf()))
    assert upload(client, exchange.need, poster, content).status_code == 201
    before = written()
    over = upload(client, exchange.need, poster, content + b"\x00")
    assert (over.status_code, over.get_json()["limit"]) == (413, MOST_BYTES)
    assert written() == before


def test_a_form_or_json_is_415(client, exchange, poster, written):
    before = written()
    address = f"/api/needs/{exchange.need.id}/attachments?name=a.pdf&level=public"
    with_form = client.post(address, data={"file": "x"}, headers=poster)
    with_json = client.post(address, json={"content": "x"}, headers=poster)
    assert (with_form.status_code, with_json.status_code) == (415, 415)
    assert written() == before


def test_the_twenty_first_is_409(client, exchange, session, poster):
    for n in range(MOST_PER_NEED):
        an_attachment(session, exchange.need, name=f"{n}.pdf")
    answer = upload(client, exchange.need, poster)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "too_many_attachments")
    assert str(MOST_PER_NEED) in answer.get_json()["detail"]


def test_after_confirmation_the_poster_is_told_whom_to_ask(client, session):
    exchange = an_exchange(session)
    answer = upload(client, exchange.need, exchange.headers(exchange.poster))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "attachments_settled")
    assert "已确认" in answer.get_json()["detail"]
    assert upload(client, exchange.need, exchange.headers(exchange.operator)).status_code == 201


def test_a_read_only_token_attaches_nothing(client, exchange, session, written):
    from backbone.identity.models import Account
    from tests.factories.identity import headers_of

    headers = headers_of(session, session.get_one(Account, exchange.poster.account_id), may_write=False)
    before = written()
    assert upload(client, exchange.need, headers).status_code == 403
    assert written() == before


# --- twice ---


def test_the_same_key_and_file_attach_once_another_file_is_409(client, exchange, poster, written):
    keyed = poster | {"Idempotency-Key": "once"}
    first = upload(client, exchange.need, keyed)
    again = upload(client, exchange.need, keyed)
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert written()[:3] == [1, 1, 1]
    for other in (
        upload(client, exchange.need, keyed, a_png()),
        upload(client, exchange.need, keyed, level="masked"),
    ):
        assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_key_reused")
    assert written()[:3] == [1, 1, 1]


def test_the_same_file_without_a_key_is_attached_twice_and_kept_once(client, exchange, poster, written):
    first, second = upload(client, exchange.need, poster), upload(client, exchange.need, poster)
    assert first.json["id"] != second.json["id"]
    assert written()[:3] == [2, 2, 1]
