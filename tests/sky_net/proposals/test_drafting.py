"""Drafting and amending a proposal inside the institute."""

import threading

import pytest
from sqlalchemy.orm.exc import StaleDataError

from backbone import db
from backbone.actor import Role, actor_with
from backbone.errors import Forbidden, Invalid, NotFound
from sky_net.invitations.errors import InvitationNotAccepted, NeedNotOpen
from sky_net.needs.service import withdraw_need
from sky_net.proposals.drafting import amend_proposal, draft_proposal
from sky_net.proposals.errors import ProposalExists, ProposalReleased
from sky_net.proposals.models import Proposal
from sky_net.proposals.service import decline_proposal, release_proposal, withdraw_proposal
from tests.factories.identity import of
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.proposals import a_proposal, proposal_entry
from tests.made_once import made_once

NOW = SUBMITTED_AT


@made_once
def exchange(session):
    made = an_exchange(session)
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


def draft(exchange, actor=None, **values):
    actor = actor or exchange.researcher
    return draft_proposal(exchange.session, actor, exchange.need.id, {"title": "双光栅"} | values, now=NOW)


@pytest.mark.parametrize("who", ["researcher", "office"])
def test_an_institute_that_accepted_drafts_with_no_more_than_a_title(exchange, who):
    proposal = draft(exchange, getattr(exchange, who))

    assert (proposal.state, proposal.institute_id) == ("draft", exchange.institute.id)
    assert proposal.created_by == getattr(exchange, who).account_id
    assert exchange.need.state == "confirmed"


def test_all_fields_are_kept_as_given(exchange):
    entry = proposal_entry()

    proposal = draft(exchange, **entry)

    assert proposal.price == entry["price"]
    assert {name: getattr(proposal, name) for name in entry} == entry


def test_an_institute_that_was_not_asked_or_has_not_said_yes_does_not_draft(exchange):
    with pytest.raises(Forbidden):
        draft(exchange, exchange.rival_office)
    an_invitation(exchange.session, exchange.need, exchange.rival)
    with pytest.raises(InvitationNotAccepted):
        draft(exchange, exchange.rival_office)


@pytest.mark.parametrize("who", ["poster", "operator", "auditor", "broker"])
def test_nobody_drafts_for_an_institute(exchange, who):
    with pytest.raises(Forbidden):
        draft(exchange, getattr(exchange, who))
    with pytest.raises(Forbidden):
        draft(exchange, getattr(exchange, who), institute_id=exchange.institute.id)


def test_a_member_does_not_speak_for_a_competitor(exchange):
    an_invitation(exchange.session, exchange.need, exchange.rival, state="accepted")

    with pytest.raises(Forbidden):
        draft(exchange, institute_id=exchange.rival.id)


def test_who_speaks_for_two_institutes_says_for_which(exchange):
    an_invitation(exchange.session, exchange.need, exchange.rival, state="accepted")
    both = actor_with(
        (Role.INSTITUTE_MEMBER, of(exchange.institute)), (Role.INSTITUTE_MEMBER, of(exchange.rival))
    )

    with pytest.raises(Invalid) as refused:
        draft(exchange, both)
    assert refused.value.data["errors"][0]["field"] == "institute_id"
    assert draft(exchange, both, institute_id=exchange.rival.id).institute_id == exchange.rival.id


def test_a_second_live_proposal_of_one_institute_is_refused_and_names_the_first(exchange):
    first = draft(exchange)

    with pytest.raises(ProposalExists) as refused:
        draft(exchange, exchange.office)

    assert refused.value.data["id"] == first.id


def test_two_drafts_at_once_leave_one(committed_database):
    with db.transaction() as session:
        exchange = an_exchange(session)
        an_invitation(session, exchange.need, exchange.institute, state="accepted")
        need_id, actor = exchange.need.id, exchange.office
    start, outcomes = threading.Barrier(2), []

    def one() -> None:
        start.wait()
        try:
            with db.transaction() as session:
                outcomes.append(draft_proposal(session, actor, need_id, {"title": "同时"}, now=NOW).id)
        except ProposalExists as refused:
            outcomes.append(refused.data["id"])

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 2
    assert len(set(outcomes)) == 1


def test_after_a_withdrawal_or_a_refusal_the_institute_drafts_anew(exchange):
    first = draft(exchange)
    withdraw_proposal(exchange.session, exchange.researcher, first.id, now=NOW)
    second = a_proposal(exchange)
    decline_proposal(exchange.session, exchange.poster, second.id, {"reason_code": "price"}, now=NOW)

    assert draft(exchange).state == "draft"


def test_an_answer_to_an_indicator_that_the_need_does_not_have_names_its_place(exchange):
    answers = [{"indicator": name, "verdict": "met", "how": "实测"} for name in ("键合良率", "颜色")]

    with pytest.raises(Invalid) as refused:
        draft(exchange, answers=answers)

    assert [error["field"] for error in refused.value.data["errors"]] == ["answers.1.indicator"]


def test_a_draft_is_amended_field_by_field_and_null_clears(exchange):
    proposal = draft(exchange, **proposal_entry())

    amend_proposal(
        exchange.session, exchange.office, proposal, {"plan": None, "price": None, "trl": 7}, now=NOW
    )

    assert (proposal.plan, proposal.price, proposal.trl) == (None, None, 7)
    assert proposal.ip_terms == proposal_entry()["ip_terms"]


def test_amending_nothing_leaves_the_version(exchange):
    proposal = draft(exchange, trl=6)
    version = proposal.version

    amend_proposal(exchange.session, exchange.office, proposal, {"trl": 6}, now=NOW)

    assert proposal.version == version


def test_what_was_released_is_not_amended(exchange):
    proposal = a_proposal(exchange)

    with pytest.raises(ProposalReleased) as refused:
        amend_proposal(exchange.session, exchange.office, proposal, {"plan": "另一份"}, now=NOW)

    assert refused.value.data == {"state": "released"}


def test_the_enterprise_does_not_rewrite_an_offer(exchange):
    proposal = a_proposal(exchange)

    with pytest.raises(Forbidden):
        amend_proposal(exchange.session, exchange.poster, proposal, {"plan": "更便宜"}, now=NOW)


def test_a_withdrawn_need_takes_no_draft_and_a_stranger_finds_no_need(exchange):
    with pytest.raises(NotFound):
        draft(exchange, exchange.stranger)
    withdraw_need(exchange.session, exchange.poster, exchange.need.id, now=NOW)
    with pytest.raises(NeedNotOpen):
        draft(exchange)


def test_an_amendment_that_loses_the_race_against_the_release_changes_nothing(committed_database):
    with db.transaction() as session:
        exchange = an_exchange(session)
        an_invitation(session, exchange.need, exchange.institute, state="accepted")
        proposal_id, office = a_proposal(exchange, released=False).id, exchange.office

    def amend_while_it_is_released() -> None:
        with db.transaction() as slow:
            proposal = slow.get_one(Proposal, proposal_id)
            with db.transaction() as fast:
                release_proposal(fast, office, proposal_id, now=NOW)
            amend_proposal(slow, office, proposal, {"plan": "另一份计划"}, now=NOW)

    with pytest.raises(StaleDataError):
        amend_while_it_is_released()

    with db.transaction() as session:
        stored = session.get_one(Proposal, proposal_id)
        assert (stored.state, stored.plan) == ("released", proposal_entry()["plan"])
