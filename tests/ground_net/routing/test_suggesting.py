from dataclasses import replace
from uuid import UUID

import pytest

from backbone.errors import Forbidden, NotFound
from ground_net.routing import suggesting
from ground_net.routing.choosing import Fit
from ground_net.routing.errors import HandoverOpen, NobodyToTakeIt
from ground_net.routing.sending import _reason_for, route_need
from ground_net.routing.suggesting import score_need, suggest_route, way_of
from sky_net.matching.documents import Hit
from tests.factories.achievements import an_achievement
from tests.factories.ground import a_broker, a_mandate
from tests.factories.identity import an_account
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.notices import an_absence
from tests.made_once import made_once


@made_once
def exchange(session):
    return an_exchange(session, visibility="masked")


@pytest.fixture
def found(session, exchange, monkeypatch):
    """The match list names an achievement of each institute and one that was taken back."""
    offers = [an_achievement(session, institute=each) for each in (exchange.institute, exchange.rival)]
    hidden = an_achievement(session, institute=exchange.institute, state="hidden", hidden_by="institute")
    hits = [
        Hit(str(each.id), 0.9 - at / 10, {}, str(each.institute_id), 0.8 - at / 10)
        for at, each in enumerate([hidden, *offers])
    ]
    monkeypatch.setattr(suggesting, "last_hits", lambda session, need: hits)
    return offers


def test_a_simple_need_goes_straight_to_the_institutes_that_were_not_asked_yet(
    session, exchange, found, clock
):
    route = suggest_route(session, exchange.operator, exchange.need.id, now=clock.now())
    assert (route.complexity.complexity, route.goes_to) == ("simple", "institutes")
    assert [(each.institute_id, each.achievement_id) for each in route.institutes] == [
        (exchange.institute.id, found[0].id), (exchange.rival.id, found[1].id),
    ]  # fmt: skip
    exchange.need.visibility = "operators"
    assert suggest_route(session, exchange.operator, exchange.need.id, now=clock.now()).institutes == []
    exchange.need.visibility = "masked"
    an_invitation(session, exchange.need, exchange.institute)
    again = suggest_route(session, exchange.operator, exchange.need.id, now=clock.now())
    assert [each.institute_id for each in again.institutes] == [exchange.rival.id]


def test_a_need_that_nothing_answers_goes_to_the_broker_who_fits_best(session, exchange, monkeypatch, clock):
    monkeypatch.setattr(suggesting, "last_hits", lambda session, need: [])
    mandated, expert = a_broker(session, industries=[], tech_fields=[]), a_broker(session)
    away, full = a_broker(session), a_broker(session, capacity=0)
    a_broker(session, zones=["420200"])
    a_mandate(session, mandated, enterprise_id=exchange.enterprise.id)
    an_absence(session, session.get(type(an_account(session)), away.account_id), an_account(session))
    route = suggest_route(session, exchange.operator, exchange.need.id, language=["en"], now=clock.now())
    assert route.goes_to == "broker"
    assert [row["fit"].account_id for row in route.brokers] == [mandated.account_id, expert.account_id]
    assert {row["account_id"]: row["reason"] for row in route.refused} == {
        away.account_id: "away",
        full.account_id: "full",
    }
    exchange.need.visibility = "operators"
    assert suggest_route(session, exchange.operator, exchange.need.id, now=clock.now()).brokers == []


def test_the_score_counts_what_the_need_says_without_opening_who_said_it(
    session, exchange, clock, monkeypatch
):
    monkeypatch.setattr(suggesting, "last_hits", lambda session, need: [])
    exchange.need.trl_now, exchange.need.trl_required, exchange.need.tech_field = 2, 7, "激光、光学；键合"
    made = score_need(session, exchange.auditor, exchange.need.id, now=clock.now())
    counted = {reason.name: reason.found for reason in made.reasons}
    assert (counted["musts"], counted["trl_gap"], counted["fields"], counted["unmatched"]) == (2, 5, 2, 50)
    monkeypatch.setattr(suggesting, "last_hits", lambda session, need: None)
    assert "unmatched" not in {
        reason.name
        for reason in score_need(session, exchange.operator, exchange.need.id, now=clock.now()).reasons
    }


def test_the_reasons_are_for_those_in_office_alone(session, exchange, clock):
    for other in (exchange.poster, exchange.broker):
        with pytest.raises(Forbidden):
            score_need(session, other, exchange.need.id, now=clock.now())
    with pytest.raises(Forbidden):
        suggest_route(session, exchange.auditor, exchange.need.id, now=clock.now())
    with pytest.raises(NotFound):
        score_need(session, exchange.stranger, exchange.need.id, now=clock.now())
    with pytest.raises(NotFound):
        score_need(session, exchange.operator, UUID(int=1), now=clock.now())


@pytest.mark.parametrize(
    ("complexity", "institutes", "way"),
    [
        ("simple", 1, "institutes"),
        ("ordinary", 2, "institutes"),
        ("hard", 2, "broker"),
        ("simple", 0, "broker"),
    ],
)
def test_hard_needs_and_those_without_an_institute_go_to_a_broker(complexity, institutes, way):
    assert way_of(complexity, institutes) == way


def test_a_simple_need_is_sent_to_the_first_three_institutes_and_becomes_matched(
    session, exchange, found, clock
):
    sent = route_need(session, exchange.operator, exchange.need.id, now=clock.now())
    assert (sent.goes_to, sent.handover) == ("institutes", None)
    assert [(each.institute_id, each.achievement_id) for each in sent.invitations] == [
        (exchange.institute.id, found[0].id), (exchange.rival.id, found[1].id),
    ]  # fmt: skip
    assert exchange.need.state == "matched"


def test_what_nothing_answers_is_offered_to_the_broker_who_fits_best_once(
    session, exchange, monkeypatch, clock
):
    monkeypatch.setattr(suggesting, "last_hits", lambda session, need: [])
    with pytest.raises(NobodyToTakeIt):
        route_need(session, exchange.operator, exchange.need.id, now=clock.now())
    broker = a_broker(session)
    sent = route_need(session, exchange.operator, exchange.need.id, now=clock.now())
    assert (sent.goes_to, sent.handover.to_id, sent.handover.reason_code) == (
        "broker",
        broker.account_id,
        "speciality",
    )
    assert (
        _reason_for(Fit(broker.account_id, 0, True, ()), sent.complexity),
        _reason_for(Fit(broker.account_id, 0, False, ()), replace(sent.complexity, complexity="hard")),
    ) == ("mandate", "complex")
    assert sent.handover.due_at > clock.now()
    with pytest.raises(HandoverOpen):
        route_need(session, exchange.operator, exchange.need.id, now=clock.now())
    with pytest.raises(Forbidden):
        route_need(session, exchange.auditor, exchange.need.id, now=clock.now())
