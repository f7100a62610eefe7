"""From the selection to the decision, through the services: nothing is promised before its time, nor by one alone."""

from datetime import date, timedelta

import pytest

from backbone import events
from backbone.clock import local_date
from backbone.directory.models import Enterprise
from backbone.errors import Forbidden, Invalid, StateConflict
from finance_net.cases.models import FundCase
from finance_net.cases.reading import case_view
from finance_net.grants import service as rounds
from finance_net.grants.announcements import deciding, service
from finance_net.grants.announcements.models import Announcement
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.errors import (
    AnnouncementOver,
    LedgerMoved,
    NothingSelected,
    NoticeRunning,
    ObjectedAlready,
    RoundMoved,
    SecondPerson,
    SelectAnew,
)
from finance_net.grants.events import GrantsDecided
from finance_net.grants.selections import reading
from finance_net.grants.selections import service as selecting
from finance_net.grants.selections.modelling import read, written
from finance_net.grants.selections.models import GrantAllocation
from finance_net.ledger.limits import change_limit
from finance_net.ledger.models import Hold
from finance_net.ledger.reading import standings
from finance_net.ledger.service import commit, reserve
from finance_net.ledger.steps import Bucket
from finance_net.rounds.verifying import broken_by
from tests.factories.grants import (
    AFTER,
    a_first_use,
    a_season,
    an_application,
    announced,
    computed,
    decided,
    objected,
    scored,
    scored_all,
    selected,
    states_of,
)
from tests.factories.identity import an_actor
from tests.factories.ledger import WAN
from tests.made_once import made_once


@made_once
def season(session):
    """Sixty for three who want forty each, and at least thirty."""
    season = a_season(session, pool_fen=60 * WAN)
    scored_all(season, 90, 80, 70, least_fen=30 * WAN)
    return season


def numbers(season):
    return sorted(states_of(season))


def left_of(season, key="R"):
    rows = standings(season.session, season.treasury.fund.id, now=AFTER)
    return next(row.balances for row in rows if row.envelope.id == season.pools[key].id)


def heard(session, decide):
    found = []
    handler = events.on(GrantsDecided)(lambda _, event: found.append(event))
    try:
        decide()
    finally:
        events._handlers[GrantsDecided].remove(handler)
    return found


def test_the_best_are_certified_and_their_money_is_set_aside_by_a_second_person(season):
    row = computed(season)
    view = reading.selection_view(season.session, row)
    best, second, _ = numbers(season)
    assert {each["number"]: each["amount_fen"] for each in view["selected"]} == {
        best: 30 * WAN,
        second: 30 * WAN,
    }
    with pytest.raises(SecondPerson):
        selecting.approve_selection(season.session, season.first, row.id, now=AFTER)
    assert left_of(season)[Bucket.RESERVED] == 0
    selecting.approve_selection(season.session, season.second, row.id, now=AFTER)
    assert (left_of(season)[Bucket.RESERVED], left_of(season)[Bucket.AVAILABLE]) == (60 * WAN, 0)


def test_a_plan_is_stale_once_the_ledger_or_the_round_has_moved(season):
    session, row = season.session, computed(season)
    reserve(session, season.first, season.pools["F"].id, 1, reason="别的", now=AFTER)
    with pytest.raises(LedgerMoved) as moved:
        selecting.approve_selection(session, season.second, row.id, now=AFTER)
    assert moved.value.data["now"] == moved.value.data["then"] + 1
    row = computed(season)
    computed(season, now=AFTER + timedelta(seconds=1))
    with pytest.raises(RoundMoved):
        selecting.approve_selection(session, season.second, row.id, now=AFTER)
    assert session.query(GrantAllocation).count() == 0


def test_a_round_that_cannot_be_filled_says_why_and_sets_nothing_aside(session):
    season = a_season(session, pool_fen=60 * WAN)
    season.round.categories = [{**each, "min_fen": 50 * WAN} for each in season.round.categories]
    scored(season, an_application(season, state="admitted"), 50)
    row = computed(season)
    assert row.status == "infeasible"
    with pytest.raises(NothingSelected) as refused:
        selecting.approve_selection(session, season.second, row.id, now=AFTER)
    assert "category:F:min" in str(refused.value.data["why"])


def test_an_announcement_runs_for_its_working_days_and_binds_nobody_before_its_end(season):
    session, row = season.session, announced(season)
    assert (row.starts_at, local_date(row.ends_at)) == (AFTER, date(2026, 4, 3))  # from a Sunday to Friday
    allocation = session.query(GrantAllocation).first()
    with pytest.raises(NoticeRunning):
        commit(session, season.first, allocation.hold_id, approver=season.second, reason="提前", now=AFTER)
    with pytest.raises(NoticeRunning):
        deciding.decide_grants(session, season.second, row.id, now=row.ends_at - timedelta(seconds=1))
    with pytest.raises(SecondPerson):
        deciding.decide_grants(session, season.first, row.id, now=row.ends_at)


def test_what_is_decided_is_committed_awarded_and_told(session):
    season = a_season(session, pool_fen=60 * WAN)
    first_use = a_first_use(season, state="admitted", user_share=3_333)
    scored_all(season, 90, 80, 70, least_fen=30 * WAN)
    scored(season, first_use, 60)
    row = announced(season)
    told = heard(session, lambda: deciding.decide_grants(session, season.second, row.id, now=row.ends_at))
    assert sorted(states_of(season).values()) == ["awarded", "awarded", "awarded", "passed_over"]
    assert season.round.state == "decided"
    assert left_of(season)[Bucket.COMMITTED] == 60 * WAN
    grants = told[0].grants
    first_use = next(each for each in grants if len(each.shares) == 2)
    assert [each.share_fen for each in first_use.shares] == [26_668_000, 13_332_000]
    assert {session.get_one(Hold, each.hold_id).bucket for each in grants} == {"committed"}
    case = session.get_one(FundCase, first_use.application_id)
    steps = case_view(session, case)["steps"]
    assert [step["kind"] for step in steps] == [
        "application",
        "receipt",
        "reviews",
        "certificate",
        "announcement",
        "award",
    ]


def test_an_objection_stops_the_decision_until_somebody_else_rules(season):
    session, row, citizen = season.session, announced(season), an_actor(season.session)
    chosen = _application(season, numbers(season)[0])
    objection = objected(session, citizen, row.id, chosen.id, "数据不实", now=AFTER)
    with pytest.raises(ObjectedAlready):
        objected(session, citizen, row.id, chosen.id, "数据不实", now=AFTER)
    with pytest.raises(Invalid):
        objected(session, citizen, row.id, _application(season, numbers(season)[2]).id, "x", now=AFTER)
    with pytest.raises(AnnouncementOver):
        objected(session, an_actor(session), row.id, chosen.id, "太迟", now=row.ends_at)
    with pytest.raises(NoticeRunning) as running:
        deciding.decide_grants(session, season.second, row.id, now=row.ends_at)
    assert running.value.data["open"] == 1
    with pytest.raises(Forbidden):
        service.rule_on_objection(session, citizen, objection.id, upheld=True, ruling="我说", now=AFTER)
    service.rule_on_objection(session, season.first, objection.id, upheld=False, ruling="查无此事", now=AFTER)
    deciding.decide_grants(session, season.second, row.id, now=row.ends_at)
    assert chosen.state == "awarded"


def test_a_manager_does_not_rule_on_the_own_objection(season):
    row = announced(season)
    chosen = _application(season, numbers(season)[0])
    objection = objected(season.session, season.first, row.id, chosen.id, "数据不实", now=AFTER)
    with pytest.raises(SecondPerson):
        service.rule_on_objection(
            season.session, season.first, objection.id, upheld=True, ruling="成立", now=AFTER
        )


def test_after_an_upheld_objection_the_pool_is_solved_anew_beside_what_stands(season):
    session, row = season.session, announced(season)
    best, second, third = numbers(season)
    objection = objected(session, an_actor(session), row.id, _application(season, best).id, "不实", now=AFTER)
    service.rule_on_objection(session, season.second, objection.id, upheld=True, ruling="属实", now=AFTER)
    assert (states_of(season)[best], season.round.state) == ("excluded", "objected")
    assert _application(season, best).reason == objection.ruling  # the applicant reads it
    assert left_of(season)[Bucket.AVAILABLE] == 30 * WAN
    with pytest.raises(SelectAnew):
        deciding.decide_grants(session, season.second, row.id, now=row.ends_at)
    later = AFTER + timedelta(minutes=5)
    again = announced(season, now=later)
    shown = {
        each.application_id: each.amount_fen
        for each in session.query(GrantAllocation).filter_by(is_void=False)
    }
    assert shown == {_application(season, second).id: 30 * WAN, _application(season, third).id: 30 * WAN}
    deciding.decide_grants(session, season.second, row.id, now=row.ends_at)
    assert (states_of(season)[second], states_of(season)[third], season.round.state) == (
        "awarded",
        "admitted",
        "announced",
    )
    deciding.decide_grants(session, season.second, again.id, now=again.ends_at)
    assert (states_of(season)[third], season.round.state) == ("awarded", "decided")


def test_where_nobody_else_can_be_funded_what_stands_is_decided(session):
    season = a_season(session, pool_fen=60 * WAN)
    scored_all(season, 90, 80, least_fen=30 * WAN)
    row = announced(season)
    best = _application(season, numbers(season)[0])
    objection = objected(session, an_actor(session), row.id, best.id, "不实", now=AFTER)
    service.rule_on_objection(session, season.second, objection.id, upheld=True, ruling="属实", now=AFTER)
    again = computed(season, now=AFTER + timedelta(minutes=5))
    with pytest.raises(NothingSelected):
        selecting.approve_selection(session, season.second, again.id, now=AFTER + timedelta(minutes=5))
    deciding.decide_grants(session, season.second, row.id, now=row.ends_at)
    assert (sorted(states_of(season).values()), season.round.state) == (["awarded", "excluded"], "decided")


def test_only_what_was_approved_is_announced_and_once(season):
    session, row = season.session, selected(season)
    service.announce_grants(session, season.first, row.id, now=AFTER)
    with pytest.raises(StateConflict):
        service.announce_grants(session, season.first, row.id, now=AFTER)


def test_limits_around_the_categories_bound_the_round(season):
    session = season.session
    change_limit(
        session,
        season.first,
        season.treasury.root.id,
        35 * WAN,
        approver=season.second,
        reason="压减",
        now=AFTER,
    )
    found = reading.result_of(computed(season))
    assert sum(found.amounts.values()) == 35 * WAN


def test_a_decision_takes_everybody_who_applied_to_an_end(season):
    decided(season)
    assert sorted(states_of(season).values()) == ["awarded", "awarded", "passed_over"]


def _application(season, number):
    return season.session.query(GrantApplication).filter_by(number=number).one()


def test_a_round_is_called_off_before_it_is_announced_and_its_money_let_go_of(season):
    selected(season)
    rounds.cancel_round(season.session, season.first, season.round.id, now=AFTER)
    assert set(states_of(season).values()) == {"called_off"}
    assert (season.round.state, left_of(season)[Bucket.RESERVED], left_of(season)[Bucket.AVAILABLE]) == (
        "cancelled",
        0,
        60 * WAN,
    )


def test_what_was_announced_is_not_called_off_any_more(season):
    announced(season)
    with pytest.raises(StateConflict):
        rounds.cancel_round(season.session, season.first, season.round.id, now=AFTER)
    best = _application(season, numbers(season)[0])
    row = season.session.query(Announcement).one()
    objection = objected(season.session, an_actor(season.session), row.id, best.id, "不实", now=AFTER)
    service.rule_on_objection(
        season.session, season.second, objection.id, upheld=True, ruling="属实", now=AFTER
    )
    selected(season, now=AFTER + timedelta(minutes=5))
    with pytest.raises(StateConflict):
        rounds.cancel_round(season.session, season.first, season.round.id, now=AFTER)


def test_what_a_user_gets_of_a_first_use_counts_towards_its_own_cap(session):
    """One cap over both, and each share under the cap of its own enterprise: the user's own application gets what is left of it."""
    season = a_season(session, pool_fen=100 * WAN, enterprise_cap_fen=40 * WAN)
    first_use = a_first_use(
        season, state="admitted", user_share=2_500
    )  # 40 for both: 30 the maker's, 10 the user's
    user = session.get_one(Enterprise, first_use.user_id)
    own = an_application(season, state="admitted", applicant=user)
    scored(season, first_use, 90)
    scored(season, own, 80)
    row = computed(season)
    assert reading.result_of(row).amounts == {first_use.number: 40 * WAN, own.number: 30 * WAN}
    asked = read(bytes(row.model))
    assert written(asked) == bytes(row.model)
    both = next(each for each in asked.applications if each.user is not None)
    assert both.parts == {str(first_use.applicant_id): 7_500, str(user.id): 2_500}
    assert broken_by(asked, {first_use.number: 40 * WAN, own.number: 31 * WAN}) == (f"enterprise:{user.id}",)
