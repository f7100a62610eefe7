"""Meeting records in full: decisions, who owes what until when, and the open steps of a need and of one's own side."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound
from sky_net.talks.schemas import ContactEntry, ContactView
from sky_net.talks.service import dispute_contact
from sky_net.talks.steps import service
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.talks import (
    a_contact,
    a_question,
    a_step,
    accepted_by,
    an_answered_question,
    contact_entry,
)
from tests.made_once import made_once

LIST = {"sort": "due_on", "limit": 20}
NOW = SUBMITTED_AT + timedelta(days=3)  # Thursday, 12 March


@made_once
def exchange(session):
    made = an_exchange(session)
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


def open_of(exchange, actor) -> list[tuple]:
    page = service.list_steps(exchange.session, actor, exchange.need.id, LIST, now=NOW)
    return [(step.what, step.side, step.is_overdue) for step in page.items]


def own(exchange, actor) -> list[str]:
    return [step.what for step in service.list_own_steps(exchange.session, actor, LIST, now=NOW).items]


def a_meeting(exchange, **values):
    return a_contact(
        exchange, kind="meeting", decisions=["采用光栅方案", "费用另议"], next_step_on=date(2026, 3, 20),
        next_step_owner={"side": "enterprise", "name": "测试丙"},
        further_steps=[
            {"what": "出具测试大纲", "side": "institute", "owner_name": "测试丁", "due_on": date(2026, 3, 10)},
            {"what": "约下次会议", "side": "platform"},
        ], **values,
    )  # fmt: skip


def test_a_meeting_keeps_its_decisions_and_who_owes_what(exchange):
    shown = ContactView().dump(a_meeting(exchange))
    assert shown["decisions"] == ["采用光栅方案", "费用另议"]
    told = [(step["what"], step["side"], step["owner_name"], step["due_on"]) for step in shown["steps"]]
    assert told == [
        ("企业寄出样片两片", "enterprise", "测试丙", "2026-03-20"),
        ("出具测试大纲", "institute", "测试丁", "2026-03-10"),
        ("约下次会议", "platform", None, None),
    ]


def test_a_caller_who_sends_nothing_new_gets_what_he_got(exchange):
    shown = ContactView().dump(a_contact(exchange))
    assert (shown["decisions"], shown["steps"], shown["question_id"]) == ([], [], None)


def test_open_steps_come_overdue_first_and_those_without_a_day_last(exchange):
    a_meeting(exchange)
    told = [
        ("出具测试大纲", "institute", True), ("企业寄出样片两片", "enterprise", False), ("约下次会议", "platform", False),
    ]  # fmt: skip
    for actor in (exchange.poster, exchange.operator, exchange.auditor, exchange.office):
        assert open_of(exchange, actor) == told
    for actor in (exchange.broker, exchange.rival_office):
        assert open_of(exchange, actor) == []


def test_everybody_is_told_what_the_own_side_owes(exchange):
    a_meeting(exchange)
    assert own(exchange, exchange.poster) == ["企业寄出样片两片"]
    assert own(exchange, exchange.researcher) == ["出具测试大纲"]
    assert own(exchange, exchange.operator) == ["约下次会议"]
    for actor in (exchange.auditor, exchange.broker, exchange.rival_office, exchange.stranger):
        assert own(exchange, actor) == []


def test_what_is_done_is_open_no_more_and_done_once(exchange):
    step = a_step(exchange)
    service.complete_step(exchange.session, exchange.poster, step.id, now=NOW)
    service.complete_step(exchange.session, exchange.operator, step.id, now=NOW + timedelta(days=1))
    assert (step.done_at, step.done_by) == (NOW, exchange.poster.account_id)
    assert open_of(exchange, exchange.poster) == own(exchange, exchange.poster) == []


def test_only_the_side_that_owes_it_and_the_operator_say_that_it_is_done(exchange):
    step = a_step(exchange)
    for actor in (exchange.office, exchange.auditor):
        with pytest.raises(Forbidden):
            service.complete_step(exchange.session, actor, step.id, now=NOW)
    for actor in (exchange.rival_office, exchange.broker, exchange.stranger):
        with pytest.raises(NotFound):
            service.complete_step(exchange.session, actor, step.id, now=NOW)


def test_a_disputed_talk_owes_nothing(exchange):
    contact = a_meeting(exchange)
    dispute_contact(exchange.session, exchange.poster, contact.id, "没有开过会", now=SUBMITTED_AT)
    assert open_of(exchange, exchange.poster) == []


def test_terms_keep_the_steps_from_an_institute_until_both_accepted(session):
    made = an_exchange(session, nda_required=True)
    an_invitation(session, made.need, made.institute, state="accepted")
    step = a_step(made, side="institute")
    assert open_of(made, made.office) == own(made, made.office) == []
    with pytest.raises(NotFound):
        service.complete_step(session, made.office, step.id, now=NOW)
    accepted_by(made, made.office, made.poster)
    assert own(made, made.office) == [step.what]


def test_no_step_is_due_before_the_talk(exchange):
    early = [{"what": "寄样", "side": "institute", "due_on": date(2026, 3, 8)}]
    with pytest.raises(Invalid) as refused:
        a_contact(exchange, further_steps=early)
    assert "further_steps" in str(refused.value.__dict__)


def test_neither_names_nor_words_stand_in_the_history(exchange):
    contact = a_meeting(exchange)
    noted = exchange.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == contact.id)).all()
    for words in ("测试丙", "测试丁", "光栅方案", "测试大纲"):
        assert not any(words in str(event.after) for event in noted)


# --- a talk that was a question answered ---


def answered_talk(exchange, question, **values):
    said = contact_entry(exchange.institute, kind="question_answered", question_id=question.id)
    said = {name: value for name, value in said.items() if name not in ("people", "happened_on")}
    return a_contact(exchange, **{"people": [], "happened_on": None} | said | values)


def test_an_answered_question_tells_who_spoke_and_when(exchange):
    question = an_answered_question(exchange, by=exchange.office)
    contact = answered_talk(exchange, question)
    assert contact.happened_on == date(2026, 3, 9)
    assert [person["side"] for person in contact.people] == ["enterprise", "institute"]
    assert contact.question_id == question.id


def test_what_the_caller_tells_of_people_and_day_stands(exchange):
    question = an_answered_question(exchange)
    people = [{"name": "测试戊", "side": "enterprise"}]
    assert answered_talk(exchange, question, people=people).people == people


def test_only_a_question_of_this_pair_that_was_answered_is_named(exchange):
    other = an_exchange(exchange.session)
    an_invitation(exchange.session, other.need, other.institute, state="accepted")
    for question in (
        a_question(exchange),
        an_answered_question(other),
        an_answered_question(exchange, institute_id=None),
    ):
        with pytest.raises(Invalid):
            answered_talk(exchange, question)
    with pytest.raises(Invalid):
        a_contact(exchange, kind="call", question_id=an_answered_question(exchange).id)


def test_people_and_day_are_asked_for_where_no_question_tells_them():
    said = {
        "kind": "call", "institute_id": "01890000-0000-7000-8000-000000000000", "result": "可行", "next_step": "寄样",
    }  # fmt: skip
    assert set(ContactEntry().validate(said)) == {"happened_on", "people"}
    assert ContactEntry().validate(said | {"question_id": said["institute_id"]}) == {}
