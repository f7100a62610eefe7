"""What a withdrawn proposal does to the promise to propose: within the days of dispute it has answered nothing."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from backbone import db, events
from backbone.errors import StateConflict
from sky_net.needs.events import NeedFellBack
from sky_net.needs.models import Need, NeedTransition
from sky_net.needs.service import withdraw_need
from sky_net.proposals import promise
from sky_net.proposals.completeness import unanswered_musts
from sky_net.proposals.service import (
    accept_proposal,
    decline_proposal,
    release_proposal,
    withdraw_proposal,
)
from sky_net.proposals.states import ANSWERING
from sky_net.sla import stops
from sky_net.sla.clocks import ClockState
from sky_net.sla.event_log import EventKind
from sky_net.sla.models import SlaEvent
from sky_net.sla.service import readings
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.proposals import a_proposal
from tests.made_once import made_once

RELEASED = SUBMITTED_AT + timedelta(days=2)
MOMENT = timedelta(microseconds=1)
NO_USE = {"reason_code": "other", "message": "不解决问题"}


@made_once
def exchange(session):
    made = an_exchange(session)
    for institute in (made.institute, made.rival):
        an_invitation(session, made.need, institute, state="accepted")
    return made


def clock(exchange, now):
    clocks = readings(exchange.session, [exchange.need.id], now=now)[exchange.need.id]
    return next(each for each in clocks if each.stage == "propose")


def log_of(exchange):
    query = select(SlaEvent).where(SlaEvent.subject_id == exchange.need.id, SlaEvent.stage == "propose")
    rows = exchange.session.scalars(query.order_by(SlaEvent.seq)).all()
    return [(row.kind, row.reason) for row in rows]


def end_of_dispute(exchange, released_at=RELEASED):
    return promise.disputable_until(exchange.session, exchange.need, released_at)


def withdraw(exchange, proposal, now, by=None):
    return withdraw_proposal(exchange.session, by or exchange.office, proposal.id, now=now)


def test_withdrawn_within_the_days_of_dispute_it_has_answered_nothing(exchange):
    proposal = a_proposal(exchange, now=RELEASED)
    used_up = clock(exchange, RELEASED)
    assert used_up.state is ClockState.MET
    before_the_end = end_of_dispute(exchange) - MOMENT

    withdraw(exchange, proposal, before_the_end)

    assert clock(exchange, before_the_end).state is ClockState.RUNNING
    assert clock(exchange, before_the_end).stopped_at is None
    assert exchange.need.state == "communicating"
    assert log_of(exchange) == [(EventKind.STOP, None), (EventKind.REOPEN, "withdrawn")]


def test_the_clock_runs_on_from_the_time_it_had_used_up(exchange):
    due_before = clock(exchange, RELEASED - MOMENT).due_at
    proposal = a_proposal(exchange, now=RELEASED)
    back = end_of_dispute(exchange) - MOMENT

    withdraw(exchange, proposal, back)

    assert due_before is not None
    assert clock(exchange, back).due_at > due_before  # the days on the enterprise's table count for nobody


def test_withdrawn_once_the_days_are_over_the_promise_was_kept(exchange):
    proposal = a_proposal(exchange, now=RELEASED)
    end = end_of_dispute(exchange)

    withdraw(exchange, proposal, end)

    assert (clock(exchange, end).state, clock(exchange, end).stopped_at) == (ClockState.MET, RELEASED)
    assert exchange.need.state == "proposed"
    assert log_of(exchange) == [(EventKind.STOP, None)]


def test_the_next_proposal_answers_in_its_place(exchange):
    first = a_proposal(exchange, now=RELEASED)
    second = a_proposal(exchange, by=exchange.rival_office, now=RELEASED + timedelta(minutes=5))
    back = end_of_dispute(exchange) - MOMENT

    withdraw(exchange, first, back)

    assert clock(exchange, back).state is ClockState.MET
    assert exchange.need.state == "proposed"
    assert stops.stands(exchange.session, exchange.need.id, "propose", second.id)
    assert not stops.stands(exchange.session, exchange.need.id, "propose", first.id)


def test_when_the_next_is_withdrawn_in_time_too_nothing_is_answered(exchange):
    first = a_proposal(exchange, now=RELEASED)
    second = a_proposal(exchange, by=exchange.rival_office, now=RELEASED + timedelta(minutes=5))
    back = end_of_dispute(exchange) - timedelta(minutes=2)

    withdraw(exchange, first, back)
    withdraw(exchange, second, back + timedelta(minutes=1), exchange.rival_office)

    assert clock(exchange, back + timedelta(minutes=1)).state is ClockState.RUNNING
    assert exchange.need.state == "communicating"


def test_what_the_enterprise_read_and_declined_still_answers(exchange):
    first = a_proposal(exchange, now=RELEASED)
    declined = a_proposal(exchange, by=exchange.rival_office, now=RELEASED)
    decline_proposal(exchange.session, exchange.poster, declined.id, NO_USE, now=RELEASED)

    withdraw(exchange, first, RELEASED + timedelta(minutes=1))

    assert clock(exchange, RELEASED + timedelta(minutes=1)).state is ClockState.MET
    assert exchange.need.state == "proposed"
    assert set(ANSWERING) == {"released", "declined"}


def test_a_proposal_that_did_not_stop_the_clock_changes_nothing_when_it_goes(exchange):
    first = a_proposal(exchange, now=RELEASED)
    second = a_proposal(exchange, by=exchange.rival_office, now=RELEASED)

    withdraw(exchange, second, RELEASED, exchange.rival_office)

    assert stops.stands(exchange.session, exchange.need.id, "propose", first.id)
    assert log_of(exchange) == [(EventKind.STOP, None)]
    assert exchange.need.state == "proposed"


def test_a_draft_changes_nothing_when_it_goes(exchange):
    draft = a_proposal(exchange, released=False)

    withdraw(exchange, draft, RELEASED, exchange.researcher)

    assert log_of(exchange) == []
    assert exchange.need.state != "proposed"


def test_the_same_institute_may_answer_anew_and_meets_the_promise_by_that(exchange):
    withdraw(exchange, a_proposal(exchange, now=RELEASED), RELEASED + timedelta(minutes=1))
    again = a_proposal(exchange, released=False)

    release_proposal(exchange.session, exchange.office, again.id, now=RELEASED + timedelta(minutes=9))

    assert clock(exchange, RELEASED + timedelta(minutes=9)).state is ClockState.MET
    assert exchange.need.state == "proposed"


def test_a_promise_that_was_broken_before_the_release_stays_broken(exchange):
    due = clock(exchange, RELEASED).due_at
    late = due + timedelta(days=1)
    proposal = a_proposal(exchange, now=late)
    assert clock(exchange, late).state is ClockState.BREACHED

    withdraw(exchange, proposal, late + timedelta(minutes=1))

    assert clock(exchange, late + timedelta(minutes=1)).state is ClockState.BREACHED


def test_a_need_that_ended_keeps_its_stops(exchange):
    proposal = a_proposal(exchange, now=RELEASED)
    withdraw_need(exchange.session, exchange.poster, exchange.need.id, now=RELEASED)

    withdraw(exchange, proposal, RELEASED)

    assert clock(exchange, RELEASED).state is ClockState.MET
    assert exchange.need.state == "withdrawn"


def test_the_fall_is_in_the_history_and_is_published(exchange, monkeypatch):
    heard = []
    publish = events.publish
    monkeypatch.setattr(
        events, "publish", lambda session, event: (heard.append(type(event)), publish(session, event))
    )
    proposal = a_proposal(exchange, now=RELEASED)

    withdraw(exchange, proposal, RELEASED)

    steps = exchange.session.scalars(
        select(NeedTransition).where(
            NeedTransition.need_id == exchange.need.id, NeedTransition.action == "fall_back"
        )
    ).all()
    assert [(step.from_state, step.to_state, step.actor_role) for step in steps] == [
        ("proposed", "communicating", "institute")
    ]
    assert NeedFellBack in heard


def test_what_fell_back_is_not_selected(exchange):
    proposal = a_proposal(exchange, now=RELEASED)
    withdraw(exchange, proposal, RELEASED)

    with pytest.raises(StateConflict):
        accept_proposal(exchange.session, exchange.poster, proposal.id, now=RELEASED)


def test_the_evidence_says_what_the_proposal_holds(exchange):
    proposal = a_proposal(exchange, now=RELEASED)
    said = promise.evidence(exchange.need, proposal)

    assert (said.proposal_id, said.released_at, said.readable_by_enterprise) == (proposal.id, RELEASED, True)
    assert said.unanswered_musts == tuple(unanswered_musts(exchange.need.indicators, proposal.answers)) == ()
    assert said.has_plan
    assert said.has_time
    assert said.has_price
    assert said.has_ip_terms


def at_once(*verbs):
    """Run the verbs in transactions of their own that start together; how each ended."""
    start, outcomes = threading.Barrier(len(verbs)), []

    def run(verb):
        start.wait()
        try:
            with db.transaction() as session:
                outcomes.append(verb(session).state)
        except StateConflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def committed(committed_database):
    with db.transaction() as session:
        made = an_exchange(session)
        for institute in (made.institute, made.rival):
            an_invitation(session, made.need, institute, state="accepted")
        first = a_proposal(made, now=RELEASED).id
        second = a_proposal(made, by=made.rival_office, now=RELEASED).id
    return made, first, second


def found(exchange):
    """The need's state and the clock's, as another transaction sees them."""
    with db.transaction() as session:
        need = session.get_one(Need, exchange.need.id)
        clocks = readings(session, [need.id], now=RELEASED)[need.id]
        return need.state, next(each.state for each in clocks if each.stage == "propose")


def test_two_institutes_that_withdraw_at_once_leave_nothing_answered(committed):
    exchange, first, second = committed

    outcomes = at_once(
        lambda session: withdraw_proposal(session, exchange.office, first, now=RELEASED),
        lambda session: withdraw_proposal(session, exchange.rival_office, second, now=RELEASED),
    )

    assert outcomes == ["withdrawn", "withdrawn"]
    assert found(exchange) == ("communicating", ClockState.RUNNING)


def test_of_a_withdrawal_and_a_choice_at_once_one_is_refused_and_the_clock_agrees(committed):
    exchange, first, second = committed
    with db.transaction() as session:
        withdraw_proposal(session, exchange.rival_office, second, now=RELEASED)

    outcomes = at_once(
        lambda session: withdraw_proposal(session, exchange.office, first, now=RELEASED),
        lambda session: accept_proposal(session, exchange.poster, first, now=RELEASED),
    )

    assert outcomes in (["refused", "withdrawn"], ["accepted", "refused"])
    expected = (
        ("communicating", ClockState.RUNNING) if "withdrawn" in outcomes else ("selected", ClockState.MET)
    )
    assert found(exchange) == expected
