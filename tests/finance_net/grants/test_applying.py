"""Rounds, applications and reviews through their services."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backbone.actor import Actor
from backbone.directory.models import Enterprise
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from finance_net.cases.models import CaseStep
from finance_net.grants import reading as round_reading
from finance_net.grants import service as rounds
from finance_net.grants.applications import reading, service
from finance_net.grants.applications.errors import (
    NotConfirmed,
    NotEligible,
    NotYours,
    OverTheCap,
    ReceiptUsed,
)
from finance_net.grants.applications.schemas import ApplicationAmendment, ApplicationEntry
from finance_net.grants.errors import (
    AssignedAlready,
    NotDecidedYet,
    ReviewerInvolved,
    ReviewsMissing,
    RoundClosed,
    RulesBroken,
    StillOpen,
)
from finance_net.grants.reviews import reading as review_reading
from finance_net.grants.reviews import service as reviewing
from finance_net.grants.schemas import LARGEST_GRANT_FEN
from finance_net.grants.selections.service import select_grants
from tests.factories.contracts import a_contract
from tests.factories.directory import an_enterprise
from tests.factories.grants import (
    AFTER,
    CLOSES,
    OPENED,
    a_first_use,
    a_review,
    a_season,
    admitted,
    an_application,
    application_entry,
    closed,
    member_of,
    round_entry,
    scored,
)
from tests.factories.identity import an_account, an_actor
from tests.factories.invitations import an_exchange
from tests.factories.ledger import WAN, a_treasury, an_envelope
from tests.factories.needs import a_need
from tests.made_once import made_once


@made_once
def season(session):
    return a_season(session)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"categories": []}, "at least one"), ({"criteria": []}, "at least one"), ({"closes_at": OPENED}, "in the future"),
        ({"groups": [{"key": "g", "max_selected": 1}] * 2}, "given twice"),
    ],
)  # fmt: skip
def test_rules_that_are_none_are_named(season, said, words):
    entry = round_entry(season.treasury, season.pools, **said)
    with pytest.raises(Invalid) as refused:
        rounds.draft_round(season.session, season.first, entry, now=OPENED)
    assert words in refused.value.data["errors"][0]["problem"]


def test_a_category_is_paid_by_an_envelope_of_the_fund_that_no_other_shares(season):
    session, mine = season.session, season.pools["R"]
    foreign = a_treasury(session)
    strange = an_envelope(foreign, foreign.root, "category")
    for pools in ({"R": strange}, {"R": mine, "F": mine}):
        with pytest.raises(RulesBroken):
            rounds.draft_round(session, season.first, round_entry(season.treasury, pools), now=OPENED)
    for said, words in (
        (round_entry(season.treasury, {"Z": mine}), "of the category Z, only of R, T, F, Q, M"),
        (
            round_entry(season.treasury, {"R": mine}, enterprise_cap_fen=WAN - 1),
            "10000.00 yuan is above the cap of 9999.99",
        ),
    ):
        with pytest.raises(RulesBroken) as refused:
            rounds.draft_round(session, season.first, said, now=OPENED)
        assert words in str(refused.value.data["why"])
    narrow = [{"key": "R", "envelope_id": mine.id, "min_fen": 2, "max_fen": 1}]
    with pytest.raises(RulesBroken):
        rounds.draft_round(
            session, season.first, round_entry(season.treasury, {}, categories=narrow), now=OPENED
        )


def test_a_draft_is_nobodys_business_until_it_opens(session):
    season, stranger = a_season(session, is_open=False), an_actor(session)
    with pytest.raises(NotFound):
        round_reading.round_of(session, stranger, season.round.id)
    rounds.open_round(session, season.first, season.round.id, now=OPENED)
    assert round_reading.round_of(session, stranger, season.round.id) is season.round
    with pytest.raises(StillOpen):
        rounds.close_round(session, season.first, season.round.id, now=CLOSES - timedelta(seconds=1))
    with pytest.raises(StateConflict):
        rounds.open_round(session, season.first, season.round.id, now=OPENED)


def test_an_application_rests_on_a_receipt_that_says_yes_for_its_own_enterprise_and_category(season):
    session, applicant, other = season.session, an_enterprise(season.session), an_enterprise(season.session)
    member = member_of(session, applicant)
    said, theirs = application_entry(season, applicant), application_entry(season, other)
    for wrong in ({"receipt_id": theirs["receipt_id"]}, {"receipt_id": uuid4()},
                  {"category": "F", "user_id": other.id, "user_share": 1}):  # fmt: skip
        with pytest.raises(NotEligible):
            service.draft_application(session, member, season.round.id, said | wrong, now=OPENED)
    need = a_need(session, other, state="confirmed")
    with pytest.raises(NotYours):
        service.draft_application(session, member, season.round.id, said | {"need_id": need.id}, now=OPENED)
    row = service.draft_application(session, member, season.round.id, said, now=OPENED)
    with pytest.raises(ReceiptUsed):
        service.draft_application(session, member, season.round.id, said, now=OPENED)
    assert row.number.startswith("SB-2026-")


def test_a_receipt_of_a_day_to_come_carries_nothing(season):
    applicant = an_enterprise(season.session)
    said, member = application_entry(season, applicant), member_of(season.session, applicant)
    with pytest.raises(NotEligible) as refused:
        service.draft_application(
            season.session, member, season.round.id, said, now=OPENED - timedelta(days=1)
        )
    assert "2026-03-09" in refused.value.sentence().zh


def test_a_contract_carries_the_application_of_its_parties_alone(session, season):
    exchange = an_exchange(session)
    seller, other = an_enterprise(session), an_enterprise(session)
    contract = a_contract(exchange, seller_enterprise_id=seller.id)
    for applicant in (exchange.enterprise, seller, other):
        said = application_entry(season, applicant) | {"need_id": None, "contract_id": contract.id}
        member = member_of(session, applicant)
        if applicant is other:
            with pytest.raises(NotYours):
                service.draft_application(session, member, season.round.id, said, now=OPENED)
            continue
        row = service.draft_application(session, member, season.round.id, said, now=OPENED)
        assert row.contract_id == contract.id


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"category": "Q"}, "category"), ({"groups": ["g"]}, "groups"), ({"need_id": None}, "need_id"),
        ({"contract_id": uuid4()}, "need_id"), ({"user_share": 5}, "user_id"), ({"category": "F"}, "user_id"),
        ({"prerequisite_id": uuid4()}, "prerequisite_id"), ({"least_fen": 0}, "least_fen"), ({"asked_fen": 1}, "least_fen"),
        ({"least_fen": WAN + 1, "asked_fen": 2 * WAN - 1}, "asked_fen"),
    ],
)  # fmt: skip
def test_what_an_application_cannot_be_is_told_by_its_field(season, wrong, field):
    applicant = an_enterprise(season.session)
    said = application_entry(season, applicant) | wrong
    with pytest.raises(Invalid) as refused:
        service.draft_application(
            season.session, member_of(season.session, applicant), season.round.id, said, now=OPENED
        )
    assert refused.value.data["errors"][0]["field"] == field


def test_nobody_asks_for_more_than_the_sums_of_a_round_can_hold():
    """Two who asked for the largest number there is left the whole round without an answer."""
    for schema in (ApplicationEntry(), ApplicationAmendment()):
        refused = schema.validate({"asked_fen": 2**63 - 1, "least_fen": LARGEST_GRANT_FEN + 1})
        assert {"asked_fen", "least_fen"} <= refused.keys()
        assert (
            not {"asked_fen", "least_fen"}
            & schema.validate({"asked_fen": LARGEST_GRANT_FEN, "least_fen": 1}).keys()
        )


def test_nobody_applies_for_others_above_the_cap_or_too_late(session):
    season = a_season(session, enterprise_cap_fen=30 * WAN)
    applicant = an_enterprise(session)
    member, said = member_of(session, applicant), application_entry(season, applicant, asked_fen=31 * WAN)
    with pytest.raises(OverTheCap) as over:
        service.draft_application(session, member, season.round.id, said, now=OPENED)
    assert (over.value.data["asked_fen"], over.value.data["cap_fen"]) == (31 * WAN, 30 * WAN)
    with pytest.raises(Forbidden):
        service.draft_application(session, an_actor(session), season.round.id, said, now=OPENED)
    with pytest.raises(RoundClosed):
        service.draft_application(
            session, member, season.round.id, said | {"asked_fen": 30 * WAN}, now=CLOSES
        )


def test_what_was_handed_in_stays_as_it_is_and_begins_its_case(season):
    session, row = season.session, an_application(season, state="draft")
    member = Actor(row.drafted_by, "", member_of(session, an_enterprise(session)).held)
    with pytest.raises(NotFound):
        service.submit_application(session, member, row.id, now=OPENED)
    owner = _owner(season, row)
    service.amend_application(session, owner, row, {"title": "另一标题"}, now=OPENED)
    service.submit_application(session, owner, row.id, now=OPENED)
    with pytest.raises(StateConflict):
        service.amend_application(session, owner, row, {"title": "再改"}, now=OPENED)
    told = session.scalars(select(CaseStep.kind).where(CaseStep.case_id == row.id).order_by(CaseStep.ordinal))
    assert list(told) == ["application", "receipt"]


def test_a_first_use_is_admitted_once_its_user_stands_behind_it(season):
    session, row = season.session, a_first_use(season)
    with pytest.raises(NotConfirmed):
        admitted(season, row)
    with pytest.raises(Forbidden):
        service.confirm_application(session, _owner(season, row), row.id, now=OPENED)
    user = member_of(session, _enterprise(session, row.user_id))
    service.confirm_application(session, user, row.id, now=OPENED)
    service.confirm_application(session, user, row.id, now=AFTER)
    assert (row.confirmed_at, admitted(season, row).state) == (OPENED, "admitted")


def test_the_user_sees_it_once_it_was_handed_in_and_strangers_never(season):
    session, row = season.session, a_first_use(season, state="draft")
    user, stranger = member_of(session, _enterprise(session, row.user_id)), an_actor(session)
    with pytest.raises(NotFound):
        reading.application_of(session, user, row.id)
    service.submit_application(session, _owner(season, row), row.id, now=OPENED)
    assert reading.application_of(session, user, row.id) is row
    with pytest.raises(NotFound):
        reading.application_of(session, stranger, row.id)
    assert reading.list_applications(session, stranger, {"limit": 20, "sort": "-created_at"}).items == []


def test_a_withdrawn_application_frees_its_receipt(season):
    session, row = season.session, an_application(season)
    owner = _owner(season, row)
    service.withdraw_application(session, owner, row.id, now=OPENED)
    again = application_entry(season, _enterprise(session, row.applicant_id)) | {"receipt_id": row.receipt_id}
    assert service.draft_application(session, owner, season.round.id, again, now=OPENED).state == "draft"


def test_a_reviewer_has_no_part_in_what_is_reviewed_and_sees_no_names(season):
    session, row = season.session, an_application(season, state="admitted")
    applicant = _enterprise(session, row.applicant_id)
    row.summary = f"{applicant.name}提出的方案"
    closed(season)
    for involved in (member_of(session, applicant).account_id, row.drafted_by):
        with pytest.raises(ReviewerInvolved):
            reviewing.assign_reviewer(session, season.first, row.id, involved, now=AFTER)
    with pytest.raises(Invalid):
        reviewing.assign_reviewer(session, season.first, row.id, uuid4(), now=AFTER)
    review = a_review(season, row)
    with pytest.raises(AssignedAlready):
        reviewing.assign_reviewer(session, season.first, row.id, review.reviewer_id, now=AFTER)
    reviewer, other = Actor(review.reviewer_id, ""), an_actor(session)
    view = review_reading.review_view(
        session, review_reading.review_of(session, reviewer, review.id), reviewer
    )
    assert (view["application"]["summary"], view["reviewer_id"]) == ("【申报单位】提出的方案", None)
    assert applicant.name not in str(view)
    with pytest.raises(NotFound):
        review_reading.review_of(session, other, review.id)
    with pytest.raises(Forbidden):
        reviewing.submit_review(session, season.first, review.id, {"scores": [], "comment": "x"}, now=AFTER)


def test_nobody_of_the_institute_of_its_contract_reviews_an_application(session, season):
    exchange = an_exchange(session)
    contract = a_contract(exchange)
    row = an_application(
        season, state="admitted", applicant=exchange.enterprise, need_id=None, contract_id=contract.id
    )
    closed(season)
    with pytest.raises(ReviewerInvolved):
        reviewing.assign_reviewer(session, season.first, row.id, exchange.researcher.account_id, now=AFTER)
    rival = exchange.rival_office.account_id
    assert reviewing.assign_reviewer(session, season.first, row.id, rival, now=AFTER).state == "assigned"


def test_nobody_who_competes_for_the_pool_scores_another(season):
    session, row = season.session, an_application(season, state="admitted")
    rival = an_application(season, state="admitted")
    withdrawn = an_application(season)
    service.withdraw_application(session, _owner(season, withdrawn), withdrawn.id, now=OPENED)
    closed(season)
    with pytest.raises(ReviewerInvolved):
        reviewing.assign_reviewer(session, season.first, row.id, _owner(season, rival).account_id, now=AFTER)
    gone = _owner(season, withdrawn).account_id
    assert reviewing.assign_reviewer(session, season.first, row.id, gone, now=AFTER).state == "assigned"


@pytest.mark.parametrize("keys", [[], ["merit"], ["merit", "merit"], ["merit", "use", "more"]])
def test_each_criterion_is_scored_once(season, keys):
    review = a_review(season, an_application(season, state="admitted"))
    said = {"scores": [{"key": key, "points": 1} for key in keys], "comment": "x"}
    with pytest.raises(Invalid):
        reviewing.submit_review(season.session, Actor(review.reviewer_id, ""), review.id, said, now=AFTER)


def test_whoever_steps_back_is_replaced_before_anybody_selects(season):
    session, row = season.session, an_application(season, state="admitted")
    waiting = an_application(season)
    review = a_review(season, row)
    reviewing.declare_conflict(session, Actor(review.reviewer_id, ""), review.id, "曾合作", now=AFTER)
    with pytest.raises(StateConflict):
        reviewing.declare_conflict(session, Actor(review.reviewer_id, ""), review.id, "曾合作", now=AFTER)
    with pytest.raises(NotDecidedYet) as undecided:
        select_grants(session, season.first, season.round.id, now=AFTER)
    assert undecided.value.data["numbers"] == waiting.number
    service.reject_application(session, season.first, waiting.id, "材料不全", now=AFTER)
    with pytest.raises(ReviewsMissing) as missing:
        select_grants(session, season.first, season.round.id, now=AFTER)
    assert (missing.value.data["count"], missing.value.data["numbers"]) == (1, row.number)
    scored(season, row, 83)
    select_grants(session, season.first, season.round.id, now=AFTER)
    assert row.score == 8_300


def test_reviews_are_of_a_round_under_review(season):
    row = an_application(season, state="admitted")
    with pytest.raises(StateConflict):
        reviewing.assign_reviewer(
            season.session, season.first, row.id, an_account(season.session).id, now=OPENED
        )


def _enterprise(session, enterprise_id):
    return session.get_one(Enterprise, enterprise_id)


def _owner(season, row):
    return member_of(season.session, _enterprise(season.session, row.applicant_id))
