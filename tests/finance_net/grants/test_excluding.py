"""What came to light after an application was admitted takes it out, up to its announcement; nothing of its round is left hanging."""

import pytest
from sqlalchemy import select

from backbone.errors import Forbidden, NotFound, StateConflict
from backbone.notices.models import Notice
from finance_net.grants.announcements.deciding import decide_grants
from finance_net.grants.announcements.service import announce_grants, rule_on_objection
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.errors import AnnouncedAlready, RoundMoved
from finance_net.grants.reviews.models import GrantReview
from finance_net.grants.selections.excluding import exclude_application
from finance_net.grants.selections.models import GrantAllocation, GrantSelection
from finance_net.grants.selections.reading import result_of, standing_of
from finance_net.grants.selections.service import approve_selection
from finance_net.ledger.models import Hold
from tests.factories.directory import an_enterprise
from tests.factories.grants import (
    AFTER,
    a_season,
    an_application,
    announced,
    computed,
    member_of,
    objected,
    scored_all,
    selected,
    states_of,
)
from tests.factories.identity import an_actor
from tests.factories.ledger import WAN
from tests.made_once import made_once

WHY = "核查发现检测报告系伪造"


@made_once
def season(session):
    """Sixty for three who want forty each, and at least thirty: two are funded."""
    season = a_season(session, pool_fen=60 * WAN)
    scored_all(season, 90, 80, 70, least_fen=30 * WAN)
    return season


def ranked(season):
    return season.session.scalars(select(GrantApplication).order_by(GrantApplication.number)).all()


def exclude(season, row, by=None):
    return exclude_application(season.session, by or season.first, row.id, WHY, now=AFTER)


def test_its_parties_are_told_why_and_its_reviews_stay_on_record(season):
    best = ranked(season)[0]
    assert exclude(season, best).state == "excluded"
    assert best.reason == WHY
    told = season.session.scalars(select(Notice).where(Notice.kind == "application_excluded")).all()
    assert {each.subject_id for each in told} == {best.id}
    kept = season.session.scalars(select(GrantReview.state).where(GrantReview.application_id == best.id))
    assert kept.all() == ["submitted"]


def test_it_is_not_selected_and_who_comes_after_it_is(season):
    best, second, third = ranked(season)
    exclude(season, best)
    assert result_of(computed(season)).amounts.keys() == {second.number, third.number}


def test_an_answer_that_was_worked_out_with_it_is_not_approved(season):
    row = computed(season)
    exclude(season, ranked(season)[0])
    with pytest.raises(RoundMoved):
        approve_selection(season.session, season.second, row.id, now=AFTER)


def test_once_money_is_set_aside_the_selection_is_void_and_made_anew(season):
    best, second, third = ranked(season)
    session, row = season.session, selected(season)
    holds = session.scalars(select(GrantAllocation.hold_id)).all()
    exclude(season, best)
    assert season.round.state == "reviewing"
    assert standing_of(session, season.round.id) == {}
    assert {session.get_one(Hold, each, populate_existing=True).open_fen for each in holds} == {0}
    with pytest.raises(StateConflict):
        announce_grants(session, season.first, row.id, now=AFTER)
    anew = announced(season)
    assert standing_of(session, season.round.id).keys() == {second.number, third.number}
    decide_grants(session, season.second, anew.id, now=anew.ends_at)
    assert states_of(season) == {best.number: "excluded", second.number: "awarded", third.number: "awarded"}


def test_one_that_got_nothing_leaves_the_others_money_where_it_is(season):
    *funded, last = ranked(season)
    selected(season)
    exclude(season, last)
    assert season.round.state == "selected"
    assert standing_of(season.session, season.round.id).keys() == {each.number for each in funded}
    (selection,) = season.session.scalars(select(GrantSelection)).all()
    row = announce_grants(season.session, season.first, selection.id, now=AFTER)
    decide_grants(season.session, season.second, row.id, now=row.ends_at)
    assert states_of(season)[last.number] == "excluded"
    assert {states_of(season)[each.number] for each in funded} == {"awarded"}
    with pytest.raises(StateConflict):
        exclude(season, funded[0])


def test_what_was_announced_is_a_matter_of_an_objection(season):
    best, _, last = ranked(season)
    announced(season)
    with pytest.raises(AnnouncedAlready):
        exclude(season, best)
    assert exclude(season, last).state == "excluded"  # nobody was shown that it gets something


def test_after_an_objection_one_of_the_next_selection_can_still_be_taken_out(season):
    """What the first announcement showed stands; what the second was to show is let go of."""
    session = season.session
    best, second, third = ranked(season)
    row = announced(season)
    objection = objected(session, an_actor(session), row.id, best.id, "不实", now=AFTER)
    rule_on_objection(session, season.second, objection.id, upheld=True, ruling="属实", now=AFTER)
    selected(season)
    exclude(season, third)
    assert season.round.state == "objected"
    assert standing_of(session, season.round.id).keys() == {second.number}


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_before_it_is_admitted_it_is_rejected_instead(season, state):
    with pytest.raises(StateConflict):
        exclude(season, an_application(a_season(season.session), state=state))


def test_twice_is_once(season):
    best = exclude(season, ranked(season)[0])
    with pytest.raises(StateConflict):
        exclude(season, best)


def test_managers_alone_take_it_out(season):
    session, best = season.session, ranked(season)[0]
    applicant = session.get_one(type(an_enterprise(session)), best.applicant_id)
    with pytest.raises(Forbidden):
        exclude(season, best, by=member_of(session, applicant))
    with pytest.raises(NotFound):
        exclude(season, best, by=an_actor(session))
    assert best.state == "admitted"
