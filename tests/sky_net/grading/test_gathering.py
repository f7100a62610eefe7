"""Which grades count: of the record, and of people over it."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from sky_net.achievements.models import Achievement
from sky_net.grading.gathering import counting_grades
from sky_net.matching.models import MatchRun
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.grading import a_grade
from tests.factories.invitations import SUBMITTED_AT, Exchange, an_exchange, an_invitation
from tests.factories.proposals import a_proposal
from tests.made_once import made_once


@made_once
def exchange(session: Session) -> Exchange:
    return an_exchange(session)


def a_list(exchange: Exchange, *shown: Achievement, **values: Any) -> MatchRun:
    """What was shown for the need an hour before anybody was invited."""
    items = [
        {
            "achievement_id": str(each.id),
            "institute_id": str(each.institute_id),
            "rank": rank,
            "score": 0.5,
            "signals": {},
        }
        for rank, each in enumerate(shown, 1)
    ]
    defaults: dict[str, Any] = {
        "need_id": exchange.need.id, "made_at": SUBMITTED_AT - timedelta(hours=1), "asked": "", "state": "",
        "encoder": "", "generation": None, "searched": len(shown), "items": items, "nothing_suitable": False,
    }  # fmt: skip
    run = MatchRun(**defaults | values)
    exchange.session.add(run)
    exchange.session.flush()
    return run


def offers(exchange: Exchange, count: int = 2) -> list[Achievement]:
    return [an_achievement(exchange.session, institute=exchange.institute) for _ in range(count)]


def test_an_invitation_counts_for_the_achievement_that_it_names(exchange: Exchange):
    best, named = offers(exchange)
    a_list(exchange, best, named)
    an_invitation(
        exchange.session, exchange.need, exchange.institute, state="accepted", achievement_id=named.id
    )
    assert counting_grades(exchange.session) == {exchange.need.id: {named.id: 2}}


def test_one_that_names_none_counts_for_the_best_of_the_institute_in_the_list_that_stood(exchange: Exchange):
    first, second = offers(exchange)
    elsewhere = an_achievement(exchange.session, institute=exchange.rival)
    a_list(exchange, first, made_at=SUBMITTED_AT - timedelta(hours=3))
    a_list(exchange, elsewhere, second, first)
    a_list(exchange, first, made_at=SUBMITTED_AT + timedelta(hours=1))
    a_list(exchange, nothing_suitable=None, failure="RuntimeError")
    an_invitation(
        exchange.session, exchange.need, exchange.institute, state="declined", reason_code="science_doubt"
    )
    assert counting_grades(exchange.session) == {exchange.need.id: {second.id: 0}}


def test_an_institute_that_no_list_showed_is_no_evidence(exchange: Exchange):
    a_list(exchange, an_achievement(exchange.session, institute=exchange.rival))
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    an_invitation(exchange.session, exchange.need, an_institute(exchange.session), state="accepted")
    assert counting_grades(exchange.session) == {}


def test_what_says_nothing_of_the_fit_is_no_grade(exchange: Exchange):
    [offer] = offers(exchange, 1)
    an_invitation(exchange.session, exchange.need, exchange.institute, achievement_id=offer.id)
    other = an_achievement(exchange.session, institute=exchange.rival)
    an_invitation(exchange.session, exchange.need, exchange.rival, state="declined", achievement_id=other.id)
    assert counting_grades(exchange.session) == {}


def test_a_proposal_says_more_than_the_invitation_and_a_draft_nothing(exchange: Exchange):
    [offer] = offers(exchange, 1)
    an_invitation(
        exchange.session, exchange.need, exchange.institute, state="accepted", achievement_id=offer.id
    )
    proposal = a_proposal(exchange)
    proposal.state, proposal.reason_code, proposal.decided_at = "declined", "science_doubt", SUBMITTED_AT
    exchange.session.flush()
    assert counting_grades(exchange.session) == {exchange.need.id: {offer.id: 0}}
    again = a_proposal(exchange, released=False, now=SUBMITTED_AT + timedelta(days=1))
    assert counting_grades(exchange.session) == {exchange.need.id: {offer.id: 0}}
    again.state, again.released_at = "accepted", SUBMITTED_AT
    exchange.session.flush()
    assert counting_grades(exchange.session) == {exchange.need.id: {offer.id: 3}}


def test_a_need_concluded_as_unsolved_had_no_answer(exchange: Exchange):
    [offer] = offers(exchange, 1)
    an_invitation(
        exchange.session, exchange.need, exchange.institute, state="accepted", achievement_id=offer.id
    )
    exchange.need.state = "unsolved"
    exchange.session.flush()
    assert counting_grades(exchange.session) == {exchange.need.id: {offer.id: 1}}


def test_the_last_grade_by_hand_counts_over_the_record(exchange: Exchange):
    [offer] = offers(exchange, 1)
    an_invitation(
        exchange.session, exchange.need, exchange.institute, state="accepted", achievement_id=offer.id
    )
    a_grade(exchange.session, exchange.need, offer, 3, graded_at=SUBMITTED_AT + timedelta(hours=2))
    a_grade(exchange.session, exchange.need, offer, 1, graded_at=SUBMITTED_AT + timedelta(hours=1))
    assert counting_grades(exchange.session) == {exchange.need.id: {offer.id: 3}}
