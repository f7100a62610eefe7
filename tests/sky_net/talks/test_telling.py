"""The other side of a talk hears what is said to it or of it; a conversation is told once a day."""

from datetime import timedelta

from sqlalchemy import select

from backbone.notices.models import Notice
from sky_net.talks.questions.service import answer_question, share_question
from sky_net.talks.service import dispute_contact, record_contact
from sky_net.talks.terms.service import accept_terms
from sky_net.talks.terms.texts import in_force
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.notices import accounts, heard
from tests.factories.talks import a_contact, a_message, a_question, an_answered_question, contact_entry
from tests.made_once import made_once

LATER = SUBMITTED_AT + timedelta(hours=1)


@made_once
def exchange(session):
    made = an_exchange(session)
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


def test_the_enterprise_hears_of_a_talk_and_until_when_its_silence_does_not_agree(session, exchange):
    contact = a_contact(exchange)
    assert heard(session, "contact_recorded") == accounts(exchange.poster)
    (told,) = session.scalars(select(Notice).where(Notice.kind == "contact_recorded"))
    assert told.payload == {"due_at": contact.agreed_by_silence_at.isoformat()}


def test_what_the_enterprise_records_itself_waits_for_nobody(session, exchange):
    entry = contact_entry(exchange.institute)
    record_contact(session, exchange.poster, exchange.need.id, entry, now=LATER)
    assert heard(session, "contact_recorded") == []


def test_a_disputed_talk_is_told_to_the_institute_and_to_who_answers_for_the_need(session, exchange):
    entry = contact_entry(exchange.institute)
    contact = record_contact(session, exchange.office, exchange.need.id, entry, now=LATER)
    dispute_contact(session, exchange.poster, contact.id, "没有这次通话", now=LATER)
    assert heard(session, "contact_disputed") == accounts(
        exchange.operator, exchange.researcher, exchange.office
    )


def test_who_is_asked_hears_of_a_question_and_who_asked_of_its_answer(session, exchange):
    question = a_question(exchange)
    assert heard(session, "question_asked") == accounts(exchange.poster)
    answer_question(session, exchange.poster, question.id, "下周一寄出两片。", now=LATER)
    assert heard(session, "question_answered") == accounts(exchange.operator)
    answer_question(session, exchange.poster, question.id, "改为周二。", is_correction=True, now=LATER)
    assert len(heard(session, "question_answered")) == 1


def test_an_institute_is_asked_by_the_enterprise(session, exchange):
    a_question(exchange, by=exchange.poster, asked_side="institute")
    assert heard(session, "question_asked") == accounts(exchange.researcher, exchange.office)


def test_a_shared_answer_is_told_to_all_who_were_invited_once(session, exchange):
    an_invitation(session, exchange.need, exchange.rival)
    question = an_answered_question(exchange)
    for _ in range(2):
        share_question(session, exchange.operator, question.id, now=LATER)
    assert heard(session, "question_shared") == accounts(
        exchange.researcher, exchange.office, exchange.rival_office
    )


def test_each_side_hears_that_the_other_accepted_the_terms_once(session):
    exchange = an_exchange(session, nda_required=True)
    an_invitation(session, exchange.need, exchange.institute)
    said = {"version": in_force(LATER.date()).version}
    for _ in range(2):
        accept_terms(session, exchange.office, exchange.need.id, said, now=LATER)
    assert heard(session, "terms_accepted") == accounts(exchange.poster)
    accept_terms(session, exchange.poster, exchange.need.id, said, now=LATER)
    assert heard(session, "terms_accepted") == accounts(exchange.poster, exchange.researcher, exchange.office)


def test_messages_are_told_to_the_sides_that_did_not_write_once_a_day(session, exchange):
    for minutes in (0, 5, 10):
        a_message(exchange, now=LATER + timedelta(minutes=minutes))
    both = accounts(exchange.poster, exchange.researcher, exchange.office)
    assert heard(session, "message_sent") == both
    a_message(exchange, by=exchange.poster, now=LATER + timedelta(days=1))
    assert heard(session, "message_sent") == sorted([*both, *accounts(exchange.researcher, exchange.office)])
