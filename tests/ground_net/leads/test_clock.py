"""Five working days from the recording, met by a promotion or a reason, called about to whoever holds the lead."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.identity.models import Membership
from backbone.notices.models import Notice
from ground_net.leads.clock import clocks_of, who_answers
from ground_net.leads.service import claim_lead, close_lead
from sky_net.reminders.service import call_about_clocks
from tests.factories.identity import bearer, zone
from tests.factories.leads import RECORDED_AT, VISITED_AT, Desk, a_desk

DUE = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)  # the close of the fifth working day after Tuesday the 10th
LATE = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def state(session, lead, now):
    return str(clocks_of(session, [lead.id], now=now)[lead.id].state)


def test_it_runs_from_the_recording_whenever_the_visit_was(session, desk):
    lead = desk.lead(happened_at=VISITED_AT - timedelta(days=30))
    assert clocks_of(session, [lead.id], now=RECORDED_AT)[lead.id].due_at == DUE
    assert state(session, lead, DUE) == "running"
    assert state(session, lead, DUE + timedelta(microseconds=1)) == "breached"


def test_a_reason_meets_it_in_time_and_not_afterwards(session, desk):
    early, late = desk.lead(), desk.lead()
    close_lead(session, desk.collector, early.id, {"reason_code": "unreachable"}, now=DUE)
    close_lead(session, desk.collector, late.id, {"reason_code": "unreachable"}, now=LATE)
    assert [state(session, each, LATE) for each in (early, late)] == ["met", "breached"]


def called(session):
    rows = session.execute(select(Notice.kind, Notice.recipient_id).where(Notice.recipient_id.is_not(None)))
    return {(kind, recipient) for kind, recipient in rows}


def test_whoever_claimed_it_is_reminded_and_the_operators_learn_of_a_breach(session, desk):
    lead = desk.lead()
    claim_lead(session, desk.broker, lead.id, now=RECORDED_AT)
    call_about_clocks(session, now=DUE - timedelta(hours=2))
    assert called(session) == {("clock_reminder", desk.broker.account_id)}
    call_about_clocks(session, now=LATE)
    assert called(session) - {("clock_reminder", desk.broker.account_id)} == {
        ("clock_breached", desk.broker.account_id), ("clock_breached", desk.operator.account_id),
    }  # fmt: skip
    [number] = set(session.scalars(select(Notice.subject_number)))
    assert number == lead.number


def test_before_anybody_claimed_it_the_nodes_collectors_are_reminded(session, desk):
    lead = desk.lead()
    assert who_answers(session, [lead.id]) == {
        lead.id: {desk.collector.account_id, desk.colleague.account_id}
    }
    call_about_clocks(session, now=DUE - timedelta(hours=2))
    assert {recipient for _, recipient in called(session)} == {
        desk.collector.account_id,
        desk.colleague.account_id,
    }


def test_a_node_without_collectors_falls_to_the_operators_of_its_zone(session):
    desk = a_desk(session)
    lead = desk.lead(desk.operator)
    for account in (desk.collector, desk.colleague):
        session.query(Membership).filter_by(account_id=account.account_id).update({"ended_at": RECORDED_AT})
    session.flush()
    assert who_answers(session, [lead.id]) == {lead.id: set()}
    call_about_clocks(session, now=DUE - timedelta(hours=2))
    assert {recipient for _, recipient in called(session)} == {desk.operator.account_id}


def test_the_zones_operators_watch_it_among_the_clocks_of_nodes(client, session, desk, clock):
    lead = desk.lead()
    clock.instant = LATE
    watched = client.get("/api/clocks?party=node&state=breached", headers=desk.headers(desk.operator)).json[
        "items"
    ]
    assert [(each["subject_number"], each["party"]) for each in watched] == [(lead.number, "node")]
    other = client.get(
        "/api/clocks?party=node", headers=bearer(session, (Role.OPERATOR, zone("420200")))
    ).json
    assert other["items"] == []
