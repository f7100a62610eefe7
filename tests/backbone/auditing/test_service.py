from datetime import UTC, datetime, timedelta

import pytest

from backbone import audit
from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.auditing.service import list_audit_events
from backbone.errors import Forbidden
from tests.factories.directory import an_institute
from tests.factories.identity import an_actor, bearer, zone

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
ASKED = {"limit": 100, "sort": "-occurred_at"}


@pytest.fixture
def auditor(session):
    return an_actor(session, (Role.AUDITOR, PROVINCE))


def test_an_auditor_reads_who_changed_what_with_personal_values_as_digests(client, session):
    who, institute = an_actor(session, name="测试改动者"), an_institute(session)
    before, after = (
        {"level": "省属", "phone": "027-1"},
        {"level": "部属", "phone": "027-2", "on": NOON.date()},
    )
    audit.record(
        session, who, "amend_institute", institute, now=NOON, before=before, after=after, personal={"phone"}
    )
    session.flush()
    answer = client.get(
        "/api/audit-events",
        query_string={"subject_kind": "institutes", "subject_id": str(institute.id)},
        headers=bearer(session, (Role.AUDITOR, PROVINCE)),
    )
    (event,) = answer.json["items"]
    assert (event["actor_id"], event["actor_name"]) == (str(who.account_id), "测试改动者")
    assert (event["action"], event["occurred_at"]) == ("amend_institute", "2026-03-10T04:00:00Z")
    level, phone, on = event["changes"]
    assert level == {"field": "level", "before": '"省属"', "after": '"部属"'}
    assert on == {"field": "on", "before": None, "after": '"2026-03-10"'}
    assert phone["before"] != phone["after"]
    assert "027" not in answer.text


def test_events_are_found_by_person_action_and_day_the_newest_first(session, auditor):
    one, other, institute = an_actor(session), an_actor(session), an_institute(session)
    for actor, action, days in ((one, "x", 0), (one, "y", 1), (other, "x", 2), (SYSTEM, "x", 3)):
        audit.record(session, actor, action, institute, now=NOON + timedelta(days=days))
    session.flush()

    def found(**asked):
        events = list_audit_events(session, auditor, ASKED | {"subject_id": institute.id} | asked).items
        return [(event["action"], (event["occurred_at"] - NOON).days) for event in events]

    assert found() == [("x", 3), ("x", 2), ("y", 1), ("x", 0)]
    assert found(actor_id=one.account_id) == [("y", 1), ("x", 0)]
    assert found(action="x") == [("x", 3), ("x", 2), ("x", 0)]
    assert found(from_on=NOON.date() + timedelta(days=1), to_on=NOON.date() + timedelta(days=2)) == [
        ("x", 2),
        ("y", 1),
    ]


def test_a_day_is_one_in_wuhan(session, auditor):
    institute = an_institute(session)
    day = NOON.date()
    for hour in (15, 16):  # UTC: the last hour of the day in Wuhan, and the first of the next
        audit.record(session, SYSTEM, "x", institute, now=NOON.replace(hour=hour))
    session.flush()
    asked = ASKED | {"subject_id": institute.id}
    hours = [
        [
            event["occurred_at"].hour
            for event in list_audit_events(session, auditor, asked | {"from_on": on, "to_on": on}).items
        ]
        for on in (day, day + timedelta(days=1))
    ]
    assert hours == [[15], [16]]


@pytest.mark.parametrize(
    "held", [(Role.AUDITOR, zone("420100")), (Role.ADMINISTRATOR, PROVINCE), (Role.OPERATOR, PROVINCE)]
)
def test_nobody_else_reads_it(session, held):
    with pytest.raises(Forbidden):
        list_audit_events(session, an_actor(session, held), ASKED)
