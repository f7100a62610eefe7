"""The enterprise hears that a proposal is there or gone, each institute what became of its own."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backbone.notices.models import Notice
from sky_net.proposals.promise import disputable_until
from sky_net.proposals.service import accept_proposal, decline_proposal, withdraw_proposal
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.notices import accounts, heard
from tests.factories.proposals import a_proposal

LATER = SUBMITTED_AT + timedelta(hours=1)


@pytest.fixture
def exchange(session):
    made = an_exchange(session)
    for institute in (made.institute, made.rival):
        an_invitation(session, made.need, institute, state="accepted")
    return made


def test_a_released_one_is_told_with_the_day_until_which_it_can_be_disputed(session, exchange):
    a_proposal(exchange)
    assert heard(session, "proposal_released") == accounts(exchange.poster, exchange.operator)
    until = disputable_until(session, exchange.need, SUBMITTED_AT).isoformat()
    told = session.scalars(select(Notice).where(Notice.kind == "proposal_released")).all()
    assert {each.payload["due_at"] for each in told} == {until}


def test_one_taken_back_is_told_and_a_draft_is_not(session, exchange):
    draft = a_proposal(exchange, released=False)
    withdraw_proposal(session, exchange.office, draft.id, now=LATER)
    assert heard(session, "proposal_withdrawn") == []
    withdraw_proposal(session, exchange.office, a_proposal(exchange).id, now=LATER)
    assert heard(session, "proposal_withdrawn") == accounts(exchange.poster, exchange.operator)


def test_the_chosen_and_the_passed_over_hear_each_its_own(session, exchange):
    chosen, _ = a_proposal(exchange), a_proposal(exchange, by=exchange.rival_office)
    accept_proposal(session, exchange.poster, chosen.id, now=LATER)
    assert heard(session, "proposal_accepted") == accounts(exchange.researcher, exchange.office)
    assert heard(session, "proposal_passed_over") == accounts(exchange.rival_office)
    assert heard(session, "need_selected") == accounts(exchange.operator)


def test_a_declined_one_is_told_to_its_institute(session, exchange):
    proposal = a_proposal(exchange)
    decline_proposal(session, exchange.poster, proposal.id, {"reason_code": "price"}, now=LATER)
    assert heard(session, "proposal_declined") == accounts(exchange.researcher, exchange.office)
