import json
import threading

import pytest

from backbone.actor import Role
from backbone.clock import SystemClock
from tests.factories.achievements import an_achievement, an_entry
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import bearer, of, operator, zone


@pytest.fixture
def institute(session):
    return an_institute(session)


@pytest.fixture
def office(session, institute):
    return bearer(session, (Role.TRANSFER_OFFICE, of(institute)))


@pytest.fixture
def stranger(session):
    return bearer(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))


def register(client, office, institute, **values):
    answer = client.post("/api/achievements", json=an_entry(institute, **values), headers=office)
    assert answer.status_code == 201
    return answer.headers["Location"]


def test_what_was_registered_is_what_is_read(client, office, institute):
    entry = an_entry(institute)
    shown = client.get(register(client, office, institute), headers=office).get_json()
    assert {name: shown[name] for name in entry} == entry
    assert (shown["state"], shown["stage"], shown["missing"]) == ("visible", "middle", [])
    assert shown["valid_until_on"] == "2027-03-10"


def test_the_contact_is_shown_to_those_responsible_alone(client, session, office, institute, stranger):
    address = register(client, office, institute)
    for headers in (office, operator(session, zone("420100")), operator(session)):
        assert client.get(address, headers=headers).get_json()["contact"]["phone"] == "027-00000002"
    for headers in (stranger, operator(session, zone("420200")), bearer(session)):
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200
        assert b"027-00000002" not in answer.data
        assert not {"contact", "missing", "hidden_by"} & set(answer.get_json())
    listed = client.get("/api/achievements", headers=office)
    assert b"027-00000002" not in listed.data
    assert len(listed.get_json()["items"]) == 1


def test_full_and_open_view_have_etags_of_their_own(client, office, institute, stranger):
    address = register(client, office, institute)
    full, opened = (client.get(address, headers=headers).headers["ETag"] for headers in (office, stranger))
    assert full != opened
    assert client.get(address, headers=stranger | {"If-None-Match": full}).status_code == 200
    assert client.get(address, headers=stranger | {"If-None-Match": opened}).status_code == 304


def test_what_is_missing_is_said_in_the_readers_language(client, office, institute):
    address = register(client, office, institute, gain="更好", ip=[])
    chinese = client.get(address, headers=office).get_json()["missing"]
    english = client.get(address, headers=office | {"Accept-Language": "en"}).get_json()["missing"]
    assert [entry["field"] for entry in chinese] == ["gain", "ip"]
    assert chinese[1]["why"] == "没有编号和状态就无法核实权属"
    assert english[1]["why"] == "Without them nobody can verify who owns what"


@pytest.mark.parametrize(("field", "value", "named"), [
    ("trl", 0, "trl"), ("trl", 10, "trl"), ("trl", "７", "trl"), ("trl", 7.0, "trl"), ("stage", "mature", "stage"), ("stage", "ripe", "stage"),
    ("title", "", "title"), ("title", "\0", "title"), ("title", "\ud800", "title"), ("summary", "长" * 2_000_000, "summary"),
    ("industry", "alchemy", "industry"), ("region_code", "110000", "region_code"), ("colour", "red", "colour"), ("state", "hidden", "state"),
    ("indicators", [{"name": "飞溅"}], "indicators.0.value"), ("ip", [{"type": "专利", "expires_on": "2041-02-30"}], "ip.0.expires_on"),
    ("ip", [{"type": "专利", "expires_on": "1989-12-31"}], "ip.0.expires_on"), ("forms", ["process", "process"], "forms"),
    ("transfer_modes", ["barter"], "transfer_modes.0"), ("price", {"kind": "range", "min_fen": -1, "max_fen": 1}, "price.min_fen"),
    ("price", {"kind": "range", "min_fen": 2, "max_fen": 1}, "price.max_fen"), ("keywords", ["词"] * 2, "keywords"),
    ("inventor_share_percent", 101, "inventor_share_percent"), ("valid_until_on", "2026-03-09", "valid_until_on"),
    ("institute_id", "1", "institute_id"), ("contact", {"name": "甲", "fax": "1"}, "contact.fax"),
])  # fmt: skip
def test_bad_entries_are_422_naming_the_field_and_nothing_is_stored(
    client, office, institute, field, value, named
):
    body = json.dumps(an_entry(institute, **{field: value}))
    answer = client.post("/api/achievements", data=body, headers=office)
    assert answer.status_code == 422
    assert [entry["field"] for entry in answer.get_json()["errors"]] == [named]
    assert client.get("/api/achievements", headers=office).get_json()["items"] == []


def test_registering_for_another_institute_is_403(client, session, office):
    answer = client.post("/api/achievements", json=an_entry(an_institute(session)), headers=office)
    assert answer.status_code == 403


def test_the_same_key_twice_registers_once(client, office, institute):
    keyed = office | {"Idempotency-Key": "k-1"}
    first, second = (
        client.post("/api/achievements", json=an_entry(institute), headers=keyed) for _ in range(2)
    )
    assert first.data == second.data
    assert len(client.get("/api/achievements", headers=office).get_json()["items"]) == 1


def test_amending_needs_the_present_etag(client, office, institute):
    address = register(client, office, institute)
    tag = client.get(address, headers=office).headers["ETag"]
    assert client.patch(address, json={"trl": 8}, headers=office).status_code == 428
    amended = client.patch(address, json={"trl": 8}, headers=office | {"If-Match": tag})
    assert (amended.status_code, amended.get_json()["stage"]) == (200, "mature")
    assert client.patch(address, json={"trl": 9}, headers=office | {"If-Match": tag}).status_code == 412
    assert client.get(address, headers=office).headers["ETag"] == amended.headers["ETag"]


def test_reading_is_not_amending(client, session, office, institute, stranger):
    address = register(client, office, institute)
    for headers in (stranger, operator(session)):
        assert client.patch(address, json={"trl": 8}, headers=headers | {"If-Match": "*"}).status_code == 403
        assert client.delete(address, headers=headers | {"If-Match": "*"}).status_code == 403
        assert client.post(f"{address}/reconfirmation", headers=headers).status_code == 403


def test_a_hidden_offer_does_not_exist_for_strangers(client, session, office, institute, stranger):
    address, ours = register(client, office, institute), operator(session, zone("420100"))
    assert client.post(f"{address}/hiding", headers=ours).status_code == 422
    hidden = client.post(f"{address}/hiding", json={"reason": "权属有争议"}, headers=ours)
    assert (hidden.get_json()["state"], hidden.get_json()["hidden_by"]) == ("hidden", "operator")
    assert client.get(address, headers=stranger).status_code == 404
    assert client.patch(address, json={"trl": 8}, headers=stranger | {"If-Match": "*"}).status_code == 404
    assert client.post(f"{address}/publication", headers=stranger).status_code == 404
    assert client.get("/api/achievements", headers=stranger).get_json()["items"] == []
    refused = client.post(f"{address}/publication", headers=office)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "hidden_by_operator")
    assert client.post(f"{address}/publication", headers=ours).get_json()["state"] == "visible"
    assert client.get(address, headers=stranger).status_code == 200


def test_a_zone_operator_hides_only_in_the_own_zone(client, session, office, institute):
    address = register(client, office, institute)
    answer = client.post(f"{address}/hiding", json={"reason": "x"}, headers=operator(session, zone("420200")))
    assert answer.status_code == 403


def test_withdrawing_keeps_the_record_for_the_institute(client, office, institute, stranger):
    address = register(client, office, institute)
    assert client.delete(address, headers=office).status_code == 428
    tag = client.get(address, headers=office).headers["ETag"]
    assert client.delete(address, headers=office | {"If-Match": tag}).status_code == 204
    assert client.get(address, headers=stranger).status_code == 404
    shown = client.get(address, headers=office).get_json()
    assert (shown["state"], shown["withdrawn_at"]) == ("withdrawn", "2026-03-10T01:30:00Z")
    again = client.post(f"{address}/publication", headers=office)
    assert (again.status_code, again.get_json()["allowed"]) == (409, [])
    assert client.get("/api/achievements", headers=office).get_json()["items"] == []
    assert len(client.get("/api/achievements?state=withdrawn", headers=office).get_json()["items"]) == 1


def test_an_offer_expires_with_the_clock_and_comes_back_when_confirmed(
    client, clock, office, institute, stranger
):
    address = register(client, office, institute)
    clock.advance(days=365)
    assert client.get(address, headers=stranger).status_code == 200
    clock.advance(days=1)
    assert client.get(address, headers=stranger).status_code == 404
    assert client.get(address, headers=office).status_code == 200
    confirmed = client.post(
        f"{address}/reconfirmation", json={"valid_until_on": "2027-12-31"}, headers=office
    )
    assert (confirmed.get_json()["last_confirmed_on"], confirmed.get_json()["valid_until_on"]) == (
        "2027-03-11",
        "2027-12-31",
    )
    assert client.get(address, headers=stranger).status_code == 200


def test_an_internal_offer_is_for_the_institute_and_its_operators(
    client, session, office, institute, stranger
):
    address = register(client, office, institute, secrecy="internal")
    assert client.get(address, headers=office).status_code == 200
    assert client.get(address, headers=operator(session, zone())).status_code == 200
    assert client.get(address, headers=stranger).status_code == 404
    assert client.get(address, headers=operator(session, zone("420200"))).status_code == 404


def test_lists_filter_by_repeated_parameters_and_page(client, session, stranger):
    for n in range(5):
        an_achievement(session, title=f"题{n}", industry="opto" if n % 2 else "ai", trl=n + 2)
    first = client.get(
        "/api/achievements?industry=opto&industry=ai&trl_min=3&sort=trl&limit=3", headers=stranger
    ).get_json()
    assert [row["trl"] for row in first["items"]] == [3, 4, 5]
    query = {
        "industry": ["opto", "ai"],
        "trl_min": 3,
        "sort": "trl",
        "limit": 3,
        "cursor": first["next_cursor"],
    }
    rest = client.get("/api/achievements", query_string=query, headers=stranger).get_json()
    assert ([row["trl"] for row in rest["items"]], rest["next_cursor"]) == ([6], None)
    del query["industry"]
    assert client.get("/api/achievements", query_string=query, headers=stranger).status_code == 422


@pytest.mark.parametrize("query", ["trl_min=0", "trl_min=１", "mode=barter", "state=expired", "expired=yes", "industry=strong", "q=",
                                   "region=武汉", "institute_id=1", "sort=summary", "colour=red", "q=%00"])  # fmt: skip
def test_impossible_filters_are_422(client, stranger, query):
    assert client.get(f"/api/achievements?{query}", headers=stranger).status_code == 422


@pytest.mark.parametrize("query", ["q=%25", "q=_", "q=%5C", "q=%01", "q=%27%22--"])
def test_any_search_words_do_no_harm(client, stranger, query):
    assert client.get(f"/api/achievements?{query}", headers=stranger).status_code == 200


def test_search_words_that_are_no_utf_8_are_malformed(client, stranger):
    assert client.get("/api/achievements?q=%ff", headers=stranger).status_code == 400


def test_nobody_reads_without_a_token(client, office, institute):
    address = register(client, office, institute)
    assert client.get(address).status_code == 401
    assert client.get("/api/achievements").status_code == 401


def test_of_two_editors_at_once_one_wins_and_the_other_gets_412(committed_database, application):
    application.extensions["clock"] = SystemClock()
    with committed_database.transaction() as session:
        institute = an_institute(session)
        office = bearer(session, (Role.TRANSFER_OFFICE, of(institute)))
    address = register(application.test_client(), office, institute)
    tag = application.test_client().get(address, headers=office).headers["ETag"]
    start, seen = threading.Barrier(2), []

    def amend(title):
        start.wait(10)
        answer = application.test_client().patch(
            address, json={"title": title}, headers=office | {"If-Match": tag}
        )
        seen.append((answer.status_code, title))

    both = [threading.Thread(target=amend, args=(title,)) for title in ("甲的题目", "乙的题目")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert sorted(status for status, _ in seen) == [200, 412]
    (winner,) = [title for status, title in seen if status == 200]
    assert application.test_client().get(address, headers=office).get_json()["title"] == winner
