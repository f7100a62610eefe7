"""Questions: who asks whom, the enterprise's clock, one answer with corrections beside it, and showing them to all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backbone import events
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound
from sky_net.invitations.errors import NeedNotOpen, TermsNotAccepted
from sky_net.needs.review import park_need
from sky_net.needs.service import withdraw_need
from sky_net.needs.silence import set_aside_silent
from sky_net.sla import service as sla
from sky_net.talks.questions import reading, service
from sky_net.talks.questions.errors import (
    AlreadyAnswered,
    NothingToCorrect,
    NotShareable,
    QuestionWasWithdrawn,
)
from sky_net.talks.questions.events import QuestionAnswered, QuestionAsked, QuestionWithdrawn
from sky_net.talks.questions.schemas import QuestionView
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.talks import a_question, accepted_by, an_answered_question
from tests.made_once import made_once

LIST = {"sort": "-asked_at", "limit": 20}


@made_once
def exchange(session):
    """Two invited institutes."""
    made = an_exchange(session)
    for institute in (made.institute, made.rival):
        an_invitation(session, made.need, institute, state="accepted")
    return made


def later(minutes: int):
    return SUBMITTED_AT + timedelta(minutes=minutes)


def clocks(exchange, question, now=None):
    watched = sla.clocks_about(exchange.session, exchange.need.id, now=now or later(60))
    return [each for each in watched if each.subject_id == question.id]


def listed(exchange, actor, **asked):
    return reading.list_questions(exchange.session, actor, exchange.need.id, LIST | asked).items


def answer(exchange, question, actor=None, **more):
    by = actor or exchange.poster
    return service.answer_question(exchange.session, by, question.id, "四英寸", now=later(5), **more)


def to_institute(exchange, **values):
    return a_question(exchange, by=exchange.poster, asked_side="institute", **values)


def test_a_question_to_the_enterprise_opens_its_clock_and_the_answer_stops_it(exchange):
    question = a_question(exchange, by=exchange.office)
    (watched,) = clocks(exchange, question)
    assert watched.organisation_id == exchange.enterprise.id
    assert watched.reading.stopped_at is None
    answer(exchange, question)
    (watched,) = clocks(exchange, question)
    assert watched.reading.stopped_at == later(5)
    assert question.state == "answered"


def test_a_question_to_an_institute_opens_no_clock(exchange):
    question = to_institute(exchange)
    assert clocks(exchange, question) == []
    assert answer(exchange, question, exchange.researcher).state == "answered"


def test_withdrawing_ends_the_clock_without_an_answer(exchange):
    question = a_question(exchange, by=exchange.office)
    service.withdraw_question(exchange.session, exchange.researcher, question.id, now=later(3))
    (watched,) = clocks(exchange, question)
    assert (watched.reading.state, watched.reading.stopped_at) == ("cancelled", later(3))
    for again in (
        lambda: answer(exchange, question),
        lambda: service.withdraw_question(exchange.session, exchange.office, question.id, now=later(4)),
    ):
        with pytest.raises(QuestionWasWithdrawn):
            again()


def test_only_the_asker_withdraws_and_only_before_the_answer(exchange):
    question = a_question(exchange, by=exchange.office)
    for actor in (exchange.poster, exchange.operator, exchange.auditor):
        with pytest.raises(Forbidden):
            service.withdraw_question(exchange.session, actor, question.id, now=later(3))
    answer(exchange, question)
    with pytest.raises(AlreadyAnswered):
        service.withdraw_question(exchange.session, exchange.office, question.id, now=later(6))


def test_a_question_is_answered_once_and_corrected_beside_it(exchange):
    question = a_question(exchange)
    with pytest.raises(NothingToCorrect):
        answer(exchange, question, is_correction=True)
    answer(exchange, question)
    with pytest.raises(AlreadyAnswered):
        answer(exchange, question)
    service.answer_question(
        exchange.session, exchange.poster, question.id, "六英寸", is_correction=True, now=later(9)
    )
    assert [each.text for each in question.answers] == ["四英寸", "六英寸"]
    assert question.answered_at == later(5)
    assert len(clocks(exchange, question)) == 1


def test_nobody_but_the_asked_side_answers(exchange):
    question = a_question(exchange, by=exchange.office)
    for actor in (exchange.office, exchange.operator, exchange.auditor):
        with pytest.raises(Forbidden):
            answer(exchange, question, actor)
    other = to_institute(exchange)
    with pytest.raises(Forbidden):
        answer(exchange, other, exchange.poster)
    with pytest.raises(NotFound):
        answer(exchange, other, exchange.rival_office)


def test_nobody_asks_the_own_side_or_somebody_who_was_not_invited(session):
    made = an_exchange(session)
    with pytest.raises(Invalid):
        to_institute(made)
    an_invitation(session, made.need, made.institute)
    for actor, side in (
        (made.poster, "enterprise"),
        (made.office, "institute"),
        (made.auditor, "enterprise"),
    ):
        with pytest.raises(Forbidden):
            a_question(made, by=actor, asked_side=side)
    for actor in (made.broker, made.rival_office):
        with pytest.raises(Forbidden):
            a_question(made, by=actor)


def test_one_that_declined_is_asked_nothing_more(session):
    made = an_exchange(session)
    an_invitation(session, made.need, made.institute, state="declined")
    with pytest.raises(Invalid):
        to_institute(made)


def test_a_need_that_is_set_aside_takes_no_questions(exchange):
    park_need(exchange.session, exchange.operator, exchange.need.id, message="暂缓", now=SUBMITTED_AT)
    with pytest.raises(NeedNotOpen):
        a_question(exchange)


def test_an_answer_takes_up_a_need_that_silence_had_suspended(exchange):
    question = a_question(exchange)
    now = SUBMITTED_AT + timedelta(days=30)
    set_aside_silent(exchange.session, now=now)
    assert exchange.need.state == "suspended"
    service.answer_question(exchange.session, exchange.poster, question.id, "四英寸", now=now)
    assert exchange.need.state != "suspended"


def test_a_need_suspended_for_questions_runs_on_when_the_last_of_them_is_withdrawn(exchange):
    first, second = (a_question(exchange, by=exchange.office) for _ in range(2))
    now = SUBMITTED_AT + timedelta(days=30)
    set_aside_silent(exchange.session, now=now)
    states = []
    for question in (first, second):
        service.withdraw_question(exchange.session, exchange.office, question.id, now=now)
        states.append(exchange.need.state)
    assert states == ["suspended", "confirmed"]


def test_a_withdrawn_need_is_still_answered(exchange):
    question = a_question(exchange)
    withdraw_need(exchange.session, exchange.poster, exchange.need.id, now=later(2))
    assert answer(exchange, question).state == "answered"


def test_an_institute_sees_its_own_questions_alone_until_one_is_shown_to_all(exchange):
    own, to_platform = (
        an_answered_question(exchange, by=exchange.office),
        a_question(exchange, institute_id=None),
    )
    assert listed(exchange, exchange.rival_office) == []
    assert [each.id for each in listed(exchange, exchange.office)] == [own.id]
    assert {each.id for each in listed(exchange, exchange.auditor)} == {own.id, to_platform.id}
    assert listed(exchange, exchange.broker) == []
    with pytest.raises(NotFound):
        reading.show_question(exchange.session, exchange.rival_office, own.id)
    service.share_question(exchange.session, exchange.poster, own.id, now=later(7))
    (seen,) = listed(exchange, exchange.rival_office)
    assert (seen.id, seen.shared_at) == (own.id, later(7))


def test_what_is_shown_to_all_names_its_asker_to_nobody_else(exchange):
    question = an_answered_question(exchange, by=exchange.office)
    service.share_question(exchange.session, exchange.operator, question.id, now=later(7))

    def told(actor) -> dict:
        return QuestionView().dump(reading.show_question(exchange.session, actor, question.id))

    hidden = told(exchange.rival_office)
    assert (hidden["institute_id"], hidden.get("institute_name")) == (None, None)
    assert str(exchange.institute.id) not in str(hidden)
    assert exchange.institute.name not in str(hidden)
    assert hidden["answers"][0]["text"] == "下周一寄出两片。"
    for actor in (exchange.office, exchange.poster, exchange.operator, exchange.auditor):
        assert told(actor)["institute_id"] == str(exchange.institute.id)


def test_showing_twice_is_showing_once_and_cannot_be_undone(exchange):
    question = an_answered_question(exchange)
    for minute in (7, 8):
        service.share_question(exchange.session, exchange.poster, question.id, now=later(minute))
    assert question.shared_at == later(7)


def test_only_what_the_enterprise_answered_is_shown_to_all(exchange):
    asked, to_one = a_question(exchange), to_institute(exchange)
    answer(exchange, to_one, exchange.office)
    for question in (asked, to_one):
        with pytest.raises(NotShareable):
            service.share_question(exchange.session, exchange.poster, question.id, now=later(7))
    with pytest.raises(Forbidden):
        service.share_question(exchange.session, exchange.office, to_one.id, now=later(7))


def test_terms_keep_questions_from_an_institute_until_both_accepted(session):
    made = an_exchange(session, nda_required=True)
    an_invitation(session, made.need, made.institute)
    shared = an_answered_question(made, institute_id=None)
    service.share_question(session, made.poster, shared.id, now=later(7))
    for ask in (lambda: a_question(made, by=made.office), lambda: to_institute(made)):
        with pytest.raises(TermsNotAccepted):
            ask()
    assert listed(made, made.office) == []
    accepted_by(made, made.office, made.poster)
    assert [each.id for each in listed(made, made.office)] == [shared.id]
    assert to_institute(made).state == "asked"


@pytest.mark.parametrize("state", ["asked", "answered", "withdrawn"])
def test_questions_are_listed_by_state(exchange, state):
    made = {
        "asked": a_question(exchange),
        "answered": an_answered_question(exchange),
        "withdrawn": a_question(exchange),
    }
    service.withdraw_question(exchange.session, exchange.operator, made["withdrawn"].id, now=later(3))
    assert [each.id for each in listed(exchange, exchange.poster, state=[state])] == [made[state].id]


def test_the_packages_above_hear_of_asking_first_answers_and_withdrawing(exchange, monkeypatch):
    heard = []
    for kind in (QuestionAsked, QuestionAnswered, QuestionWithdrawn):
        monkeypatch.setitem(events._handlers, kind, [lambda session, event: heard.append(type(event))])
    question = a_question(exchange)
    answer(exchange, question)
    answer(exchange, question, is_correction=True)
    service.withdraw_question(exchange.session, exchange.operator, a_question(exchange).id, now=later(3))
    assert heard == [QuestionAsked, QuestionAnswered, QuestionAsked, QuestionWithdrawn]


def test_no_word_stands_in_the_history(exchange):
    question = a_question(exchange, text="极密的问题")
    answer(exchange, question)
    noted = exchange.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == question.id)).all()
    assert {"ask_question", "answer_question"} <= {event.action for event in noted}
    assert not any("极密" in str(event.after) or "四英寸" in str(event.after) for event in noted)
