"""What would leave a round that nobody can decide, or decide one that was not solved anew, is refused or led on."""

from datetime import timedelta

import pytest

from finance_net.grants.announcements import deciding, service
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.errors import FundedHold, ReviewerInvolved, SelectAnew
from finance_net.grants.reviews.service import assign_reviewer
from finance_net.grants.selections import reading
from finance_net.grants.selections.models import GrantAllocation
from finance_net.ledger.models import Hold
from finance_net.ledger.service import reserve, void
from tests.factories.grants import (
    AFTER,
    a_season,
    an_application,
    announced,
    closed,
    computed,
    objected,
    scored_all,
    selected,
    states_of,
)
from tests.factories.identity import an_actor
from tests.factories.ledger import WAN, an_envelope

MINUTE = timedelta(minutes=1)


@pytest.fixture
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
