"""What lists and reports say of a need whose enterprise is silent does not depend on the job that sets it aside."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.clock import SHANGHAI
from sky_net.monitoring.at_risk import list_at_risk
from sky_net.monitoring.compliance import report_compliance
from sky_net.monitoring.metrics import exposition
from sky_net.monitoring.overrun import report_overrun
from sky_net.monitoring.trend import report_trend
from sky_net.needs import review, service, silence
from sky_net.sla import projection
from sky_net.sla.models import SlaClock
from sky_net.sla.parties import PARTIES
from sky_net.sla.reading import list_clocks
from sky_net.sla.service import Subject, open_party_clock
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, of

TUESDAY = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)
SILENT_SINCE = datetime(2026, 3, 24, 17, 30, tzinfo=SHANGHAI)
YEAR = {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 31)}
PROMISES = YEAR | {"party": "platform"}
LIST = {"sort": "due_at", "limit": 100}
COMPLETE = {
    "title": "低温抖动", "problem": "抖动过大", "industry": "opto", "contact_name": "甲", "contact_phone": "027-1",
}  # fmt: skip


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, PROVINCE))


def questioned(session, operator, clock):
    """A need that was confirmed in time; its enterprise was asked something on that day."""
    clock.instant = TUESDAY
    poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    need = service.draft_need(session, poster, COMPLETE, now=clock.now())
    service.submit_need(session, poster, need.id, now=clock.now())
    review.confirm_need(session, operator, need.id, complexity="simple", now=clock.now())
    silence.ask_enterprise(session, operator, need, uuid4(), now=clock.now())
    return need


def told(session, operator, now):
    """Everything that is read of the clocks without asking for one need."""
    listed = {}
    for state in ("running", "at_risk", "breached", "cancelled", "paused", "met"):
        asked = LIST | {"state": [state], "party": PARTIES}
        found = list_clocks(session, operator, asked, now=now).items
        listed[state] = sorted(
            (each.subject_id, each.reading.stage, each.reading.stopped_at) for each in found
        )
    at_risk = list_at_risk(session, operator, LIST, now=now).items
    then = {"as_of": min(now, SILENT_SINCE + timedelta(days=1))}
    return {
        "lists": listed,
        "at_risk": [(each.need_id, each.stage, each.left_minutes) for each in at_risk],
        "compliance": report_compliance(session, operator, PROMISES | {"by": ["stage", "month"]}, now=now),
        "compliance_then": report_compliance(
            session, operator, PROMISES | then | {"by": ["stage"]}, now=now
        ).total,
        "overrun": report_overrun(session, operator, YEAR | {"by": "kind"}, now=now),
        "trend": report_trend(session, operator, PROMISES | {"by": "month"}, now=now),
        "metrics": [
            line for line in exposition(session, now, "")[0].decode().splitlines() if "_clocks" in line
        ],
    }


@pytest.mark.parametrize("late", [timedelta(minutes=1), timedelta(days=30)])
def test_it_is_the_same_before_the_job_and_after_it(session, operator, clock, late):
    need = questioned(session, operator, clock)
    asked = Subject(uuid4(), need.number, need.zone_code, "institute", need.id, an_institute(session).id)
    open_party_clock(session, operator, asked, now=SILENT_SINCE + timedelta(seconds=30))  # nobody had noticed
    clock.instant = SILENT_SINCE + late
    before = told(session, operator, clock.now())
    assert silence.set_aside_silent(session, now=clock.now()) == [need.id]
    assert told(session, operator, clock.now()) == before
    cancelled = {(subject, stage) for subject, stage, _ in before["lists"]["cancelled"]}
    assert (need.id, "propose") in cancelled
    assert (asked.id, "institute_reply") in cancelled
    assert (need.id, "confirm") in {(subject, stage) for subject, stage, _ in before["lists"]["met"]}


def test_until_its_last_instant_the_enterprise_is_waited_for(session, operator, clock):
    need = questioned(session, operator, clock)
    running = ["running", "at_risk", "breached"]
    for at, is_open in ((SILENT_SINCE, True), (SILENT_SINCE + timedelta(microseconds=1), False)):
        found = list_clocks(session, operator, LIST | {"state": running}, now=at).items
        assert ((need.id, "propose") in {(each.subject_id, each.reading.stage) for each in found}) == is_open


def test_what_runs_out_while_a_need_is_put_off_as_a_long_term_problem_ends_nothing(session, operator, clock):
    need = questioned(session, operator, clock)
    clock.advance(hours=1)
    review.park_need(session, operator, need.id, message="长期难题", now=clock.now())
    clock.instant = SILENT_SINCE + timedelta(days=2)
    assert told(session, operator, clock.now())["lists"]["cancelled"] == []
    assert silence.set_aside_silent(session, now=clock.now()) == []
    review.resume_need(session, operator, need.id, now=clock.now())
    clock.advance(hours=1)
    assert silence.set_aside_silent(session, now=clock.now()) == []
    assert told(session, operator, clock.now())["lists"]["cancelled"] == []


def test_what_foretells_a_silence_is_made_anew_from_the_logs(session, operator, clock):
    questioned(session, operator, clock)
    columns = (SlaClock.id, SlaClock.silent_from, SlaClock.heeds_silence_from)
    before = session.execute(select(*columns).order_by(SlaClock.id)).all()
    assert {row.silent_from for row in before} == {None, SILENT_SINCE}
    projection.rebuild(session)
    assert session.execute(select(*columns).order_by(SlaClock.id)).all() == before
