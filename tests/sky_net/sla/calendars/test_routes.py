"""Calendars over HTTP."""

import pytest

from backbone.actor import PROVINCE, Role
from tests.factories.calendars import a_text
from tests.factories.identity import bearer, zone

PERIOD = "from_on=2026-02-14&to_on=2026-02-16"


@pytest.fixture
def chief(session):
    return bearer(session, (Role.OPERATOR, PROVINCE))


def test_the_days_of_a_period_with_their_grounds(client, chief):
    shown = client.get(f"/api/calendar?{PERIOD}", headers=chief).json
    assert [(day["on"], day["is_workday"], day["origin"]) for day in shown["days"]] == [
        ("2026-02-14", True, "make_up"), ("2026-02-15", False, "statutory"), ("2026-02-16", False, "statutory"),
    ]  # fmt: skip
    assert shown["days"][0]["hours"] == ["09:00-12:00", "13:30-17:30"]
    assert "2026" in shown["days"][0]["source"]
    assert shown["horizon"] == "2026-12-31"


def test_a_notice_is_loaded_once_and_listed(client, chief):
    loaded = client.post("/api/calendar/versions", json={"notice": a_text()}, headers=chief)
    assert (loaded.status_code, loaded.json["version"]["horizon"]) == (200, "2027-12-31")
    again = client.post(
        "/api/calendar/versions", json={"notice": a_text()}, headers=chief | {"Idempotency-Key": "2"}
    )
    assert (again.status_code, again.json["version"], again.json["moved"]) == (200, None, 0)
    [listed] = client.get("/api/calendar/versions", headers=chief).json["items"]
    assert (listed["key"], listed["number"], listed["source"]) == ("cn", 1, "测试通知")
    after = client.get("/api/calendar?from_on=2027-01-01&to_on=2027-01-01", headers=chief).json
    assert after["days"][0]["name"] == "元旦"


def test_an_order_of_one_zone(client, chief):
    order = a_text([{"date": "2026-03-11", "kind": "closed", "name": "台风停工"}], year=None)
    client.post("/api/calendar/versions", json={"notice": order, "zone_code": "420100"}, headers=chief)
    asked = "from_on=2026-03-11&to_on=2026-03-11&zone_code="
    found = [
        client.get(f"/api/calendar?{asked}{code}", headers=chief).json["days"][0]["is_workday"]
        for code in ("420100", "420200")
    ]
    assert found == [False, True]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from_on=2026-02-14&to_on=2026-02-13", "to_on"),
        ("from_on=2025-01-01&to_on=2026-12-31", "to_on"),
        ("from_on=x&to_on=2026-01-01", "from_on"),
    ],
)
def test_an_impossible_period_is_named(client, chief, query, field):
    answer = client.get(f"/api/calendar?{query}", headers=chief)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


@pytest.mark.parametrize(
    "period", ["from_on=2003-01-01&to_on=2003-01-02", "from_on=2199-01-01&to_on=2199-01-02"]
)
def test_a_year_that_no_calendar_covers_is_named_in_words(client, chief, period):
    answer = client.get(f"/api/calendar?{period}", headers=chief)
    assert answer.status_code == 422
    assert "2004" in answer.json["errors"][0]["problem"]


def test_a_notice_with_a_fault_is_refused_naming_its_line(client, chief):
    answer = client.post(
        "/api/calendar/versions",
        json={"notice": "source: 通知\nrows:\n  - {date: 2027-13-01, kind: holiday}\n"},
        headers=chief,
    )
    assert answer.status_code == 422
    assert "3" in answer.json["errors"][0]["problem"]


def test_nobody_else_loads_or_reads(client, session):
    local = bearer(session, (Role.OPERATOR, zone()))
    assert client.post("/api/calendar/versions", json={"notice": a_text()}, headers=local).status_code == 403
    assert client.get(f"/api/calendar?{PERIOD}", headers=local).status_code == 200
    stranger = bearer(session, (Role.BROKER, zone()))
    assert client.get(f"/api/calendar?{PERIOD}", headers=stranger).status_code == 403
