"""Inviting an institute, and its one answer."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backbone import db
from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from sky_net.invitations.errors import AlreadyInvited, InvitationNotAccepted, NeedNotOpen
from sky_net.invitations.models import Invitation
from sky_net.invitations.reading import show_invitation
from sky_net.invitations.service import (
    accept_invitation,
    decline_invitation,
    invite_institute,
    require_accepted,
)
from sky_net.needs.errors import NotOffered
from sky_net.needs.reading import read_need
from sky_net.needs.service import withdraw_need
from tests.factories.achievements import an_achievement
from tests.factories.identity import an_actor, zone
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.made_once import made_once

NOW = SUBMITTED_AT + timedelta(hours=2)
REFUSAL = {"reason_code": "capacity", "message": "本年度中试线已排满"}


@made_once
def exchange(session):
    return an_exchange(session)


def invite(exchange, actor=None, institute=None, **values):
    entry = {"institute_id": (institute or exchange.institute).id, **values}
    return invite_institute(exchange.session, actor or exchange.operator, exchange.need.id, entry, now=NOW)


def test_the_first_invitation_makes_the_need_matched(exchange):
    invitation = invite(exchange)

    assert exchange.need.state == "matched"
    assert (invitation.state, invitation.created_at, invitation.answered_at) == ("open", NOW, None)
    assert invitation.invited_by == exchange.operator.account_id


def test_a_further_invitation_leaves_the_state_of_the_need_alone(exchange):
    invite(exchange)
    invite(exchange, institute=exchange.rival)

    assert exchange.need.state == "matched"


def test_an_institute_reads_the_masked_need_before_its_invitation_and_all_of_it_after(exchange):
    before = read_need(exchange.session, exchange.researcher, exchange.need.id).view
    invite(exchange)
    after = read_need(exchange.session, exchange.researcher, exchange.need.id).view

    assert (before, after) == ("masked", "invited")
    assert read_need(exchange.session, exchange.rival_office, exchange.need.id).view == "masked"


@pytest.mark.parametrize("who", ["poster", "operator", "broker"])
def test_the_poster_and_the_operators_and_brokers_of_the_zone_may_invite(exchange, who):
    assert invite(exchange, getattr(exchange, who)).invited_by == getattr(exchange, who).account_id


@pytest.mark.parametrize("who", ["auditor", "researcher", "office", "rival_office"])
def test_nobody_else_who_knows_of_the_need_may_invite(exchange, who):
    with pytest.raises(Forbidden):
        invite(exchange, getattr(exchange, who))


def test_for_another_enterprise_and_another_zone_the_need_does_not_exist(exchange):
    elsewhere = an_actor(exchange.session, (Role.OPERATOR, zone("420500")))

    for actor in (exchange.stranger, elsewhere):
        with pytest.raises(NotFound):
            invite(exchange, actor)


def test_a_need_that_is_not_confirmed_takes_no_invitation(session):
    exchange = an_exchange(session, confirmed=False)

    with pytest.raises(NeedNotOpen) as refused:
        invite(exchange)

    assert refused.value.data["state"] == "submitted"
    assert session.scalars(select(Invitation)).all() == []


def test_a_need_for_operators_only_is_opened_to_nobody(session):
    with pytest.raises(NotOffered):
        invite(an_exchange(session, visibility="operators"))


def test_the_advice_to_post_a_need_for_operators_anew_can_be_followed(session):
    exchange = an_exchange(session, visibility="operators")
    for zh, en in (("撤回", "withdraw"), ("重新提交", "post it anew")):
        assert zh in NotOffered.advice.zh
        assert en in str(NotOffered.advice)

    withdraw_need(session, exchange.poster, exchange.need.id, now=NOW)

    assert exchange.need.state == "withdrawn"
    assert invite(an_exchange(session, visibility="invited")).state == "open"


def test_inviting_the_same_institute_twice_names_the_first_invitation(exchange):
    first = invite(exchange)

    with pytest.raises(AlreadyInvited) as refused:
        invite(exchange, exchange.poster)

    assert refused.value.data["id"] == first.id
    assert len(exchange.session.scalars(select(Invitation)).all()) == 1


def test_of_two_invitations_at_once_exactly_one_is_made(committed_database):
    with db.transaction() as session:
        exchange = an_exchange(session)
        need_id, institute_id, operator = exchange.need.id, exchange.institute.id, exchange.operator
    start, outcomes = threading.Barrier(2), []

    def one() -> None:
        start.wait()
        try:
            with db.transaction() as session:
                made = invite_institute(session, operator, need_id, {"institute_id": institute_id}, now=NOW)
                outcomes.append(("made", made.id))
        except AlreadyInvited as refused:
            outcomes.append(("refused", refused.data["id"]))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(kind for kind, _ in outcomes) == ["made", "refused"]
    assert len({invitation_id for _, invitation_id in outcomes}) == 1


def test_an_unknown_institute_is_named_as_the_wrong_field(exchange):
    with pytest.raises(Invalid) as refused:
        invite_institute(
            exchange.session, exchange.operator, exchange.need.id, {"institute_id": uuid4()}, now=NOW
        )

    assert refused.value.data["errors"][0]["field"] == "institute_id"


def test_the_achievement_that_led_to_it_must_be_of_the_invited_institute(exchange):
    own = an_achievement(exchange.session, institute=exchange.institute)
    foreign = an_achievement(exchange.session, institute=exchange.rival)

    for wrong in (foreign.id, uuid4()):
        with pytest.raises(Invalid) as refused:
            invite(exchange, achievement_id=wrong)
        assert refused.value.data["errors"][0]["field"] == "achievement_id"
    assert invite(exchange, achievement_id=own.id).achievement_id == own.id


def test_the_audit_names_the_parties_and_not_the_words(exchange):
    invitation = invite(exchange, message="请张工联系我们")

    event = exchange.session.scalar(select(AuditEvent).where(AuditEvent.subject_id == invitation.id))
    assert event.action == "invite_institute"
    assert event.after["institute_id"] == str(exchange.institute.id)
    assert event.after["message"].startswith("hmac:")


@pytest.mark.parametrize("who", ["researcher", "office"])
def test_a_member_or_the_transfer_office_accepts(exchange, who):
    invitation = invite(exchange)
    actor = getattr(exchange, who)

    accepted = accept_invitation(exchange.session, actor, invitation.id, now=NOW)

    assert (accepted.state, accepted.answered_at, accepted.answered_by) == ("accepted", NOW, actor.account_id)


def test_a_refusal_keeps_its_reason(exchange):
    invitation = invite(exchange)

    declined = decline_invitation(exchange.session, exchange.office, invitation.id, REFUSAL, now=NOW)

    assert (declined.state, declined.reason_code) == ("declined", "capacity")
    assert declined.refusal_message == REFUSAL["message"]
    assert exchange.need.state == "matched"


@pytest.mark.parametrize(
    ("visibility", "seen"), [("public", "open"), ("masked", "masked"), ("invited", None)]
)
def test_whoever_declines_reads_the_need_like_one_never_invited(session, visibility, seen):
    exchange = an_exchange(session, visibility=visibility)
    invitation = invite(exchange)
    invite(exchange, institute=exchange.rival)

    decline_invitation(session, exchange.office, invitation.id, REFUSAL, now=NOW)

    if seen is None:
        with pytest.raises(NotFound):
            read_need(session, exchange.researcher, exchange.need.id)
    else:
        assert read_need(session, exchange.researcher, exchange.need.id).view == seen
    assert read_need(session, exchange.rival_office, exchange.need.id).view == "invited"
    assert show_invitation(session, exchange.office, invitation.id).state == "declined"
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "revoke_need_reading")).all()
    assert [(event.subject_id, event.before) for event in events] == [
        (exchange.need.id, {"organisation_id": str(exchange.institute.id)})
    ]


@pytest.mark.parametrize("first", ["accepted", "declined"])
def test_an_invitation_is_answered_once(exchange, first):
    invitation = an_invitation(exchange.session, exchange.need, exchange.institute, state=first)

    with pytest.raises(StateConflict) as refused:
        accept_invitation(exchange.session, exchange.office, invitation.id, now=NOW)
    with pytest.raises(StateConflict):
        decline_invitation(exchange.session, exchange.office, invitation.id, REFUSAL, now=NOW)

    assert refused.value.data == {"state": first, "action": "accept", "allowed": []}


def test_two_answers_at_once_leave_one(committed_database):
    with db.transaction() as session:
        exchange = an_exchange(session)
        invitation_id = an_invitation(session, exchange.need, exchange.institute).id
        office = exchange.office
    start, outcomes = threading.Barrier(2), []

    def answer(decline: bool) -> None:
        start.wait()
        try:
            with db.transaction() as session:
                if decline:
                    decline_invitation(session, office, invitation_id, REFUSAL, now=NOW)
                else:
                    accept_invitation(session, office, invitation_id, now=NOW)
                outcomes.append("answered")
        except StateConflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=answer, args=(decline,)) for decline in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["answered", "refused"]


@pytest.mark.parametrize("who", ["poster", "operator", "broker", "auditor"])
def test_nobody_answers_for_the_institute(exchange, who):
    invitation = invite(exchange)

    with pytest.raises(Forbidden):
        accept_invitation(exchange.session, getattr(exchange, who), invitation.id, now=NOW)


def test_for_a_competitor_the_invitation_does_not_exist(exchange):
    invitation = invite(exchange)
    invite(exchange, institute=exchange.rival)

    for verb, more in ((accept_invitation, ()), (decline_invitation, (REFUSAL,))):
        with pytest.raises(NotFound):
            verb(exchange.session, exchange.rival_office, invitation.id, *more, now=NOW)


def test_once_the_need_is_withdrawn_an_institute_can_still_decline_but_not_accept(exchange):
    invitation = invite(exchange)
    withdraw_need(exchange.session, exchange.poster, exchange.need.id, now=NOW)

    with pytest.raises(NeedNotOpen):
        accept_invitation(exchange.session, exchange.office, invitation.id, now=NOW)
    declined = decline_invitation(exchange.session, exchange.office, invitation.id, REFUSAL, now=NOW)

    assert declined.state == "declined"


def test_talking_and_offering_wait_for_the_yes(exchange):
    with pytest.raises(Forbidden):
        require_accepted(exchange.session, exchange.need, exchange.institute.id)
    invitation = invite(exchange)
    with pytest.raises(InvitationNotAccepted) as refused:
        require_accepted(exchange.session, exchange.need, exchange.institute.id)
    accept_invitation(exchange.session, exchange.office, invitation.id, now=NOW)

    require_accepted(exchange.session, exchange.need, exchange.institute.id)
    assert refused.value.data == {"id": invitation.id, "state": "open"}


def test_an_operator_of_the_province_invites_in_every_zone(exchange):
    province = an_actor(exchange.session, (Role.OPERATOR, PROVINCE))

    assert invite(exchange, province).state == "open"
