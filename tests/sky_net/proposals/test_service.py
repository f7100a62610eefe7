"""Releasing, choosing, declining and withdrawing; the promise to propose is read from the clocks."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from backbone import db
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, NotFound, StateConflict
from sky_net.invitations.errors import NeedNotOpen
from sky_net.needs.service import withdraw_need
from sky_net.proposals.drafting import amend_proposal
from sky_net.proposals.errors import ProposalIncomplete
from sky_net.proposals.models import Proposal
from sky_net.proposals.service import (
    accept_proposal,
    decline_proposal,
    release_proposal,
    withdraw_proposal,
)
from sky_net.sla.clocks import ClockState
from sky_net.sla.service import readings
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.proposals import a_proposal
from tests.made_once import made_once

NOW = SUBMITTED_AT + timedelta(days=2)
LATER = NOW + timedelta(days=1)
TOO_DEAR = {"reason_code": "price", "message": "超出预算一倍"}


@made_once
def exchange(session):
    made = an_exchange(session)
    for institute in (made.institute, made.rival):
        an_invitation(session, made.need, institute, state="accepted")
    return made


def propose(exchange, now):
    clocks = readings(exchange.session, [exchange.need.id], now=now)[exchange.need.id]
    return next(clock for clock in clocks if clock.stage == "propose")


def test_the_first_release_brings_the_need_to_proposed_and_answers_the_promise(exchange):
    draft = a_proposal(exchange, released=False)
    assert propose(exchange, NOW).state is ClockState.RUNNING

    released = release_proposal(exchange.session, exchange.office, draft.id, now=NOW)

    assert (released.state, released.released_at) == ("released", NOW)
    assert released.released_by == exchange.office.account_id
    assert exchange.need.state == "proposed"
    assert (propose(exchange, NOW).state, propose(exchange, NOW).stopped_at) == (ClockState.MET, NOW)


def test_a_second_release_leaves_need_and_clock_as_they_are(exchange):
    a_proposal(exchange, now=NOW)
    a_proposal(exchange, by=exchange.rival_office, now=LATER)

    assert exchange.need.state == "proposed"
    assert propose(exchange, LATER).stopped_at == NOW


@pytest.mark.parametrize("who", ["researcher", "operator"])
def test_only_the_transfer_office_of_that_institute_releases(exchange, who):
    draft = a_proposal(exchange, released=False)

    with pytest.raises(Forbidden):
        release_proposal(exchange.session, getattr(exchange, who), draft.id, now=NOW)


@pytest.mark.parametrize("who", ["rival_office", "poster", "stranger"])
def test_for_everybody_else_the_draft_does_not_exist(exchange, who):
    draft = a_proposal(exchange, released=False)

    with pytest.raises(NotFound):
        release_proposal(exchange.session, getattr(exchange, who), draft.id, now=NOW)


def test_an_incomplete_proposal_is_refused_with_all_that_is_missing_and_the_promise_runs_on(exchange):
    draft = a_proposal(exchange, released=False, plan=None, price=None, answers=[])

    with pytest.raises(ProposalIncomplete) as refused:
        release_proposal(exchange.session, exchange.office, draft.id, now=NOW)

    assert refused.value.data["missing"] == ["键合良率", "单片节拍", "plan", "price"]
    assert (draft.state, draft.released_at) == ("draft", None)
    assert propose(exchange, NOW).state is ClockState.RUNNING


def test_a_negotiable_price_still_says_its_range(exchange):
    draft = a_proposal(exchange, released=False, price={"kind": "negotiable"})

    with pytest.raises(ProposalIncomplete) as refused:
        release_proposal(exchange.session, exchange.office, draft.id, now=NOW)

    assert refused.value.data["missing"] == ["price"]


def test_verdicts_that_are_not_met_are_answers_too(exchange):
    answers = [{"indicator": name, "verdict": "no", "how": "目前做不到"} for name in ("键合良率", "单片节拍")]

    assert a_proposal(exchange, answers=answers).state == "released"


def test_a_proposal_is_released_once(exchange):
    proposal = a_proposal(exchange)

    with pytest.raises(StateConflict):
        release_proposal(exchange.session, exchange.office, proposal.id, now=NOW)


def test_nothing_is_released_to_a_need_that_was_withdrawn(exchange):
    draft = a_proposal(exchange, released=False)
    withdraw_need(exchange.session, exchange.poster, exchange.need.id, now=NOW)

    with pytest.raises(NeedNotOpen):
        release_proposal(exchange.session, exchange.office, draft.id, now=NOW)


def test_a_choice_selects_the_need_and_passes_over_the_others_with_the_reason(exchange):
    chosen = a_proposal(exchange)
    other = a_proposal(exchange, by=exchange.rival_office)

    accept_proposal(exchange.session, exchange.poster, chosen.id, now=NOW)

    assert (chosen.state, chosen.decided_at, chosen.decided_by) == (
        "accepted",
        NOW,
        exchange.poster.account_id,
    )
    assert (other.state, other.reason_code, other.decided_at) == ("not_selected", "not_selected", NOW)
    assert exchange.need.state == "selected"


def test_a_choice_leaves_drafts_and_what_was_declined_alone(exchange):
    declined = a_proposal(exchange, by=exchange.rival_office)
    decline_proposal(exchange.session, exchange.poster, declined.id, TOO_DEAR, now=NOW)
    draft = a_proposal(exchange, by=exchange.rival_office, released=False)
    chosen = a_proposal(exchange)

    accept_proposal(exchange.session, exchange.poster, chosen.id, now=LATER)

    assert (declined.state, declined.reason_code) == ("declined", "price")
    assert draft.state == "draft"
    with pytest.raises(NeedNotOpen):
        release_proposal(exchange.session, exchange.rival_office, draft.id, now=LATER)


@pytest.mark.parametrize("who", ["operator", "auditor", "office"])
def test_only_the_enterprise_chooses_and_declines(exchange, who):
    proposal = a_proposal(exchange)

    with pytest.raises(Forbidden):
        accept_proposal(exchange.session, getattr(exchange, who), proposal.id, now=NOW)
    with pytest.raises(Forbidden):
        decline_proposal(exchange.session, getattr(exchange, who), proposal.id, TOO_DEAR, now=NOW)


def test_a_competitor_can_neither_choose_nor_learn_that_there_is_something_to_choose(exchange):
    proposal = a_proposal(exchange)

    for verb, more in ((accept_proposal, ()), (decline_proposal, (TOO_DEAR,)), (withdraw_proposal, ())):
        with pytest.raises(NotFound):
            verb(exchange.session, exchange.rival_office, proposal.id, *more, now=NOW)


def test_a_draft_is_not_chosen_because_it_does_not_exist_for_the_enterprise(exchange):
    draft = a_proposal(exchange, released=False)

    with pytest.raises(NotFound):
        accept_proposal(exchange.session, exchange.poster, draft.id, now=NOW)


def test_after_the_only_proposal_is_declined_the_need_stays_proposed(exchange):
    proposal = a_proposal(exchange)

    decline_proposal(exchange.session, exchange.poster, proposal.id, TOO_DEAR, now=NOW)

    assert (proposal.state, proposal.reason_code) == ("declined", "price")
    assert proposal.decision_message == TOO_DEAR["message"]
    assert exchange.need.state == "proposed"
    assert propose(exchange, LATER).state is ClockState.MET


def test_a_declined_proposal_is_not_chosen_afterwards(exchange):
    proposal = a_proposal(exchange)
    decline_proposal(exchange.session, exchange.poster, proposal.id, TOO_DEAR, now=NOW)

    with pytest.raises(StateConflict):
        accept_proposal(exchange.session, exchange.poster, proposal.id, now=NOW)


def test_a_member_takes_a_draft_back_and_the_transfer_office_what_it_released(exchange):
    draft = a_proposal(exchange, released=False)
    withdraw_proposal(exchange.session, exchange.researcher, draft.id, now=NOW)
    released = a_proposal(exchange)

    with pytest.raises(Forbidden):
        withdraw_proposal(exchange.session, exchange.researcher, released.id, now=NOW)
    withdraw_proposal(exchange.session, exchange.office, released.id, now=NOW)

    assert (draft.state, released.state, released.withdrawn_at) == ("withdrawn", "withdrawn", NOW)


def test_what_was_chosen_is_not_withdrawn(exchange):
    proposal = a_proposal(exchange)
    accept_proposal(exchange.session, exchange.poster, proposal.id, now=NOW)

    with pytest.raises(StateConflict):
        withdraw_proposal(exchange.session, exchange.office, proposal.id, now=NOW)


def test_every_step_is_audited_and_what_people_wrote_is_not_kept_in_clear(exchange):
    proposal = a_proposal(exchange)
    decline_proposal(exchange.session, exchange.poster, proposal.id, TOO_DEAR, now=NOW)

    events = exchange.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == proposal.id)).all()
    by_action = {event.action: event for event in events}
    assert set(by_action) == {"draft_proposal", "release_proposal", "decline_proposal"}
    assert by_action["decline_proposal"].after["state"] == "declined"
    assert by_action["decline_proposal"].after["reason_code"] == "price"
    assert by_action["decline_proposal"].after["decision_message"].startswith("hmac:")


def test_the_history_of_a_draft_does_not_tell_what_the_institute_offers(exchange):
    proposal = a_proposal(exchange, released=False)
    amend_proposal(exchange.session, exchange.office, proposal, {"plan": "改为四个月"}, now=NOW)

    events = exchange.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == proposal.id)).all()
    said = str([(event.before, event.after) for event in events])
    assert len(events) == 2
    assert not any(text in said for text in (proposal.title, proposal.plan, "键合良率", "80000000"))


def at_once(*verbs):
    """The outcomes of these calls, each in its own thread and transaction, started together."""
    start, outcomes = threading.Barrier(len(verbs)), []

    def run(verb):
        start.wait()
        try:
            with db.transaction() as session:
                outcomes.append(verb(session).state)
        except (StateConflict, NeedNotOpen):
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
        ids = a_proposal(made).id, a_proposal(made, by=made.rival_office).id
    return made, ids


def states_of(ids):
    with db.transaction() as session:
        return sorted(session.get_one(Proposal, one).state for one in ids)


def test_of_two_choices_at_once_exactly_one_is_made(committed):
    exchange, ids = committed

    outcomes = at_once(*(lambda s, one=one: accept_proposal(s, exchange.poster, one, now=NOW) for one in ids))

    assert outcomes == ["accepted", "refused"]
    assert states_of(ids) == ["accepted", "not_selected"]


def test_choosing_and_withdrawing_at_once_leaves_one_of_both(committed):
    exchange, ids = committed

    outcomes = at_once(
        lambda s: accept_proposal(s, exchange.poster, ids[0], now=NOW),
        lambda s: withdraw_proposal(s, exchange.office, ids[0], now=NOW),
    )

    assert outcomes in (["accepted", "refused"], ["refused", "withdrawn"])
    expected = ["accepted", "not_selected"] if "accepted" in outcomes else ["released", "withdrawn"]
    assert states_of(ids) == expected


def test_two_first_releases_at_once_move_the_need_once(committed_database):
    with db.transaction() as session:
        exchange = an_exchange(session)
        for institute in (exchange.institute, exchange.rival):
            an_invitation(session, exchange.need, institute, state="accepted")
        offices = (exchange.office, exchange.rival_office)
        pairs = [(by, a_proposal(exchange, by=by, released=False).id) for by in offices]

    outcomes = at_once(
        *(lambda s, by=by, one=one: release_proposal(s, by, one, now=NOW) for by, one in pairs)
    )

    assert outcomes == ["released", "released"]
