"""Waivers and corrections on a need: by a supervisor, with a reason, and never by editing."""

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from sky_net.sla.models import ClockReason, SlaEvent
from tests.factories.directory import an_enterprise
from tests.factories.identity import bearer, of, zone
from tests.factories.needs import a_need_body

WHY = {"reason_code": "force_majeure", "message": "台风期间全市停工"}
WRONG = {"moved_to": None, "reason_code": "mistaken", "message": "录错需求"}


@pytest.fixture
def people(session):
    enterprise = an_enterprise(session)
    return {
        "poster": bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise))),
        "operator": bearer(session, (Role.OPERATOR, zone())),
        "supervisor": bearer(session, (Role.OPERATOR, PROVINCE)),
    }


@pytest.fixture
def need(client, people):
    made = client.post("/api/needs", json=a_need_body(), headers=people["poster"]).json
    client.post(f"/api/needs/{made['id']}/submission", headers=people["poster"] | {"Idempotency-Key": "s"})
    said = {"complexity": "simple", "industry": "nev"}
    client.post(
        f"/api/needs/{made['id']}/confirmation",
        json=said,
        headers=people["operator"] | {"Idempotency-Key": "c"},
    )
    return f"/api/needs/{made['id']}"


def correction(client, people, need, seq):
    events = client.get(f"{need}/clock-events", headers=people["operator"]).json["items"]
    return f"{need}/clock-events/{events[seq - 1]['id']}/correction"


def state(answer, stage):
    return next(entry["state"] for entry in answer.json["items"] if entry["stage"] == stage)


def test_a_supervisor_excuses_an_over_run_and_the_log_says_who_and_why(client, session, clock, people, need):
    clock.advance(days=30)
    before = client.get(f"{need}/clocks", headers=people["supervisor"])
    assert state(before, "communicate") == "breached"
    after = client.post(f"{need}/clocks/communicate/waiver", json=WHY, headers=people["supervisor"])
    assert (after.status_code, state(after, "communicate"), state(after, "propose")) == (
        200,
        "waived",
        "breached",
    )
    last = client.get(f"{need}/clock-events", headers=people["poster"]).json["items"][-1]
    assert (last["kind"], last["stage"], last["reason"], last["words"]) == (
        "waive", "communicate", "force_majeure", WHY["message"],
    )  # fmt: skip
    assert last["actor_id"]


def test_it_is_excused_once(client, clock, people, need):
    clock.advance(days=30)
    path = f"{need}/clocks/communicate/waiver"
    answers = [client.post(path, json=WHY, headers=people["supervisor"]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json["refusal"] == "nothing_to_waive"


def test_the_words_stand_where_they_can_be_erased_and_the_log_keeps_a_digest(
    client, session, clock, people, need
):
    clock.advance(days=30)
    client.post(f"{need}/clocks/communicate/waiver", json=WHY, headers=people["supervisor"])
    event = session.scalars(select(SlaEvent).where(SlaEvent.kind == "waive")).one()
    assert WHY["message"] not in str(event.evidence)
    assert session.scalars(select(ClockReason.words)).all() == [WHY["message"]]
    assert not any(WHY["message"] in str(audited.after) for audited in session.scalars(select(AuditEvent)))


def test_a_stop_recorded_by_mistake_is_struck_and_stays_to_be_seen(client, people, need):
    events = client.get(f"{need}/clock-events", headers=people["operator"]).json["items"]
    assert [event["kind"] for event in events] == ["start", "stop"]
    after = client.post(correction(client, people, need, 2), json=WRONG, headers=people["supervisor"])
    assert state(after, "confirm") == "running"
    events = client.get(f"{need}/clock-events", headers=people["operator"]).json["items"]
    assert [(event["kind"], event["stands"]) for event in events] == [
        ("start", True),
        ("stop", False),
        ("correction", True),
    ]


def test_an_event_is_moved_to_when_it_happened(client, clock, people, need):
    moved = WRONG | {"moved_to": "2026-03-10T09:31:00+08:00", "reason_code": "wrong_instant"}
    clock.advance(hours=1)
    after = client.post(correction(client, people, need, 2), json=moved, headers=people["supervisor"])
    [confirm] = [entry for entry in after.json["items"] if entry["stage"] == "confirm"]
    assert (confirm["state"], confirm["stopped_at"]) == ("met", "2026-03-10T01:31:00Z")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (1, WRONG, "correction_invalid"),
        (2, WRONG | {"moved_to": "2026-03-20T10:00:00+08:00"}, "event_from_the_future"),
        (1, WRONG | {"moved_to": "2026-03-12T10:00:00+08:00"}, "event_from_the_future"),
        ("clocks/lead/waiver", WHY, "no_such_clock"),
        ("clocks/communicate/waiver", WHY, "nothing_to_waive"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_leaves_the_log_as_it_was(
    client, people, need, path, body, code
):
    path = f"{need}/{path}" if isinstance(path, str) else correction(client, people, need, path)
    answer = client.post(path, json=body, headers=people["supervisor"])
    assert (answer.status_code, answer.json["refusal"]) == (409, code)
    assert len(client.get(f"{need}/clock-events", headers=people["operator"]).json["items"]) == 2


def test_a_zones_operator_and_the_enterprise_may_not(client, people, need):
    for who in ("operator", "poster"):
        waived = client.post(f"{need}/clocks/communicate/waiver", json=WHY, headers=people[who])
        corrected = client.post(correction(client, people, need, 2), json=WRONG, headers=people[who])
        assert (waived.status_code, corrected.status_code) == (403, 403)


def test_an_event_of_another_need_is_not_there(client, people, need):
    answer = client.post(
        f"{need}/clock-events/{need.rsplit('/', 1)[1]}/correction", json=WRONG, headers=people["supervisor"]
    )
    assert answer.status_code == 404
