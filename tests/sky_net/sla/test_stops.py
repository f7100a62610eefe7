"""The only writer of stops: what it refuses, when a stop holds, and what a dispute does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backbone.actor import SYSTEM
from backbone.clock import SHANGHAI
from backbone.http_problems import status_of
from sky_net.sla import service, stops
from sky_net.sla.clocks import ClockState
from sky_net.sla.models import SlaEvent
from sky_net.sla.refusals import ClockRefused, ClocksNotOpen, StopRefused
from tests.factories.sla import a_confirmation, a_contact, a_proposal, a_subject, opened


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.fixture
def subject(session):
    """Submitted on Monday 2 March: confirm is due on Tuesday, communicate on Monday 9 March, each at 17:30."""
    return opened(session, now=at("03-02T10:00"))


def reading(session, subject, stage, now):
    return next(
        found
        for found in service.readings(session, [subject.id], now=now)[subject.id]
        if found.stage == stage
    )


def stops_of(session, subject):
    query = (
        select(SlaEvent)
        .where(SlaEvent.subject_id == subject.id, SlaEvent.kind == "stop")
        .order_by(SlaEvent.seq)
    )
    return session.scalars(query).all()


def test_a_confirmation_with_everything_meets_the_promise_to_confirm_alone(session, subject):
    now = at("03-03T09:00")
    stops.stop(session, SYSTEM, subject.id, a_confirmation(now), now=now)
    assert reading(session, subject, "confirm", now).state is ClockState.MET
    assert reading(session, subject, "communicate", now).state is ClockState.RUNNING


def test_a_refused_stop_names_every_condition_and_writes_nothing(session, subject):
    evidence = a_confirmation(at("03-03T09:00"), industry=None, complexity=" ", enterprise_told_at=None)
    with pytest.raises(StopRefused) as refusal:
        stops.stop(session, SYSTEM, subject.id, evidence, now=at("03-03T09:00"))
    named = [entry["condition"] for entry in refusal.value.data["missing"]]
    assert named == ["industry", "complexity", "enterprise_told"]
    assert "所属产业；难度等级；已告知企业" in refusal.value.sentence().zh
    assert status_of(refusal.value) == 409
    assert stops_of(session, subject) == []
    assert reading(session, subject, "confirm", at("03-03T09:00")).state is ClockState.RUNNING


def test_nothing_is_stopped_before_the_first_submission(session):
    now = at("03-03T09:00")
    with pytest.raises(ClocksNotOpen):
        stops.stop(session, SYSTEM, a_subject().id, a_confirmation(now), now=now)


def test_a_late_confirmation_stops_the_clock_and_it_stays_breached(session, subject):
    now = at("03-04T11:00")
    stops.stop(session, SYSTEM, subject.id, a_confirmation(now), now=now)
    late = reading(session, subject, "confirm", now)
    assert (late.state, late.stopped_at, late.over) == (ClockState.BREACHED, now, timedelta(hours=2))


def test_a_contact_holds_by_silence_at_the_close_of_the_second_working_day(session, subject):
    stops.stop(session, SYSTEM, subject.id, a_contact(at("03-05T10:00")), now=at("03-05T10:00"))
    waiting = reading(session, subject, "communicate", at("03-06T10:00"))
    assert (waiting.state, waiting.awaiting_until) == (ClockState.RUNNING, at("03-09T17:30"))
    met = reading(session, subject, "communicate", at("03-09T17:30"))
    assert (met.state, met.stopped_at) == (ClockState.MET, at("03-05T10:00"))


def test_a_contact_recorded_in_time_is_met_although_silence_settles_it_after_the_deadline(session, subject):
    stops.stop(session, SYSTEM, subject.id, a_contact(at("03-09T17:00")), now=at("03-09T17:00"))
    assert reading(session, subject, "communicate", at("03-10T10:00")).state is ClockState.RUNNING
    assert reading(session, subject, "communicate", at("03-11T17:30")).state is ClockState.MET


def test_agreement_makes_the_contact_hold_earlier_and_count_from_its_record(session, subject):
    evidence = a_contact(at("03-05T10:00"))
    stops.stop(session, SYSTEM, subject.id, evidence, now=at("03-05T10:00"))
    agreed_at = at("03-05T15:00")
    agreed = replace(evidence, agreed_at=agreed_at)
    stops.stop(session, SYSTEM, subject.id, agreed, now=agreed_at)
    met = reading(session, subject, "communicate", agreed_at)
    assert (met.state, met.stopped_at) == (ClockState.MET, at("03-05T10:00"))
    assert [event.holds_from for event in stops_of(session, subject)] == [at("03-09T17:30"), agreed_at]


def test_a_contact_that_the_enterprise_recorded_itself_holds_at_once(session, subject):
    now = at("03-05T10:00")
    stops.stop(session, SYSTEM, subject.id, a_contact(now, agreed_at=now), now=now)
    assert reading(session, subject, "communicate", now).state is ClockState.MET


def test_the_same_evidence_twice_is_one_stop(session, subject):
    evidence = a_contact(at("03-05T10:00"))
    first = stops.stop(session, SYSTEM, subject.id, evidence, now=at("03-05T10:00"))
    assert stops.stop(session, SYSTEM, subject.id, evidence, now=at("03-06T10:00")) is first
    assert len(stops_of(session, subject)) == 1


def test_agreement_after_silence_has_settled_it_changes_nothing(session, subject):
    evidence = a_contact(at("03-03T10:00"))
    stops.stop(session, SYSTEM, subject.id, evidence, now=at("03-03T10:00"))
    late = replace(evidence, agreed_at=at("03-06T10:00"))
    stops.stop(session, SYSTEM, subject.id, late, now=at("03-06T10:00"))
    assert len(stops_of(session, subject)) == 1


def test_a_dispute_reopens_the_clock_at_the_time_it_had_used_up(session, subject):
    evidence = a_contact(at("03-05T10:00"))
    stops.stop(session, SYSTEM, subject.id, evidence, now=at("03-05T10:00"))
    stops.reopen(session, SYSTEM, subject.id, "communicate", evidence.contact_id, now=at("03-06T10:00"))
    running = reading(session, subject, "communicate", at("03-06T10:00"))
    # two whole days and one hour: what lay between the record and the dispute counts for nobody
    assert (running.state, running.consumed) == (ClockState.RUNNING, timedelta(hours=15))
    assert running.due_at == at("03-10T17:30")


def test_a_later_contact_stops_a_reopened_clock_anew(session, subject):
    evidence = a_contact(at("03-05T10:00"))
    stops.stop(session, SYSTEM, subject.id, evidence, now=at("03-05T10:00"))
    stops.reopen(session, SYSTEM, subject.id, "communicate", evidence.contact_id, now=at("03-06T10:00"))
    stops.stop(
        session,
        SYSTEM,
        subject.id,
        a_contact(at("03-06T11:00"), agreed_at=at("03-06T11:00")),
        now=at("03-06T11:00"),
    )
    met = reading(session, subject, "communicate", at("03-06T11:00"))
    assert (met.state, met.stopped_at) == (ClockState.MET, at("03-06T11:00"))


def test_a_dispute_leaves_other_evidence_standing(session, subject):
    disputed, other = a_contact(at("03-05T10:00")), a_contact(at("03-05T11:00"), agreed_at=at("03-05T11:00"))
    stops.stop(session, SYSTEM, subject.id, disputed, now=at("03-05T10:00"))
    stops.stop(session, SYSTEM, subject.id, other, now=at("03-05T11:00"))
    stops.reopen(session, SYSTEM, subject.id, "communicate", disputed.contact_id, now=at("03-06T10:00"))
    assert reading(session, subject, "communicate", at("03-06T10:00")).state is ClockState.MET
    assert [event.reason for event in stops_of(session, subject)] == [None, None, "still_stands"]


def test_a_dispute_after_a_withdrawal_does_not_bring_the_clock_back(session, subject):
    evidence = a_contact(at("03-05T10:00"))
    stops.stop(session, SYSTEM, subject.id, evidence, now=at("03-05T10:00"))
    service.cancel(session, SYSTEM, subject.id, "withdraw", now=at("03-05T11:00"))
    stops.reopen(session, SYSTEM, subject.id, "communicate", evidence.contact_id, now=at("03-06T10:00"))
    assert reading(session, subject, "communicate", at("03-20T10:00")).state is ClockState.CANCELLED


def test_what_never_stopped_the_clock_cannot_be_disputed(session, subject):
    with pytest.raises(ClockRefused) as refusal:
        stops.reopen(session, SYSTEM, subject.id, "communicate", uuid4(), now=at("03-06T10:00"))
    assert refusal.value.data["refusal"] == "reopen_without_stop"


def test_the_first_released_proposal_meets_the_promise_to_propose(session, subject):
    for hour in (10, 11):
        now = at(f"03-05T{hour}:00")
        stops.stop(session, SYSTEM, subject.id, a_proposal(now), now=now)
    met = reading(session, subject, "propose", at("03-05T12:00"))
    assert (met.state, met.stopped_at) == (ClockState.MET, at("03-05T10:00"))
    assert len(stops_of(session, subject)) == 2


def test_a_stop_while_paused_is_met(session, subject):
    service.pause(session, SYSTEM, subject.id, "return", now=at("03-02T11:00"))
    now = at("03-06T10:00")
    stops.stop(session, SYSTEM, subject.id, a_confirmation(now, rejected_with="duplicate"), now=now)
    assert reading(session, subject, "confirm", now).state is ClockState.MET


def test_the_log_keeps_references_and_digests_but_no_words_of_people(session, subject):
    evidence = a_contact(at("03-05T10:00"), result="王工答应寄样", next_step="李工周五回电")
    stops.stop(session, SYSTEM, subject.id, evidence, now=at("03-05T10:00"))
    kept = stops_of(session, subject)[0].evidence
    assert kept is not None
    assert (kept["type"], kept["reference"]) == ("ContactEvidence", str(evidence.contact_id))
    assert kept["result"].startswith("hmac:")
    assert kept["next_step"].startswith("hmac:")
    assert "工" not in str(kept)


def test_a_stop_stands_for_its_own_record_and_stage_until_it_is_undone(session, subject):
    now = at("03-03T09:00")
    proposal = a_proposal(now)
    assert not stops.stands(session, subject.id, "propose", proposal.proposal_id)

    stops.stop(session, SYSTEM, subject.id, proposal, now=now)

    assert stops.stands(session, subject.id, "propose", proposal.proposal_id)
    assert not stops.stands(session, subject.id, "communicate", proposal.proposal_id)
    assert not stops.stands(session, subject.id, "propose", uuid4())
    stops.reopen(session, SYSTEM, subject.id, "propose", proposal.proposal_id, reason="withdrawn", now=now)
    assert not stops.stands(session, subject.id, "propose", proposal.proposal_id)


def test_nothing_stands_for_a_subject_without_clocks(session):
    with pytest.raises(ClocksNotOpen):
        stops.stands(session, uuid4(), "propose", uuid4())
