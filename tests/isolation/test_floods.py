"""Headers by the hundred or by the megabyte: refused in words, before anything is done."""

import pytest

from sanwang.processes import gunicorn_settings
from tests.factories.identity import bearer

MEGABYTE = "x" * 1_000_000


def problem(answer):
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.json["code"]


@pytest.mark.parametrize(
    "path", ["/api/me", "/api/needs", "/api/regions", "/api/needs/01890000-0000-7000-8000-000000000000"]
)
@pytest.mark.parametrize(
    "name", ["Authorization", "Idempotency-Key", "If-None-Match", "Accept-Language", "X-Any"]
)
def test_a_header_of_a_megabyte_is_431(client, session, path, name):
    answer = client.get(path, headers=bearer(session) | {name: MEGABYTE})
    assert problem(answer) == (431, "headers_too_large")
    assert name in answer.json["detail"]
    assert len(answer.data) < 2000


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "Basic ", ""])
def test_a_token_of_a_megabyte_is_431(client, scheme):
    assert problem(client.get("/api/me", headers={"Authorization": scheme + MEGABYTE}))[0] == 431


@pytest.mark.parametrize(
    "token", ["x" * 8000, "sw_" + "A" * 43, "é" * 100, "\x7f", "null", "sw_", "Bearer sw_x"]
)
def test_a_token_that_nobody_was_given_is_401(client, token):
    answer = client.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert problem(answer) == (401, "unauthenticated")


def test_hundreds_of_headers_are_431(client, session):
    headers = bearer(session) | {f"X-Flood-{n}": "x" for n in range(300)}
    assert problem(client.get("/api/me", headers=headers)) == (431, "headers_too_large")


def test_a_name_of_kilobytes_is_431_and_not_repeated_whole(client, session):
    answer = client.get("/api/me", headers=bearer(session) | {"X-" + "a" * 9000: "x"})
    assert problem(answer)[0] == 431
    assert len(answer.data) < 2000


def test_a_flood_on_a_write_writes_nothing(client, session, run_jobs):
    answer = client.post(
        "/api/needs", json={"title": "x"}, headers=bearer(session) | {"Idempotency-Key": MEGABYTE}
    )
    assert problem(answer)[0] == 431


@pytest.mark.parametrize("key", ["k" * 201, "k" * 8000, "键", "a\tb", ""])
def test_a_key_that_is_too_long_or_unprintable_is_422(client, session, key):
    answer = client.post(
        "/api/needs", json={"title": "x"}, headers=bearer(session) | {"Idempotency-Key": key}
    )
    assert problem(answer) == (422, "invalid")


@pytest.mark.parametrize(
    "tags", [", ".join(f'"{n}"' for n in range(900)), '"' * 900, ",,,,", "*", "W/", '"a', "x" * 8000]
)
def test_hundreds_of_tags_to_compare_are_no_fault(client, session, tags):
    headers = bearer(session)
    assert client.get("/api/me", headers=headers | {"If-None-Match": tags}).status_code in {200, 304}
    known = client.get("/api/me", headers=headers).headers["ETag"]
    assert client.get("/api/me", headers=headers | {"If-None-Match": f'"other", {known}'}).status_code == 304


@pytest.mark.parametrize("tags", [", ".join(f'"{n}"' for n in range(900)), '"' * 900, "x" * 8000])
def test_hundreds_of_versions_to_match_are_refused_in_words(client, session, tags):
    path = "/api/needs/01890000-0000-7000-8000-000000000000"
    answer = client.patch(path, json={"title": "x"}, headers=bearer(session) | {"If-Match": tags})
    assert answer.status_code in {404, 428}


@pytest.mark.parametrize(
    "languages", [",".join(f"zh;q=0.{n}" for n in range(700)), ";;;", "q=,q=", "*" * 8000]
)
def test_any_wish_for_a_language_is_no_fault(client, session, languages):
    assert client.get("/api/me", headers=bearer(session) | {"Accept-Language": languages}).status_code == 200


def test_the_server_is_told_the_same_limits(settings):
    """Where gunicorn refuses first, it is by the limits that are documented here, not by defaults that may change."""
    told = gunicorn_settings(3, settings)
    assert (told["limit_request_line"], told["limit_request_fields"], told["limit_request_field_size"]) == (
        8190,
        100,
        8190,
    )
