"""Who hears what became of an application, and whose turn it is; a reviewer never whose application it is."""

from sqlalchemy import select

from backbone.actor import Actor
from backbone.notices.models import Notice
from finance_net.grants import service as rounds
from finance_net.grants.announcements import service as announcing
from finance_net.grants.applications import service as applying
from finance_net.grants.reviews import service as reviewing
from tests.factories.directory import an_enterprise
from tests.factories.grants import (
    AFTER,
    OPENED,
    a_review,
    a_season,
    admitted,
    an_application,
    announced,
    decided,
    member_of,
    objected,
    scored,
    scored_all,
)
from tests.factories.identity import an_actor
from tests.factories.ledger import WAN
from tests.factories.notices import accounts, heard
from tests.made_once import made_once


@made_once
def season(session):
    return a_season(session)


def test_managers_hear_of_a_submission_and_the_user_that_it_is_asked(session, season):
    user = an_enterprise(session)
    member = member_of(session, user)
    row = an_application(season, category="F", user_id=user.id, user_share=4_000)
    assert heard(session, "application_submitted") == accounts(season.first, season.second)
    assert heard(session, "application_to_confirm") == accounts(member)
    for _ in range(2):
        applying.confirm_application(session, member, row.id, now=OPENED)
    assert heard(session, "application_confirmed") == accounts(season.first, season.second)


def test_both_enterprises_hear_of_the_formal_check(session, season):
    makers, users = an_enterprise(session), an_enterprise(session)
    row = an_application(season, applicant=makers, category="F", user_id=users.id, user_share=4_000)
    maker, user = member_of(session, makers), member_of(session, users)
    applying.confirm_application(session, user, row.id, now=OPENED)
    admitted(season, row)
    assert {*accounts(maker, user)} < {*heard(session, "application_admitted")}
    assert season.first.account_id not in heard(session, "application_admitted")


def test_a_rejection_is_told_to_who_applied(session, season):
    applicant = an_enterprise(session)
    row = an_application(season, applicant=applicant)
    member = member_of(session, applicant)
    applying.reject_application(session, season.first, row.id, "材料不全", now=OPENED)
    assert member.account_id in heard(session, "application_rejected")
    assert not {season.first.account_id, season.second.account_id} & {*heard(session, "application_rejected")}


def test_a_reviewer_is_told_of_the_round_alone_and_managers_of_who_steps_back(session, season):
    row = an_application(season, state="admitted")
    reviews = [a_review(season, row), a_review(season, row)]
    told = session.scalars(select(Notice).where(Notice.kind == "review_assigned")).all()
    assert {each.recipient_id for each in told} == {each.reviewer_id for each in reviews}
    assert {each.subject_number for each in told} == {season.round.number}
    assert {each.subject_id for each in told} == {each.id for each in reviews}
    for review in reviews:
        reviewing.declare_conflict(session, Actor(review.reviewer_id, "评审"), review.id, "同乡", now=AFTER)
    assert heard(session, "review_conflicted") == sorted([*accounts(season.first, season.second)] * 2)


def test_what_is_announced_objected_to_and_ruled_on_is_told_to_whom_it_concerns(session, season):
    applicant = an_enterprise(session)
    member = member_of(session, applicant)
    (row,) = scored_all(season, 90, applicant=applicant)
    announcement = announced(season)
    (told,) = session.scalars(
        select(Notice).where(Notice.kind == "grant_announced", Notice.recipient_id == member.account_id)
    )
    assert told.payload == {"due_at": announcement.ends_at.isoformat()}
    signer = an_actor(session)
    objection = objected(session, signer, announcement.id, row.id, "不实", now=announcement.starts_at)
    assert heard(session, "grant_objected") == accounts(season.first, season.second)
    announcing.rule_on_objection(
        session, season.second, objection.id, upheld=True, ruling="属实", now=announcement.starts_at
    )
    assert heard(session, "objection_upheld") == accounts(signer)
    assert member.account_id in heard(session, "grant_excluded")


def test_everybody_who_took_part_hears_the_decision(session):
    season = a_season(session, pool_fen=15 * WAN)  # the least that is of use is 10
    best, other = an_enterprise(session), an_enterprise(session)
    members = [member_of(session, each) for each in (best, other)]
    rows = [an_application(season, state="admitted", applicant=each) for each in (best, other)]
    for row, points in zip(rows, (90, 40), strict=True):
        scored(season, row, points)
    decided(season)
    assert members[0].account_id in heard(session, "grant_awarded")
    assert members[1].account_id in heard(session, "grant_passed_over")
    assert not {*heard(session, "grant_awarded")} & {*heard(session, "grant_passed_over")}


def test_applicants_hear_that_a_round_is_called_off(session, season):
    applicant = an_enterprise(session)
    member = member_of(session, applicant)
    an_application(season, applicant=applicant)
    an_application(season, state="draft")
    rounds.cancel_round(session, season.first, season.round.id, now=AFTER)
    told = heard(session, "grant_round_cancelled")
    assert member.account_id in told
    assert len(told) == len({*told}) == 2, "the member and who submitted it; nobody of a draft"
