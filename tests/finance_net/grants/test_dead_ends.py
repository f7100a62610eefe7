"""What would leave a round that nobody can decide, or decide one that was not solved anew, is refused or led on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Actor, Role
from backbone.errors import StateConflict
from backbone.identity.models import Membership
from finance_net.grants.announcements import deciding, service
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.errors import (
    AnnouncerGone,
    FundedHold,
    ReviewerInvolved,
    ReviewsClosed,
    SecondPerson,
    SelectAnew,
)
from finance_net.grants.reviews.service import assign_reviewer, submit_review
from finance_net.grants.selections import reading
from finance_net.grants.selections.jobs import queue_selection
from finance_net.grants.selections.models import GrantAllocation
from finance_net.ledger.models import Hold
from finance_net.ledger.service import reserve, void
from tests.factories.grants import (
    AFTER,
    CRITERIA,
    a_review,
    a_season,
    an_application,
    announced,
    closed,
    computed,
    objected,
    scored,
    scored_all,
    selected,
    states_of,
)
from tests.factories.identity import an_actor
from tests.factories.ledger import WAN, an_envelope
from tests.made_once import made_once

MINUTE = timedelta(minutes=1)


@made_once
def season(session):
    """Sixty for four who want forty each, and at least thirty."""
    season = a_season(session, pool_fen=60 * WAN)
    scored_all(season, 90, 80, 70, 60, least_fen=30 * WAN)
    return season


def ranked(season):
    return season.session.query(GrantApplication).order_by(GrantApplication.number).all()


def uphold(season, announcement, application, now):
    session = season.session
    objection = objected(session, an_actor(session), announcement.id, application.id, "不实", now=now)
    service.rule_on_objection(session, season.second, objection.id, upheld=True, ruling="属实", now=now)


def test_what_a_selection_set_aside_is_not_let_go_of_by_hand(season):
    session, row = season.session, announced(season)
    allocation = session.query(GrantAllocation).order_by(GrantAllocation.id).first()
    with pytest.raises(FundedHold) as refused:
        void(session, season.first, allocation.hold_id, reason="手工", now=AFTER)
    chosen = session.get_one(GrantApplication, allocation.application_id)
    assert refused.value.data["number"] == chosen.number
    uphold(season, row, chosen, AFTER)
    assert session.get_one(Hold, allocation.hold_id, populate_existing=True).open_fen == 0
    other = reserve(session, season.first, season.pools["F"].id, 1, reason="别的", now=AFTER)
    assert void(session, season.first, other.id, reason="不用了", now=AFTER).kind == "void"


def test_who_is_out_while_the_next_announcement_is_prepared_has_the_pool_solved_once_more(season):
    session, first = season.session, announced(season)
    a, b, c, d = ranked(season)
    uphold(season, first, a, AFTER)
    again = selected(season, now=AFTER + MINUTE)
    uphold(season, first, b, AFTER + 2 * MINUTE)
    assert season.round.state == "selected"
    second = service.announce_grants(session, season.first, again.id, now=AFTER + 3 * MINUTE)
    assert season.round.state == "objected"
    with pytest.raises(SelectAnew):
        deciding.decide_grants(session, season.second, second.id, now=second.ends_at)
    third = announced(season, now=AFTER + 4 * MINUTE)
    for row in (first, second, third):
        deciding.decide_grants(session, season.second, row.id, now=row.ends_at)
    assert [each.state for each in (a, b, c, d)] == ["excluded", "excluded", "awarded", "awarded"]
    assert season.round.state == "decided"


def test_whoever_sees_the_applicants_does_not_review(season):
    session = season.session
    fresh = a_season(session)
    row = an_application(fresh, state="admitted")
    closed(fresh)
    with pytest.raises(ReviewerInvolved):
        assign_reviewer(session, fresh.first, row.id, fresh.second.account_id, now=AFTER)


def test_a_limit_around_one_category_alone_bounds_it(session):
    season = a_season(session, pool_fen=60 * WAN)
    year = an_envelope(season.treasury, season.treasury.root, "year", limit_fen=35 * WAN)
    inner = an_envelope(season.treasury, year, "category", limit_fen=60 * WAN)
    season.round.categories = [
        {**each, "envelope_id": str(inner.id)} if each["key"] == "R" else each
        for each in season.round.categories
    ]
    scored_all(season, 90, 80, least_fen=30 * WAN)
    row = computed(season)
    assert list(reading.result_of(row).amounts.values()) == [35 * WAN]
    assert sorted(states_of(season).values()) == ["admitted", "admitted"]


def test_an_announcement_whose_announcer_left_is_taken_over_by_a_third_and_decided(season):
    session, row = season.session, announced(season)
    third = an_actor(session, (Role.FUND_MANAGER, PROVINCE))
    with pytest.raises(StateConflict):  # whoever announced it still stands behind it
        service.announce_grants(session, third, row.selection_id, now=AFTER)
    held = select(Membership).where(
        Membership.account_id == season.first.account_id, Membership.ended_at.is_(None)
    )
    for membership in session.scalars(held):
        membership.ended_at = AFTER
    session.flush()
    with pytest.raises(AnnouncerGone):
        deciding.decide_grants(session, season.second, row.id, now=row.ends_at)
    days = row.starts_at, row.ends_at
    taken = service.announce_grants(session, third, row.selection_id, now=row.ends_at - MINUTE)
    assert (taken.id, taken.announced_by, (taken.starts_at, taken.ends_at)) == (
        row.id,
        third.account_id,
        days,
    )
    with pytest.raises(SecondPerson):
        deciding.decide_grants(session, third, row.id, now=row.ends_at)
    assert deciding.decide_grants(session, season.second, row.id, now=row.ends_at).decided_at
    with pytest.raises(StateConflict):
        service.announce_grants(session, third, row.selection_id, now=row.ends_at)


def test_a_review_that_comes_after_the_first_selection_does_not_keep_the_round_from_being_selected_anew(
    session,
):
    """Its score told the case another story than the one it had been told: every later selection was refused."""
    season = a_season(session, pool_fen=60 * WAN)
    row = an_application(season, state="admitted")
    scored(season, row, 80)
    late = a_review(season, row)
    computed(season)
    said = {"scores": [{"key": each["key"], "points": 10} for each in CRITERIA], "comment": "迟到"}
    for refused in (
        lambda: submit_review(session, Actor(late.reviewer_id, ""), late.id, said, now=AFTER),
        lambda: a_review(season, row),
    ):
        with pytest.raises(ReviewsClosed):
            refused()
    reserve(session, season.first, season.pools["F"].id, 1, reason="别的", now=AFTER)
    assert selected(season, now=AFTER + MINUTE).status == "optimal"
    assert row.score == 8_000


def test_of_selections_that_one_manager_asks_for_again_and_again_one_waits(season, run_jobs):
    closed(season)
    for actor in (season.first, season.first, season.second):
        queue_selection(season.session, season.round.id, actor)
    assert run_jobs().count("grants.select") == 2
