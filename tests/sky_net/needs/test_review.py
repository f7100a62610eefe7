import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from sky_net.needs import review, service
from sky_net.needs.errors import SecondReturnTakesSupervisor
from sky_net.needs.models import NeedTransition
from sky_net.sla import service as sla
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of, zone

MINIMUM = {
    "title": "低温抖动", "problem": "抖动过大", "industry": "opto", "contact_name": "甲", "contact_phone": "027-1",
}  # fmt: skip


@pytest.fixture
def enterprise(session):
    return an_enterprise(session)


@pytest.fixture
def poster(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone()))


@pytest.fixture
def need(session, poster, clock):
    made = service.draft_need(session, poster, MINIMUM, now=clock.now())
    service.submit_need(session, poster, made.id, now=clock.now())
    clock.advance(hours=1)
    return made


def states_of(session, need, clock):
    return {r.stage: str(r.state) for r in sla.readings(session, [need.id], now=clock.now())[need.id]}


def last_step(session, need):
    query = select(NeedTransition).where(NeedTransition.need_id == need.id).order_by(NeedTransition.id.desc())
    return session.scalars(query).first()


def test_confirmation_stops_the_first_clock_and_names_who_answers(session, need, operator, clock):
    review.confirm_need(session, operator, need.id, complexity="ordinary", now=clock.now())
    assert (need.state, need.complexity, need.confirmed_at) == ("confirmed", "ordinary", clock.now())
    assert need.owner_id == operator.account_id
    assert states_of(session, need, clock) == {
        "confirm": "met",
        "communicate": "running",
        "propose": "running",
    }
    assert (last_step(session, need).action, last_step(session, need).actor_role) == ("confirm", "operator")


def test_confirmation_may_correct_the_industry_and_give_the_need_to_a_colleague(
    session, need, operator, clock
):
    colleague = an_actor(session, (Role.OPERATOR, PROVINCE))
    review.confirm_need(
        session,
        operator,
        need.id,
        complexity="hard",
        owner_id=colleague.account_id,
        industry="nev",
        now=clock.now(),
    )
    assert (need.owner_id, need.industry) == (colleague.account_id, "nev")


def test_a_need_is_given_only_to_an_operator_of_its_zone(session, need, operator, poster, clock):
    elsewhere = an_actor(session, (Role.OPERATOR, zone("420500")))
    for wrong in (poster, elsewhere):
        with pytest.raises(Invalid) as refused:
            review.confirm_need(
                session, operator, need.id, complexity="hard", owner_id=wrong.account_id, now=clock.now()
            )
        assert refused.value.data["errors"][0]["field"] == "owner_id"
    with pytest.raises(Invalid):
        review.confirm_need(session, operator, need.id, complexity="hard", owner_id=need.id, now=clock.now())


def test_an_operator_of_another_zone_does_not_know_the_need(session, need, clock):
    stranger = an_actor(session, (Role.OPERATOR, zone("420500")))
    with pytest.raises(NotFound):
        review.confirm_need(session, stranger, need.id, complexity="hard", now=clock.now())


def test_who_sees_but_does_not_operate_may_not_review(session, need, poster, clock):
    auditor = an_actor(session, (Role.AUDITOR, PROVINCE))
    for actor in (poster, auditor):
        with pytest.raises(Forbidden):
            review.confirm_need(session, actor, need.id, complexity="hard", now=clock.now())
        with pytest.raises(Forbidden):
            review.return_need(session, actor, need.id, missing=["scene"], message="补", now=clock.now())
        with pytest.raises(Forbidden):
            review.reject_need(session, actor, need.id, reason_code="other", now=clock.now())


def test_a_need_is_confirmed_once(session, need, operator, clock):
    review.confirm_need(session, operator, need.id, complexity="hard", now=clock.now())
    with pytest.raises(StateConflict):
        review.confirm_need(session, operator, need.id, complexity="hard", now=clock.now())


def test_a_return_pauses_the_clocks_and_says_what_is_missing(session, need, operator, clock):
    review.return_need(
        session, operator, need.id, missing=["indicators", "scene"], message="请补充", now=clock.now()
    )
    assert (need.state, need.return_count) == ("returned", 1)
    assert (need.missing_items, need.state_message) == (["indicators", "scene"], "请补充")
    assert set(states_of(session, need, clock).values()) == {"paused"}
    assert last_step(session, need).missing_items == ["indicators", "scene"]


def test_a_second_return_takes_an_operator_of_the_province(session, need, operator, poster, clock):
    review.return_need(session, operator, need.id, missing=["scene"], message="请补充", now=clock.now())
    service.submit_need(session, poster, need.id, now=clock.now())
    with pytest.raises(SecondReturnTakesSupervisor) as refused:
        review.return_need(session, operator, need.id, missing=["scene"], message="仍缺", now=clock.now())
    assert refused.value.data["returns"] == 1
    assert need.state == "submitted"
    supervisor = an_actor(session, (Role.OPERATOR, PROVINCE))
    review.return_need(session, supervisor, need.id, missing=["scene"], message="仍缺", now=clock.now())
    assert (need.state, need.return_count) == ("returned", 2)


def test_a_rejection_answers_the_first_promise_and_cancels_the_others(session, need, operator, clock):
    review.reject_need(
        session, operator, need.id, reason_code="duplicate", message="与另一项重复", now=clock.now()
    )
    assert (need.state, need.rejection_code, need.state_message) == ("rejected", "duplicate", "与另一项重复")
    assert states_of(session, need, clock) == {
        "confirm": "met",
        "communicate": "cancelled",
        "propose": "cancelled",
    }
    assert last_step(session, need).reason_code == "duplicate"


def test_a_returned_need_may_be_rejected_too(session, need, operator, clock):
    review.return_need(session, operator, need.id, missing=["scene"], message="请补充", now=clock.now())
    clock.advance(days=1)
    review.reject_need(session, operator, need.id, reason_code="unreachable", now=clock.now())
    assert need.state == "rejected"
    assert states_of(session, need, clock)["confirm"] == "met"


def test_a_need_whose_poster_cleared_its_industry_may_still_be_rejected(
    session, need, operator, poster, clock
):
    review.return_need(session, operator, need.id, missing=["scene"], message="请补充", now=clock.now())
    service.amend_need(session, poster, need, {"industry": None}, now=clock.now())
    review.reject_need(session, operator, need.id, reason_code="unreachable", now=clock.now())
    assert need.state == "rejected"
    assert states_of(session, need, clock)["confirm"] == "met"


def test_a_parked_need_pauses_and_is_taken_up_again(session, need, operator, clock):
    review.confirm_need(session, operator, need.id, complexity="hard", now=clock.now())
    review.park_need(session, operator, need.id, message="三家院所均表示尚无路线", now=clock.now())
    assert (need.state, need.state_message) == ("parked", "三家院所均表示尚无路线")
    assert states_of(session, need, clock) == {"confirm": "met", "communicate": "paused", "propose": "paused"}
    clock.advance(days=2)
    review.resume_need(session, operator, need.id, now=clock.now())
    assert need.state == "confirmed"
    assert states_of(session, need, clock) == {
        "confirm": "met",
        "communicate": "running",
        "propose": "running",
    }
