"""An enterprise that answers nothing: its need is set aside on the day the policy says, and comes back with its answer."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.clock import SHANGHAI
from sky_net.needs import deadlines, review, service, silence
from sky_net.needs.clocks import clocks
from sky_net.needs.models import NeedTransition
from sky_net.sla.clocks import ClockState
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of, zone

COMPLETE = {
    "title": "低温抖动", "problem": "抖动过大", "industry": "opto", "contact_name": "甲", "contact_phone": "027-1",
}  # fmt: skip
TUESDAY = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)
SILENT_SINCE = datetime(2026, 3, 24, 17, 30, tzinfo=SHANGHAI)  # ten working days after it


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
    clock.instant = TUESDAY
    made = service.draft_need(session, poster, COMPLETE, now=clock.now())
    return service.submit_need(session, poster, made.id, now=clock.now())


@pytest.fixture
def returned(session, need, operator, clock):
    return review.return_need(
        session, operator, need.id, missing=["indicators"], message="请补充", now=clock.now()
    )


@pytest.fixture
def questioned(session, need, operator, clock):
    review.confirm_need(session, operator, need.id, complexity="simple", now=clock.now())
    silence.ask_enterprise(session, operator, need, uuid4(), now=clock.now())
    return need


def the_party(session, actor, need, now):
    [shown] = clocks(session, actor, need.id, now=now)["parties"]
    return shown.reading


def promised(session, actor, need, now):
    return {reading.stage: reading for reading in clocks(session, actor, need.id, now=now)["items"]}


def test_a_return_is_a_question_to_the_enterprise_and_its_resubmission_the_answer(
    session, returned, poster, operator, clock
):
    due = datetime(2026, 3, 13, 17, 30, tzinfo=SHANGHAI)
    asked = the_party(session, operator, returned, clock.now())
    assert (asked.state, asked.due_at) == (ClockState.RUNNING, due)
    clock.advance(days=1)
    service.submit_need(session, poster, returned.id, now=clock.now())
    assert the_party(session, operator, returned, clock.now()).state is ClockState.MET


def test_a_second_return_is_a_question_of_its_own(session, returned, poster, operator, clock):
    service.submit_need(session, poster, returned.id, now=clock.now())
    supervisor = an_actor(session, (Role.OPERATOR, PROVINCE))
    clock.advance(hours=1)
    review.return_need(session, supervisor, returned.id, missing=["budget"], message="再补", now=clock.now())
    shown = clocks(session, operator, returned.id, now=clock.now())["parties"]
    assert [party.reading.state for party in shown] == [ClockState.MET, ClockState.RUNNING]


@pytest.mark.parametrize("past", [timedelta(0), timedelta(microseconds=1)])
def test_nobody_is_set_aside_before_the_tenth_working_day_is_over(session, returned, past, clock):
    clock.instant = SILENT_SINCE + past
    assert (silence.set_aside_silent(session, now=clock.now()) == [returned.id]) == bool(past)
    assert returned.state == ("silent" if past else "returned")


@pytest.mark.parametrize("late", [timedelta(minutes=1), timedelta(days=200)])
def test_however_late_the_job_the_clocks_end_at_the_instant_of_silence(
    session, returned, operator, late, clock
):
    clock.instant = SILENT_SINCE + late
    silence.set_aside_silent(session, now=clock.now())
    ended = promised(session, operator, returned, clock.now())
    # The pause reached its maximum on the tenth morning: what was left of that day counted, and was in time.
    assert {reading.state for reading in ended.values()} == {ClockState.CANCELLED}
    assert ended["confirm"].remaining > timedelta(0)
    assert {reading.stopped_at for reading in ended.values()} == {SILENT_SINCE}
    asked = the_party(session, operator, returned, clock.now())
    assert (asked.state, asked.stopped_at) == (ClockState.BREACHED, SILENT_SINCE)


def test_what_is_read_and_what_an_answer_leaves_is_the_same_whether_the_job_ran_or_not(
    session, enterprise, operator, clock
):
    """Two needs alike; the job looks at one of them in time, and at the other never."""
    stories = []
    for ran in (True, False):
        clock.instant = TUESDAY
        poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
        need = service.draft_need(session, poster, COMPLETE, now=clock.now())
        service.submit_need(session, poster, need.id, now=clock.now())
        review.return_need(session, operator, need.id, missing=["indicators"], message="补", now=clock.now())
        clock.instant = SILENT_SINCE + timedelta(days=9)
        if ran:
            silence.set_aside_silent(session, now=clock.now())
        read = [seen(session, operator, need, clock), cards(session, operator, need, clock)]
        service.submit_need(session, poster, need.id, now=clock.now())
        stories.append([*read, seen(session, operator, need, clock), need.state])
    assert stories[0] == stories[1]
    assert {state for _, state, _, _ in stories[0][0]} == {ClockState.CANCELLED}


def test_an_answer_before_the_silence_would_have_prevented_it(session, returned, poster, clock):
    """Asked a week after it: what if the enterprise had answered on the next day?"""
    answered_at = TUESDAY + timedelta(days=1)
    told = []
    for now in (TUESDAY + timedelta(hours=1), SILENT_SINCE + timedelta(days=9)):
        items = deadlines.foretell_clocks(session, poster, returned.id, answered_at, now=now)["items"]
        told.append([(item["stage"], item["then"].due_at) for item in items])
    assert told[0] == told[1]


def seen(session, operator, need, clock):
    read = clocks(session, operator, need.id, now=clock.now())["items"]
    return [(one.stage, one.state, one.due_at, one.consumed) for one in read]


def cards(session, operator, need, clock):
    answered_at = clock.now() + timedelta(days=1)
    told = deadlines.foretell_clocks(session, operator, need.id, answered_at, now=clock.now())["items"]
    card = deadlines.explain_clock(session, operator, need.id, "propose", now=clock.now()).lines()
    return told, [line.said for line in card]


def test_the_answer_revives_a_returned_need_at_its_remaining_budget(
    session, returned, poster, operator, clock
):
    clock.instant = SILENT_SINCE + timedelta(days=3)
    silence.set_aside_silent(session, now=clock.now())
    before = promised(session, operator, returned, clock.now())["propose"]
    clock.advance(days=30)
    service.amend_need(session, poster, returned, {"scene": "整车前舱"}, now=clock.now())
    service.submit_need(session, poster, returned.id, now=clock.now())
    after = promised(session, operator, returned, clock.now())["propose"]
    assert (returned.state, after.state, after.consumed) == ("submitted", ClockState.RUNNING, before.consumed)


def test_an_unanswered_question_suspends_a_confirmed_need_and_the_answer_resumes_it(
    session, questioned, poster, operator, clock
):
    clock.instant = SILENT_SINCE + timedelta(hours=1)
    assert silence.set_aside_silent(session, now=clock.now()) == [questioned.id]
    assert questioned.state == "suspended"
    step = session.scalars(select(NeedTransition).order_by(NeedTransition.id.desc())).first()
    assert (step.action, step.actor_role, step.reason_code) == ("suspend", "system", "enterprise_silent")
    clock.advance(days=2)
    silence.take_up_again(session, poster, questioned, now=clock.now())
    assert questioned.state == "confirmed"
    assert promised(session, operator, questioned, clock.now())["confirm"].state is ClockState.MET


def test_an_operator_may_take_a_suspended_need_up_again(session, questioned, operator, clock):
    clock.instant = SILENT_SINCE + timedelta(hours=1)
    silence.set_aside_silent(session, now=clock.now())
    assert review.resume_need(session, operator, questioned.id, now=clock.now()).state == "confirmed"


def test_an_answer_to_a_need_at_work_changes_no_state(session, questioned, poster, clock):
    assert silence.take_up_again(session, poster, questioned, now=clock.now()).state == "confirmed"


def test_twice_in_a_row_sets_aside_once(session, returned, clock):
    clock.instant = SILENT_SINCE + timedelta(hours=1)
    assert len(silence.set_aside_silent(session, now=clock.now())) == 1
    assert silence.set_aside_silent(session, now=clock.now()) == []


def test_of_two_open_questions_the_older_one_says_since_when(session, questioned, operator, clock):
    clock.advance(days=1)
    silence.ask_enterprise(session, operator, questioned, uuid4(), now=clock.now())
    clock.instant = SILENT_SINCE + timedelta(days=20)
    silence.set_aside_silent(session, now=clock.now())
    assert promised(session, operator, questioned, clock.now())["propose"].stopped_at == SILENT_SINCE


def test_a_need_that_was_chosen_meanwhile_is_left_alone(session, questioned, clock):
    questioned.state = "selected"
    session.flush()
    clock.instant = SILENT_SINCE + timedelta(days=1)
    assert silence.set_aside_silent(session, now=clock.now()) == []
