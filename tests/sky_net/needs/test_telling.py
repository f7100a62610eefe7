"""Who hears of a need's steps: each once, never who took it, and nobody of a draft."""

from datetime import timedelta

import pytest
from sqlalchemy import select

import sanwang.features  # noqa: F401  # registers who hears of which step
from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.identity.models import Membership
from backbone.notices.models import Notice
from sky_net.needs import events, review, service, silence
from sky_net.needs.events import NeedEvent
from sky_net.needs.life_cycle import advance
from sky_net.needs.states import TRANSITIONS
from sky_net.needs.telling import OF_STEPS
from sky_net.reminders.recipients import brokers_or_operators
from tests.factories.identity import an_account, an_actor, of, zone
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.notices import accounts, an_endpoint, heard

LATER = SUBMITTED_AT + timedelta(hours=1)

TOLD_AS_SOMETHING_ELSE = {
    events.NeedMatched: "invitation_made",
    events.NeedCommunicating: "contact_recorded",
    events.NeedProposed: "proposal_released",
    events.NeedFellBack: "proposal_withdrawn or dispute_upheld",
    events.NeedContracted: "contract_recorded",
    events.NeedContractAnnulled: "contract_cancelled or contract_terminated",
    events.NeedDelivered: "contract_delivered",
    events.NeedAccepted: "contract_accepted",
}


@pytest.fixture
def exchange(session):
    return an_exchange(session)


def test_every_step_is_told_here_or_as_something_else():
    steps = {step.event for step in TRANSITIONS}
    assert {kind.__name__ for kind in (*OF_STEPS, *TOLD_AS_SOMETHING_ELSE)} == steps
    assert {*OF_STEPS, *TOLD_AS_SOMETHING_ELSE} == {*NeedEvent.__subclasses__()}


def test_operators_hear_of_a_submission_and_the_enterprise_of_what_they_decide(session):
    near = an_account(session, (Role.OPERATOR, zone()))
    an_account(session, (Role.OPERATOR, zone("420500")))
    an_account(session, (Role.OPERATOR, PROVINCE))
    exchange = an_exchange(session, confirmed=False)
    assert heard(session, "need_submitted") == sorted([near.id, exchange.operator.account_id])
    colleague = an_actor(session, (Role.ENTERPRISE_MEMBER, of(exchange.enterprise)))
    review.confirm_need(session, exchange.operator, exchange.need.id, complexity="ordinary", now=LATER)
    assert heard(session, "need_confirmed") == accounts(exchange.poster, colleague)


def test_whoever_shall_answer_for_it_hears_of_the_confirmation_too(session):
    exchange = an_exchange(session, confirmed=False)
    owner = an_account(session, (Role.OPERATOR, zone()))
    review.confirm_need(
        session, exchange.operator, exchange.need.id, complexity="ordinary", owner_id=owner.id, now=LATER
    )
    assert heard(session, "need_confirmed") == sorted([owner.id, exchange.poster.account_id])


def test_where_the_owner_has_left_the_operators_hear(session, exchange):
    near = an_account(session, (Role.OPERATOR, zone()))
    for held in session.scalars(select(Membership).filter_by(account_id=exchange.operator.account_id)):
        held.ended_at = LATER
    service.withdraw_need(session, exchange.poster, exchange.need.id, now=LATER)
    assert heard(session, "need_withdrawn") == [near.id]


def test_each_return_and_each_submission_is_told_anew(session):
    exchange = an_exchange(session, confirmed=False)
    need = exchange.need
    supervisor = an_actor(session, (Role.OPERATOR, PROVINCE))
    for by in (exchange.operator, supervisor):
        review.return_need(session, by, need.id, missing=["scene"], message="请补充", now=LATER)
        service.submit_need(session, exchange.poster, need.id, now=LATER)
    assert heard(session, "need_returned") == accounts(exchange.poster) * 2
    assert heard(session, "need_submitted") == accounts(exchange.operator) * 3


def test_a_rejection_is_told_to_the_enterprise_alone(session):
    exchange = an_exchange(session, confirmed=False)
    review.reject_need(session, exchange.operator, exchange.need.id, reason_code="not_technology", now=LATER)
    assert heard(session, "need_rejected") == accounts(exchange.poster)


def test_the_invited_hear_that_it_rests_goes_on_and_ends_but_not_those_who_said_no(session, exchange):
    an_invitation(session, exchange.need, exchange.institute)
    an_invitation(session, exchange.need, exchange.rival, state="declined")
    of_the_invited = accounts(exchange.researcher, exchange.office)
    review.park_need(session, exchange.operator, exchange.need.id, message="暂缓", now=LATER)
    assert heard(session, "need_parked") == sorted([*of_the_invited, exchange.poster.account_id])
    review.resume_need(session, exchange.operator, exchange.need.id, now=LATER)
    assert heard(session, "need_resumed") == sorted([*of_the_invited, exchange.poster.account_id])
    colleague = an_actor(session, (Role.ENTERPRISE_MEMBER, of(exchange.enterprise)))
    service.withdraw_need(session, exchange.poster, exchange.need.id, now=LATER)
    assert heard(session, "need_withdrawn") == sorted(
        [*of_the_invited, *accounts(exchange.operator, colleague)]
    )


def test_an_expired_need_is_told_to_everybody_concerned(session, exchange):
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    advance(session, SYSTEM, exchange.need, "expire", now=LATER)
    assert heard(session, "need_expired") == accounts(
        exchange.poster, exchange.operator, exchange.researcher, exchange.office
    )


def test_one_set_aside_is_told_to_the_enterprise_and_to_who_is_near(session):
    exchange = an_exchange(session, confirmed=False)
    supervisor = an_actor(session, (Role.OPERATOR, PROVINCE))
    review.return_need(session, supervisor, exchange.need.id, missing=["scene"], message="请补充", now=LATER)
    silence.set_aside_silent(session, now=LATER + timedelta(days=30))
    assert heard(session, "need_set_aside") == accounts(exchange.poster, exchange.operator)


def test_nobody_hears_of_a_draft_that_is_taken_back(session, exchange):
    draft = service.draft_need(session, exchange.poster, {"title": "草稿"}, now=LATER)
    service.withdraw_need(session, exchange.poster, draft.id, now=LATER)
    assert heard(session, "need_withdrawn") == []


def test_other_systems_hear_of_a_step_once_whoever_is_told_besides(session, exchange):
    an_endpoint(session)
    an_invitation(session, exchange.need, exchange.institute)
    review.park_need(session, exchange.operator, exchange.need.id, message="暂缓", now=LATER)
    others = select(Notice).where(Notice.kind == "need_parked", Notice.recipient_id.is_(None))
    (told,) = session.scalars(others)
    assert (told.subject_id, told.subject_number, told.payload) == (
        exchange.need.id,
        exchange.need.number,
        {},
    )


def test_the_nearest_are_told_and_where_there_are_none_those_around(session):
    province = an_account(session, (Role.OPERATOR, PROVINCE))
    assert brokers_or_operators(session, "420100", for_brokers=True) == [province.id]
    broker = an_account(session, (Role.BROKER, zone("420000")))
    assert brokers_or_operators(session, "420100", for_brokers=True) == [broker.id]
    assert brokers_or_operators(session, "420100", for_brokers=False) == [province.id]
