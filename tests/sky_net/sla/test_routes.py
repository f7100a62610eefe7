"""The operators' list of clocks over HTTP."""

import pytest
from sqlalchemy import update

from backbone.actor import PROVINCE, SYSTEM, Role
from sky_net.sla import service, stops
from sky_net.sla.models import SlaClock
from tests.factories.identity import bearer, operator, zone
from tests.factories.sla import a_confirmation, a_contact, opened


@pytest.fixture
def watching(session):
    return operator(session, zone("420100"))


def watch(client, headers, **query):
    return client.get("/api/clocks", query_string=query, headers=headers)


def test_an_operator_reads_every_clock_with_its_deadline(client, session, clock, watching):
    subject = opened(session, now=clock.now())
    answer = watch(client, watching)
    assert answer.status_code == 200
    first = answer.json["items"][0]
    assert (first["subject_number"], first["subject_id"]) == (subject.number, str(subject.id))
    assert (first["zone_code"], first["party"]) == ("420100", "platform")
    assert first["policy_version"] == "response-1-5-15.v1"
    assert first["clock"] == {
        "stage": "confirm", "state": "running", "started_at": "2026-03-10T01:30:00Z", "due_at": "2026-03-11T09:30:00Z",
        "provisional": False, "stopped_at": None, "awaiting_until": None, "budget_minutes": 420, "consumed_minutes": 0,
        "paused_minutes": 0, "remaining_minutes": 420, "over_minutes": 0, "kept_breached": False,
    }  # fmt: skip


def test_at_risk_is_told_apart_from_running_in_filter_and_answer(client, session, clock, watching):
    opened(session, now=clock.now())
    clock.advance(days=1, hours=7)  # 16:30 of the one day that confirm has
    answer = watch(client, watching, state="at_risk")
    assert [item["clock"]["stage"] for item in answer.json["items"]] == ["confirm"]
    assert answer.json["items"][0]["clock"]["state"] == "at_risk"
    running = watch(client, watching, state="running")
    assert [item["clock"]["stage"] for item in running.json["items"]] == ["communicate", "propose"]


def test_each_state_is_found_by_its_name(client, session, clock, watching):
    met, paused, cancelled, late = (opened(session, now=clock.now()) for _ in range(4))
    stops.stop(session, SYSTEM, met.id, a_confirmation(clock.now()), now=clock.now())
    service.pause(session, SYSTEM, paused.id, "return", now=clock.now())
    service.cancel(session, SYSTEM, cancelled.id, "withdraw", now=clock.now())
    clock.advance(days=2)

    def found(state):
        items = watch(client, watching, state=state, stage="confirm").json["items"]
        return {item["subject_number"] for item in items}

    assert found("met") == {met.number}
    assert found("paused") == {paused.number}
    assert found("cancelled") == {cancelled.number}
    assert found("breached") == {late.number}
    assert found(["met", "breached"]) == {met.number, late.number}


def test_a_contact_that_waits_for_agreement_says_until_when(client, session, clock, watching):
    subject = opened(session, now=clock.now())
    stops.stop(session, SYSTEM, subject.id, a_contact(clock.now()), now=clock.now())
    clock_of = watch(client, watching, stage="communicate").json["items"][0]["clock"]
    assert (clock_of["state"], clock_of["awaiting_until"]) == ("running", "2026-03-12T09:30:00Z")


def test_minutes_are_whole_and_begun_ones_do_not_count(client, session, clock, watching):
    opened(session, now=clock.now())
    clock.advance(days=1, seconds=59)  # 59 seconds past 09:30
    shown = watch(client, watching, stage="confirm").json["items"][0]["clock"]
    assert (shown["consumed_minutes"], shown["remaining_minutes"]) == (30, 389)


def test_another_zones_operator_sees_nothing_of_it(client, session, clock):
    opened(session, now=clock.now())
    assert watch(client, operator(session, zone("420500"))).json == {"items": [], "next_cursor": None}


def test_an_enterprise_may_not_watch_zones(client, session, clock):
    answer = watch(client, bearer(session, (Role.ENTERPRISE_MEMBER, PROVINCE)))
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_without_a_token_nothing_is_shown(client):
    assert watch(client, {}).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {"state": "late"},
        {"stage": "answer"},
        {"zone": "999999"},
        {"sort": "number"},
        {"limit": "0"},
        {"x": "1"},
    ],
)
def test_a_filter_that_does_not_exist_is_named(client, session, watching, query):
    answer = watch(client, watching, **query)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"].startswith(next(iter(query)))


def test_pages_go_on_where_the_last_one_ended(client, session, clock, watching):
    for _ in range(2):
        opened(session, now=clock.now())
    first = watch(client, watching, limit=4).json
    second = watch(client, watching, limit=4, cursor=first["next_cursor"]).json
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert (len(ids), len(set(ids)), second["next_cursor"]) == (6, 6, None)


def test_pages_go_on_behind_a_clock_whose_deadline_lies_past_the_calendar(client, session, clock, watching):
    opened(session, now=clock.now())
    session.execute(update(SlaClock).values(due_at=None))
    first = watch(client, watching, limit=1, sort="due_at").json
    second = watch(client, watching, limit=2, sort="due_at", cursor=first["next_cursor"])
    assert second.status_code == 200
    assert len({item["id"] for item in first["items"] + second.json["items"]}) == 3


def test_the_operation_is_documented(client):
    operation = client.get("/api/openapi.json").json["paths"]["/api/clocks"]["get"]
    assert operation["operationId"] == "watchClocks"
    assert {"state", "stage", "zone", "sort"} <= {parameter["name"] for parameter in operation["parameters"]}
