"""Messages: who reads and writes a thread, what is unread, and that no clock hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid
from sky_net.invitations.errors import NeedNotOpen, TermsNotAccepted
from sky_net.needs.review import park_need
from sky_net.sla.models import SlaEvent
from sky_net.talks.messages import service
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.talks import a_message, accepted_by
from tests.made_once import made_once


@made_once
def exchange(session):
    made = an_exchange(session)
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


def listed(exchange, actor, institute=None, **asked):
    query = {"sort": "-sent_at", "limit": 20, "institute_id": (institute or exchange.institute).id} | asked
    return service.list_messages(exchange.session, actor, exchange.need.id, query)


def unread(exchange, actor) -> list[bool]:
    return [each.is_unread for each in listed(exchange, actor).items]


def later(minutes: int):
    return SUBMITTED_AT + timedelta(minutes=minutes)


def test_both_sides_and_the_operators_write_and_read_newest_first(exchange):
    for minute, actor in enumerate((exchange.poster, exchange.office, exchange.operator)):
        a_message(exchange, by=actor, text=f"第{minute}条", now=later(minute))
    for actor in (exchange.poster, exchange.researcher, exchange.operator, exchange.auditor):
        sides = [each.message.side for each in listed(exchange, actor).items]
        assert sides == ["platform", "institute", "enterprise"]


def test_pages_follow_each_other(exchange):
    for minute in range(3):
        a_message(exchange, text=f"{minute}", now=later(minute))
    page = listed(exchange, exchange.poster, limit=2)
    rest = listed(exchange, exchange.poster, limit=2, cursor=page.next_cursor)
    assert [each.message.text for each in (*page.items, *rest.items)] == ["2", "1", "0"]


def test_a_competitor_and_the_broker_see_nothing_whether_there_is_a_thread_or_not(exchange):
    a_message(exchange)
    for actor in (exchange.rival_office, exchange.broker):
        for institute in (exchange.institute, exchange.rival):
            with pytest.raises(Forbidden):
                listed(exchange, actor, institute)
            with pytest.raises(Forbidden):
                a_message(exchange, by=actor, institute_id=institute.id)


def test_each_institute_has_a_thread_of_its_own(exchange):
    an_invitation(exchange.session, exchange.need, exchange.rival, state="accepted")
    a_message(exchange)
    assert listed(exchange, exchange.rival_office, exchange.rival).items == []
    with pytest.raises(Forbidden):
        listed(exchange, exchange.rival_office)


def test_an_institute_that_was_not_asked_has_no_thread(exchange):
    for named in (None, exchange.rival.id):
        with pytest.raises(Invalid):
            a_message(exchange, institute_id=named)


def test_one_that_declined_reads_no_further(session):
    made = an_exchange(session)
    an_invitation(session, made.need, made.institute, state="declined")
    a_message(made)
    with pytest.raises(Forbidden):
        listed(made, made.office)


def test_an_auditor_reads_along_and_writes_nothing(exchange):
    message = a_message(exchange)
    with pytest.raises(Forbidden):
        a_message(exchange, by=exchange.auditor)
    with pytest.raises(Forbidden):
        mark(exchange, exchange.auditor, message)
    assert unread(exchange, exchange.auditor) == [False]


def mark(exchange, actor, message) -> None:
    said = {"institute_id": exchange.institute.id, "message_id": message.id}
    service.mark_read(exchange.session, actor, exchange.need.id, said, now=later(30))


def test_a_side_reads_together_and_its_own_words_are_read(exchange):
    first = a_message(exchange, by=exchange.poster, now=later(1))
    second = a_message(exchange, by=exchange.poster, now=later(2))
    assert unread(exchange, exchange.poster) == [False, False]
    assert unread(exchange, exchange.office) == [True, True]
    mark(exchange, exchange.researcher, first)
    assert unread(exchange, exchange.office) == [True, False]
    assert unread(exchange, exchange.operator) == [True, True]
    mark(exchange, exchange.office, second)
    mark(exchange, exchange.office, first)
    assert unread(exchange, exchange.office) == [False, False], "a mark never goes back"


def test_only_a_message_of_the_thread_is_marked(exchange):
    an_invitation(exchange.session, exchange.need, exchange.rival, state="accepted")
    message = a_message(exchange, institute_id=exchange.rival.id)
    with pytest.raises(Invalid):
        mark(exchange, exchange.poster, message)


def test_a_message_stops_no_clock_and_leaves_no_text_in_the_history(exchange):
    events = select(func.count()).select_from(SlaEvent)
    before = exchange.session.scalar(events)
    message = a_message(exchange, text="极密的话")
    assert exchange.session.scalar(events) == before
    noted = exchange.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == message.id)).all()
    assert [event.action for event in noted] == ["send_message"]
    assert "极密" not in str(noted[0].after)


def test_no_more_is_written_once_the_need_is_set_aside(exchange):
    park_need(exchange.session, exchange.operator, exchange.need.id, message="暂缓", now=SUBMITTED_AT)
    with pytest.raises(NeedNotOpen):
        a_message(exchange)


def test_the_thread_opens_to_the_institute_when_the_terms_bind_both(session):
    made = an_exchange(session, nda_required=True)
    an_invitation(session, made.need, made.institute)
    a_message(made)
    for call in (lambda: listed(made, made.office), lambda: a_message(made, by=made.office)):
        with pytest.raises(TermsNotAccepted):
            call()
    accepted_by(made, made.office, made.poster)
    assert unread(made, made.office) == [True]
