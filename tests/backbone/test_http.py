import json
import threading

import pytest
from sqlalchemy import func, select

from backbone.actor import Role
from backbone.directory.models import Institute
from backbone.http import path_of
from tests.factories.directory import an_institute
from tests.factories.identity import bearer, zone
from tests.factories.small_app import LARGEST_BODY, a_small_app


@pytest.fixture
def client(rolled_back, clock):
    return a_small_app(rolled_back, clock).test_client()


@pytest.fixture
def headers(session):
    return bearer(session, (Role.OPERATOR, zone()))


@pytest.fixture
def plate(session):
    return f"/api/plates/{an_institute(session, name='测试铭牌').id}"


def plates_named(session, name):
    return session.scalar(select(func.count()).select_from(Institute).where(Institute.name == name))


# --- who asks ---


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer sw_unknown", "sw_unknown",
                                    "Bearer \udcff", "Bearer 令牌".encode().decode("latin-1")])  # fmt: skip
def test_without_a_good_token_the_answer_is_401_and_says_how_to_get_one(client, header):
    answer = client.get("/api/plates", headers={} if header is None else {"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.get_json()["code"] == "unauthenticated"


def test_the_scheme_may_be_written_in_any_case(client, headers):
    assert (
        client.get(
            "/api/plates", headers={"Authorization": headers["Authorization"].replace("Bearer", "bEARER")}
        ).status_code
        == 200
    )


def test_a_read_only_token_reads_and_writes_nothing(client, session, plate):
    headers = bearer(session, (Role.OPERATOR, zone()), may_write=False)
    assert client.get(plate, headers=headers).status_code == 200
    assert client.post("/api/plates", json={"name": "不该有的牌"}, headers=headers).status_code == 403
    assert (
        client.patch(plate, json={"name": "不该有的牌"}, headers=headers | {"If-Match": "*"}).status_code
        == 403
    )
    assert plates_named(session, "不该有的牌") == 0


def test_nobody_learns_from_the_checks_of_the_body_before_showing_a_token(client):
    assert client.post("/api/plates", json={"colour": 1}).status_code == 401


# --- what was sent ---


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"NaN", b"[" * 100_000, b'{"days":' + b"9" * 5000 + b"}"])
def test_an_unreadable_body_is_400(client, headers, raw):
    answer = client.post("/api/plates", data=raw, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("body", [[], "text", 7, None, {}, {"name": None}, {"name": "\0"}, {"name": "\ud800"}, {"nome": "x"},
                                  {"name": "x", "days": "１２"}, {"name": "x", "days": 10**30}, {"name": "x", "days": True},
                                  {"name": "长" * 100_000}, {"name": "x", "labs": ["a"] * 4},
                                  {"name": "x", "\ud800\0": 1}])  # fmt: skip
def test_an_impossible_body_is_422_naming_the_field_and_writes_nothing(client, headers, session, body):
    before = session.scalar(select(func.count()).select_from(Institute))
    answer = client.post("/api/plates", data=json.dumps(body), headers=headers)
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "invalid")
    assert all(entry["field"] and entry["problem"] for entry in problem["errors"])
    assert session.scalar(select(func.count()).select_from(Institute)) == before


def test_a_body_over_the_limit_is_413_and_says_the_limit(client, headers):
    answer = client.post("/api/plates", data=b" " * (LARGEST_BODY + 1), headers=headers)
    assert answer.status_code == 413
    assert str(LARGEST_BODY) in answer.get_json()["detail"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=１０", "limit=ten", "colour=red", "sort=size",
                                   "labs=a&labs=b&labs=c&labs=d", "cursor=", "sort=name%00"])  # fmt: skip
def test_an_impossible_query_is_422(client, headers, query):
    assert client.get(f"/api/plates?{query}", headers=headers).status_code == 422


@pytest.mark.parametrize("spelled", ["1", "not-a-uuid", "00000000-0000-0000-0000-00000000000g"])
def test_an_address_with_no_uuid_is_404(client, headers, spelled):
    assert client.get(f"/api/plates/{spelled}", headers=headers).status_code == 404


# --- what comes back ---


def test_a_creation_says_where_it_is(client, headers):
    answer = client.post("/api/plates", json={"name": "新铭牌"}, headers=headers)
    assert answer.status_code == 201
    assert client.get(answer.headers["Location"], headers=headers).get_json() == answer.get_json()


def test_chinese_leaves_as_it_is_and_as_utf8(client, headers, plate):
    answer = client.get(plate, headers=headers)
    assert "测试铭牌".encode() in answer.data
    assert answer.mimetype == "application/json"


def test_extra_headers_of_an_answer_are_sent(client, headers, plate):
    assert client.get(plate, headers=headers).headers["X-Seen"] == "yes"


def test_the_etag_differs_by_view_and_language_and_the_answer_says_what_it_varies_by(client, headers, plate):
    chinese = client.get(plate, headers=headers)
    english = client.get(plate, headers=headers | {"Accept-Language": "en"})
    opened = client.get(f"{plate}?view=open", headers=headers)
    assert len({answer.headers["ETag"] for answer in (chinese, english, opened)}) == 3
    assert chinese.headers["Vary"] == "Accept-Language, Authorization"
    assert opened.get_json() == {"name": "测试铭牌"}


def test_the_same_etag_again_is_304_without_a_body(client, headers, plate):
    tag = client.get(plate, headers=headers).headers["ETag"]
    answer = client.get(plate, headers=headers | {"If-None-Match": tag})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("version", ['"another"', "*", 'W/"x", "y"'])
def test_a_read_is_not_conditional_on_a_version_it_would_change(client, headers, plate, version):
    answer = client.get(plate, headers=headers | {"If-Match": version})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")


def test_the_etag_of_another_language_is_not_good_for_304(client, headers, plate):
    tag = client.get(plate, headers=headers | {"Accept-Language": "en"}).headers["ETag"]
    assert client.get(plate, headers=headers | {"If-None-Match": tag}).status_code == 200


# --- If-Match ---


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_change_without_if_match_is_428_and_changes_nothing(client, headers, plate, method):
    answer = client.open(plate, method=method.upper(), json={"name": "改名"}, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (428, "version_required")
    assert client.get(plate, headers=headers).get_json()["name"] == "测试铭牌"


def test_a_change_with_the_present_etag_passes_and_answers_the_next_one(client, headers, plate):
    tag = client.get(plate, headers=headers).headers["ETag"]
    answer = client.patch(plate, json={"name": "改名"}, headers=headers | {"If-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] == client.get(plate, headers=headers).headers["ETag"] != tag


def test_the_etag_of_any_view_or_language_names_the_version(client, headers, plate):
    tag = client.get(f"{plate}?view=open", headers=headers | {"Accept-Language": "en"}).headers["ETag"]
    assert client.patch(plate, json={"name": "改名"}, headers=headers | {"If-Match": tag}).status_code == 200


def test_the_second_of_two_editors_gets_412_and_the_first_change_stays(client, headers, plate):
    tag = client.get(plate, headers=headers).headers["ETag"]
    assert client.patch(plate, json={"name": "先到"}, headers=headers | {"If-Match": tag}).status_code == 200
    late = client.patch(plate, json={"name": "后到"}, headers=headers | {"If-Match": tag})
    assert (late.status_code, late.get_json()["code"]) == (412, "stale_version")
    assert client.get(plate, headers=headers).get_json()["name"] == "先到"


@pytest.mark.parametrize("tag", ['"x"', 'W/"x"', "x", '"x", "y"'])
def test_any_other_etag_is_412(client, headers, plate, tag):
    assert client.patch(plate, json={"name": "改名"}, headers=headers | {"If-Match": tag}).status_code == 412


def test_a_weak_etag_never_matches(client, headers, plate):
    tag = client.get(plate, headers=headers).headers["ETag"]
    assert (
        client.patch(plate, json={"name": "改名"}, headers=headers | {"If-Match": f"W/{tag}"}).status_code
        == 412
    )


def test_one_good_etag_of_several_is_enough_and_a_star_takes_any(client, headers, plate):
    tag = client.get(plate, headers=headers).headers["ETag"]
    assert (
        client.patch(plate, json={"name": "甲"}, headers=headers | {"If-Match": f'"x", {tag}'}).status_code
        == 200
    )
    assert client.patch(plate, json={"name": "乙"}, headers=headers | {"If-Match": "*"}).status_code == 200


def test_an_etag_of_version_1_does_not_match_version_10(client, headers, session):
    row = an_institute(session)
    row.version = 10
    session.flush()
    answer = client.patch(
        f"/api/plates/{row.id}",
        json={"name": "改名"},
        headers=headers | {"If-Match": f'"{row.id}.1.full.zh"'},
    )
    assert answer.status_code == 412


def test_a_deletion_answers_204_without_a_body(client, headers, plate):
    tag = client.get(plate, headers=headers).headers["ETag"]
    answer = client.delete(plate, headers=headers | {"If-Match": tag})
    assert (answer.status_code, answer.data) == (204, b"")


def test_of_two_threads_with_the_same_etag_one_wins_and_one_gets_412(committed_database, clock):
    app = a_small_app(committed_database, clock)
    with committed_database.transaction() as session:
        headers, row = bearer(session, (Role.OPERATOR, zone())), an_institute(session)
    address, start, seen = f"/api/plates/{row.id}", threading.Barrier(2), []
    tag = app.test_client().get(address, headers=headers).headers["ETag"]

    def repaint(name):
        start.wait(10)
        seen.append(
            app.test_client()
            .patch(address, json={"name": name}, headers=headers | {"If-Match": tag})
            .status_code
        )

    both = [threading.Thread(target=repaint, args=(name,)) for name in ("甲", "乙")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert sorted(seen) == [200, 412]


# --- trouble with the database ---


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_deadlock_or_serialisation_failure_is_tried_again(client, state):
    answer = client.post(f"/api/stumbles/{state}/2")
    assert (answer.status_code, answer.get_json()["name"]) == (200, "attempt 3")


def test_after_the_last_try_it_is_503_and_says_when_to_come_back(client):
    answer = client.post("/api/stumbles/40001/99")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_other_failures_of_the_database_are_not_tried_again(client):
    assert client.post("/api/stumbles/53300/1").status_code == 503
    assert client.post("/api/stumbles/53300/1").get_json()["name"] == "attempt 2"


def test_addresses_take_the_place_of_their_parameters():
    assert (
        path_of("/plates/<uuid:plate_id>/screws/<screw>", plate_id="1", screw="2") == "/api/plates/1/screws/2"
    )
