"""Bytes in and bytes out, through the boundary."""

import hashlib

import pytest

from backbone.actor import Role
from backbone.errors import Bilingual
from backbone.fields import Schema, Text
from backbone.http import Routes
from backbone.http_binary import Download, disposition
from tests.factories.identity import bearer, zone
from tests.factories.small_app import LARGEST_BODY, a_small_app

BYTES = {"Content-Type": "application/octet-stream"}
MOST = 1000


class SealQuery(Schema):
    name = Text(20, required=True)


class SealView(Schema):
    name = Text()
    sha256 = Text()


class Chest:
    """Keeps what the routes below were given, and counts how often it was opened."""

    def __init__(self):
        self.kept = {}
        self.opened = 0

    def open(self, name):
        self.opened += 1
        return self.kept[name]


@pytest.fixture
def chest():
    return Chest()


@pytest.fixture
def app(rolled_back, clock, chest):
    routes = Routes("seals", __name__, url_prefix="/api")

    @routes.operation(
        "POST", "/seals", "pressSeal", Bilingual("盖章", "Press"), takes_bytes=MOST, query=SealQuery, answer=SealView,
        status=201,
    )  # fmt: skip
    def press_seal(call):
        chest.kept[call.query["name"]] = call.content
        return {"name": call.query["name"], "sha256": hashlib.sha256(call.content).hexdigest()}

    @routes.operation(
        "GET", "/seals/<name>", "fetchSeal", Bilingual("取章", "Fetch"), answer=None,
        gives_bytes=("text/plain", "image/png"),
    )  # fmt: skip
    def fetch_seal(call, name):
        etag = hashlib.sha256(chest.kept[name]).hexdigest()
        return Download(f"{name}.png", "image/png", etag, lambda: chest.open(name))

    return a_small_app(rolled_back, clock, further=(routes,))


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def headers(session):
    return bearer(session, (Role.OPERATOR, zone()))


# --- in ---


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"{}", b"a=b&c=d", b"\r\n" * 500])
def test_the_bytes_arrive_as_they_were_sent(client, headers, chest, content):
    answer = client.post("/api/seals?name=a", data=content, headers=headers | BYTES)
    assert answer.status_code == 201
    assert answer.json["sha256"] == hashlib.sha256(content).hexdigest()
    assert chest.kept["a"] == content


@pytest.mark.parametrize("sent_as", [None, "application/json", "multipart/form-data; boundary=x", "text/plain", "image/png",
                                     "application/x-www-form-urlencoded"])  # fmt: skip
def test_anything_but_plain_bytes_is_415_and_says_how_to_send_them(client, headers, chest, sent_as):
    answer = client.post(
        "/api/seals?name=a", data=b"x", headers=headers | ({"Content-Type": sent_as} if sent_as else {})
    )
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media")
    assert answer.mimetype == "application/problem+json"
    assert "application/octet-stream" in answer.json["advice"]
    assert chest.kept == {}


def test_one_byte_too_many_is_413_and_names_the_limit_of_this_operation(client, headers, chest):
    assert client.post("/api/seals?name=a", data=b"x" * MOST, headers=headers | BYTES).status_code == 201
    over = client.post("/api/seals?name=b", data=b"x" * (MOST + 1), headers=headers | BYTES)
    assert (over.status_code, over.json["limit"]) == (413, MOST)
    far_over = client.post("/api/seals?name=b", data=b"x" * (LARGEST_BODY + 1), headers=headers | BYTES)
    assert (far_over.status_code, far_over.json["limit"]) == (413, LARGEST_BODY)
    assert set(chest.kept) == {"a"}


def test_a_stranger_learns_nothing_of_the_limits(client):
    assert client.post("/api/seals", data=b"x" * (MOST + 1), headers=BYTES).status_code == 401
    assert client.post("/api/seals", json={}).status_code == 401


def test_the_same_key_with_the_same_bytes_answers_again_and_with_other_bytes_is_409(client, headers, chest):
    keyed = headers | BYTES | {"Idempotency-Key": "k"}
    first = client.post("/api/seals?name=a", data=b"\x00one", headers=keyed)
    chest.kept.clear()
    again = client.post("/api/seals?name=a", data=b"\x00one", headers=keyed)
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert client.post("/api/seals?name=a", data=b"\x00two", headers=keyed).status_code == 409
    assert client.post("/api/seals?name=b", data=b"\x00one", headers=keyed).status_code == 409
    assert chest.kept == {}


# --- queries that are no text: they name files, so they are refused rather than stored half decoded ---


@pytest.mark.parametrize("query", ["name=%ED%A0%80", "name=%FF", "name=%E9%9C", "name=a&%FF=b", b"name=\xff"])
def test_a_query_that_is_not_utf8_is_400_for_every_operation(client, headers, chest, query):
    raw = query.decode("latin-1") if isinstance(query, bytes) else query
    for method, address in (("POST", "/api/seals"), ("GET", "/api/plates")):
        answer = client.open(
            address, method=method, data=b"x", headers=headers | BYTES | {"Idempotency-Key": "k"},
            environ_overrides={"QUERY_STRING": raw},
        )  # fmt: skip
        assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed")
        assert "UTF-8" in answer.get_json()["detail"]
    assert chest.kept == {}


# --- out ---


def test_bytes_leave_as_a_download_that_no_browser_shows_as_something_else(client, headers, chest):
    chest.kept["a"] = b"\x89PNG\r\n\x1a\n\x00"
    answer = client.get("/api/seals/a", headers=headers)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, chest.kept["a"], "image/png")
    assert answer.headers["Content-Disposition"] == "attachment; filename=a.png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Authorization"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(chest.kept["a"]).hexdigest()}"'


@pytest.mark.parametrize("spelled", ["{}", "W/{}", '"x", {}', "*"])
def test_who_holds_the_bytes_gets_304_and_they_are_not_even_read(client, headers, chest, spelled):
    chest.kept["a"] = b"content"
    tag = client.get("/api/seals/a", headers=headers).headers["ETag"]
    opened = chest.opened
    answer = client.get("/api/seals/a", headers=headers | {"If-None-Match": spelled.format(tag)})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    assert chest.opened == opened


def test_another_etag_gets_the_bytes(client, headers, chest):
    chest.kept["a"] = b"content"
    assert client.get("/api/seals/a", headers=headers | {"If-None-Match": '"x"'}).data == b"content"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("plan.pdf", "attachment; filename=plan.pdf"),
        ('a "b".pdf', 'attachment; filename="a \\"b\\".pdf"'),
        ("需求.pdf", "attachment; filename=file.pdf; filename*=UTF-8''%E9%9C%80%E6%B1%82.pdf"),
        ("ｐｌａｎ２.PNG", "attachment; filename=file.PNG; filename*=UTF-8''%EF%BD%90%EF%BD%8C%EF%BD%81%EF%BD%8E%EF%BC%92.PNG"),
        ("需求;x='y'.txt", "attachment; filename=file.txt; filename*=UTF-8''%E9%9C%80%E6%B1%82%3Bx%3D%27y%27.txt"),
        ("需求", "attachment; filename=file; filename*=UTF-8''%E9%9C%80%E6%B1%82"),
        ("a.附件", "attachment; filename=file; filename*=UTF-8''a.%E9%99%84%E4%BB%B6"),
    ],
)  # fmt: skip
def test_every_name_fits_into_the_header(name, header):
    assert disposition(name) == header


# --- what the document says ---


def test_the_document_shows_bytes_without_a_schema_and_all_that_can_go_wrong(client):
    paths = client.get("/api/openapi.json").get_json()["paths"]
    press, fetch = paths["/api/seals"]["post"], paths["/api/seals/{name}"]["get"]
    assert press["requestBody"]["content"] == {"application/octet-stream": {}}
    assert press["requestBody"]["required"] is True
    assert str(MOST) in press["requestBody"]["description"]
    assert {"413", "415", "422"} <= set(press["responses"])
    assert {"name", "Idempotency-Key"} <= {entry["name"] for entry in press["parameters"]}
    assert fetch["responses"]["200"]["content"] == {"text/plain": {}, "image/png": {}}
    assert {"ETag", "Content-Disposition"} == set(fetch["responses"]["200"]["headers"])
    assert "304" in fetch["responses"]
    assert "415" not in paths["/api/plates"]["post"]["responses"]
