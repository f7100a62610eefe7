"""Each party has its own clocks: of its own length, started by what it is asked, ended with what it is about."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backbone.actor import SYSTEM
from backbone.clock import SHANGHAI
from sky_net.sla import parties, projection, service, stops
from sky_net.sla.clocks import ClockState
from sky_net.sla.models import SlaClock
from sky_net.sla.parties import ENTERPRISE, ENTERPRISE_REPLY, INSTITUTE, INSTITUTE_REPLY, LEAD, NODE, PLATFORM
from sky_net.sla.policy import STAGES, policy_on
from sky_net.sla.refusals import ClockRefused, StopRefused
from sky_net.sla.stop_table import InvitationEvidence, LeadEvidence, ReplyEvidence
from tests.factories.sla import SOMEBODY, a_confirmation, a_subject, opened

POLICY = policy_on(date(2026, 3, 10))


def asked(session, need, party, *, now):
    subject = a_subject(
        number=need.number, zone_code=need.zone_code, party=party, about_id=need.id, organisation_id=uuid4()
    )
    service.open_party_clock(session, SYSTEM, subject, now=now)
    return subject


def the_reading(session, subject, now):
    [reading] = service.readings(session, [subject.id], now=now)[subject.id]
    return reading


@pytest.fixture
def need(session, clock):
    return opened(session, now=clock.now())


def test_the_platform_owes_the_promises_and_every_other_party_one_answer():
    assert tuple(parties.stages_of(POLICY, PLATFORM)) == STAGES
    owed = {party: parties.stages_of(POLICY, party) for party in (INSTITUTE, ENTERPRISE, NODE)}
    assert {party: [(name, stage.days) for name, stage in stages.items()] for party, stages in owed.items()} == {
        INSTITUTE: [(INSTITUTE_REPLY, 3)], ENTERPRISE: [(ENTERPRISE_REPLY, 3)], NODE: [(LEAD, 5)],
    }  # fmt: skip
    assert not any(stage.count_start_day for stages in owed.values() for stage in stages.values())


@pytest.mark.parametrize(
    ("party", "days", "closes"),
    [(INSTITUTE, 3, date(2026, 3, 13)), (ENTERPRISE, 3, date(2026, 3, 13)), (NODE, 5, date(2026, 3, 17))],
)
def test_a_partys_clock_is_due_at_the_close_of_its_last_working_day(
    session, clock, need, party, days, closes
):
    clock.instant = datetime(2026, 3, 10, 11, 0, tzinfo=SHANGHAI)
    reading = the_reading(session, asked(session, need, party, now=clock.now()), clock.now())
    assert reading.due_at == datetime(closes.year, closes.month, closes.day, 17, 30, tzinfo=SHANGHAI)
    assert reading.budget == timedelta(hours=7 * days)
    assert reading.state is ClockState.RUNNING


@pytest.mark.parametrize(
    ("party", "evidence"),
    [
        (
            INSTITUTE,
            lambda asked: InvitationEvidence(asked.id, SOMEBODY, accepted=False, declined_with="too_early"),
        ),
        (ENTERPRISE, lambda asked: ReplyEvidence(asked.id, SOMEBODY, answered_in_words=True)),
        (NODE, lambda asked: LeadEvidence(asked.id, SOMEBODY, promoted_to=uuid4())),
    ],
)
def test_its_own_row_of_the_table_stops_it_and_no_promise(session, clock, need, party, evidence):
    subject = asked(session, need, party, now=clock.now())
    clock.advance(hours=1)
    stops.stop(session, SYSTEM, subject.id, evidence(subject), now=clock.now())
    assert the_reading(session, subject, clock.now()).state is ClockState.MET
    promises = service.readings(session, [need.id], now=clock.now())[need.id]
    assert {reading.state for reading in promises} == {ClockState.RUNNING}


def test_an_answer_without_a_person_stops_nothing(session, clock, need):
    subject = asked(session, need, ENTERPRISE, now=clock.now())
    with pytest.raises(StopRefused):
        stops.stop(
            session,
            SYSTEM,
            subject.id,
            ReplyEvidence(subject.id, None, answered_in_words=True),
            now=clock.now(),
        )
    assert the_reading(session, subject, clock.now()).state is ClockState.RUNNING


def test_asking_twice_opens_one_clock(session, clock, need):
    subject = asked(session, need, INSTITUTE, now=clock.now())
    clock.advance(days=1)
    service.open_party_clock(session, SYSTEM, subject, now=clock.now())
    assert the_reading(session, subject, clock.now()).started_at == clock.now() - timedelta(days=1)


def test_the_clocks_about_a_need_name_whom_they_bind_the_oldest_first(session, clock, need):
    first = asked(session, need, INSTITUTE, now=clock.now())
    clock.advance(minutes=5)
    second = asked(session, need, ENTERPRISE, now=clock.now())
    asked(session, opened(session, now=clock.now()), INSTITUTE, now=clock.now())
    shown = service.clocks_about(session, need.id, now=clock.now())
    assert [(clock.subject_id, clock.party, clock.organisation_id) for clock in shown] == [
        (first.id, INSTITUTE, first.organisation_id), (second.id, ENTERPRISE, second.organisation_id),
    ]  # fmt: skip


def test_a_cancelled_need_leaves_nobody_owing_an_answer(session, clock, need):
    open_one = asked(session, need, INSTITUTE, now=clock.now())
    answered = asked(session, need, INSTITUTE, now=clock.now())
    other = asked(session, opened(session, now=clock.now()), INSTITUTE, now=clock.now())
    stops.stop(
        session,
        SYSTEM,
        answered.id,
        InvitationEvidence(answered.id, SOMEBODY, accepted=True),
        now=clock.now(),
    )
    clock.advance(hours=1)
    service.cancel(session, SYSTEM, need.id, "withdraw", now=clock.now())
    states = [the_reading(session, subject, clock.now()).state for subject in (open_one, answered, other)]
    assert states == [ClockState.CANCELLED, ClockState.MET, ClockState.RUNNING]


def test_a_cancellation_found_late_counts_from_the_instant_that_it_took_effect(session, clock, need):
    began = clock.now()
    institute = asked(session, need, INSTITUTE, now=began)
    clock.advance(days=60)
    service.cancel(session, SYSTEM, need.id, "suspend", as_of=began + timedelta(hours=1), now=clock.now())
    for subject in (need, institute):
        for reading in service.readings(session, [subject.id], now=clock.now())[subject.id]:
            assert (reading.state, reading.stopped_at) == (ClockState.CANCELLED, began + timedelta(hours=1))


def test_a_reopened_need_runs_on_at_its_remaining_budget_and_what_was_met_stays_met(session, clock, need):
    clock.instant = datetime(2026, 3, 11, 10, 0, tzinfo=SHANGHAI)
    stops.stop(session, SYSTEM, need.id, a_confirmation(clock.now()), now=clock.now())
    service.pause(session, SYSTEM, need.id, "return", now=clock.now())
    service.cancel(session, SYSTEM, need.id, "set_aside", now=clock.now())
    before = service.readings(session, [need.id], now=clock.now())[need.id]
    clock.advance(days=40)
    service.reopen_cancelled(session, SYSTEM, need.id, "revive", now=clock.now())
    after = service.readings(session, [need.id], now=clock.now())[need.id]
    assert [reading.state for reading in after] == [ClockState.MET, ClockState.RUNNING, ClockState.RUNNING]
    assert [reading.consumed for reading in after] == [reading.consumed for reading in before]


def test_what_was_never_cancelled_cannot_be_reopened(session, clock, need):
    with pytest.raises(ClockRefused, match="reopen"):
        service.reopen_cancelled(session, SYSTEM, need.id, "revive", now=clock.now())


def test_the_rows_of_parties_are_rebuilt_like_all_others(session, clock, need):
    asked(session, need, INSTITUTE, now=clock.now())
    columns = list(SlaClock.__table__.columns)
    before = session.execute(select(*columns).order_by(SlaClock.id)).all()
    assert projection.rebuild(session) == 4
    assert session.execute(select(*columns).order_by(SlaClock.id)).all() == before
