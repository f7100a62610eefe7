"""Putting contacts on record, agreeing and disputing; the promise to communicate is read from the clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from sky_net.invitations.errors import InvitationNotAccepted, NeedNotOpen
from sky_net.needs.service import withdraw_need
from sky_net.sla.clocks import ClockState
from sky_net.sla.service import readings
from sky_net.talks.errors import AgreedBySilence
from sky_net.talks.models import Contact
from sky_net.talks.service import agree_contact, dispute_contact, record_contact
from tests.factories.directory import an_institute
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.talks import a_contact, contact_entry
from tests.made_once import made_once

TUESDAY = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)  # 10:00 in Wuhan, the day after submission
SILENCE_ENDS = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)  # 17:30 of the second working day after


@made_once
def exchange(session):
    made = an_exchange(session)
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


def record(exchange, actor, *, now=TUESDAY, **values):
    entry = contact_entry(values.pop("institute", exchange.institute), **values)
    return record_contact(exchange.session, actor, exchange.need.id, entry, now=now)


def communicate(exchange, now):
    clocks = readings(exchange.session, [exchange.need.id], now=now)[exchange.need.id]
    return next(clock for clock in clocks if clock.stage == "communicate")


@pytest.mark.parametrize("who", ["operator", "broker", "poster", "researcher", "office"])
def test_either_side_and_those_between_them_put_a_contact_on_record(exchange, who):
    actor = getattr(exchange, who)

    contact = record(exchange, actor)

    assert exchange.need.state == "communicating"
    assert (contact.recorded_by, contact.created_at) == (actor.account_id, TUESDAY)
    assert contact.result.startswith("院方确认")


def test_a_recorded_contact_waits_for_the_enterprise_until_the_close_of_the_second_working_day(exchange):
    contact = record(exchange, exchange.researcher)

    assert contact.state == "recorded"
    assert contact.agreed_by_silence_at == SILENCE_ENDS
    before = communicate(exchange, SILENCE_ENDS - timedelta(seconds=1))
    after = communicate(exchange, SILENCE_ENDS)
    assert (before.state, before.awaiting_until) == (ClockState.RUNNING, SILENCE_ENDS)
    assert (after.state, after.stopped_at) == (ClockState.MET, TUESDAY)


def test_what_the_enterprise_itself_records_is_agreed_at_once(exchange):
    contact = record(exchange, exchange.poster)

    assert (contact.state, contact.agreed_at) == ("agreed", TUESDAY)
    assert communicate(exchange, TUESDAY).state is ClockState.MET


def test_agreement_makes_the_answer_hold_at_once_and_counts_from_the_record(exchange):
    contact = record(exchange, exchange.operator)
    later = TUESDAY + timedelta(hours=3)

    agreed = agree_contact(exchange.session, exchange.poster, contact.id, now=later)

    assert (agreed.state, agreed.agreed_at, agreed.agreed_by) == ("agreed", later, exchange.poster.account_id)
    clock = communicate(exchange, later)
    assert (clock.state, clock.stopped_at) == (ClockState.MET, TUESDAY)


def test_agreeing_after_the_silence_changes_nothing_of_the_clock(exchange):
    contact = record(exchange, exchange.operator)
    later = SILENCE_ENDS + timedelta(days=3)

    agree_contact(exchange.session, exchange.poster, contact.id, now=later)

    clock = communicate(exchange, later)
    assert (clock.state, clock.stopped_at) == (ClockState.MET, TUESDAY)


def test_a_dispute_opens_the_promise_again_at_its_consumed_time(exchange):
    contact = record(exchange, exchange.operator)
    later = TUESDAY + timedelta(hours=5)

    disputed = dispute_contact(exchange.session, exchange.poster, contact.id, "没有这次通话", now=later)

    assert (disputed.state, disputed.disputed_at) == ("disputed", later)
    assert disputed.dispute_message == "没有这次通话"
    clock = communicate(exchange, later)
    assert (clock.state, clock.stopped_at) == (ClockState.RUNNING, None)
    assert clock.consumed == timedelta(hours=1)  # from 09:00 to the record at 10:00 in Wuhan
    assert exchange.need.state == "communicating"


def test_after_a_dispute_the_next_contact_answers_the_promise(exchange):
    first = record(exchange, exchange.operator)
    dispute_contact(
        exchange.session, exchange.poster, first.id, "没有这次通话", now=TUESDAY + timedelta(hours=1)
    )
    again = TUESDAY + timedelta(hours=6)

    record(exchange, exchange.poster, now=again)

    clock = communicate(exchange, again)
    assert (clock.state, clock.stopped_at) == (ClockState.MET, again)


def test_a_dispute_leaves_another_contact_that_waits_in_its_place(exchange):
    first = record(exchange, exchange.operator)
    second = record(exchange, exchange.operator, now=TUESDAY + timedelta(hours=1))
    later = TUESDAY + timedelta(hours=5)

    dispute_contact(exchange.session, exchange.poster, first.id, "没有这次通话", now=later)

    assert communicate(exchange, later).awaiting_until == second.agreed_by_silence_at
    agree_contact(exchange.session, exchange.poster, second.id, now=later)
    assert communicate(exchange, later).state is ClockState.MET


def test_a_dispute_of_a_contact_that_did_not_count_leaves_the_promise_answered(exchange):
    first = record(exchange, exchange.poster)
    second = record(exchange, exchange.operator, now=TUESDAY + timedelta(hours=1))
    assert (first.counted_at, second.counted_at) == (TUESDAY, None)

    dispute_contact(exchange.session, exchange.poster, second.id, "未通话", now=TUESDAY + timedelta(hours=2))

    clock = communicate(exchange, TUESDAY + timedelta(hours=2))
    assert (clock.state, clock.stopped_at) == (ClockState.MET, TUESDAY)


def test_agreement_to_a_later_contact_answers_the_promise_while_the_first_still_waits(exchange):
    record(exchange, exchange.operator)
    second = record(exchange, exchange.operator, now=TUESDAY + timedelta(hours=1))
    later = TUESDAY + timedelta(hours=2)

    agree_contact(exchange.session, exchange.poster, second.id, now=later)

    assert communicate(exchange, later).state is ClockState.MET


def test_a_contact_counts_from_the_instant_it_names_also_when_machines_clocks_differ(exchange):
    midnight = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)  # in Wuhan
    record(exchange, exchange.operator, now=midnight + timedelta(seconds=10))

    second = record(exchange, exchange.operator, now=midnight - timedelta(seconds=10))

    assert second.agreed_by_silence_at == SILENCE_ENDS
    before = communicate(exchange, SILENCE_ENDS - timedelta(seconds=1))
    assert (before.state, before.awaiting_until) == (ClockState.RUNNING, SILENCE_ENDS)
    assert communicate(exchange, SILENCE_ENDS).state is ClockState.MET


def test_silence_cannot_be_taken_back(exchange):
    contact = record(exchange, exchange.operator)

    with pytest.raises(AgreedBySilence) as refused:
        dispute_contact(exchange.session, exchange.poster, contact.id, "未通话", now=SILENCE_ENDS)

    assert refused.value.data["since"].startswith("2026-03-12T")
    assert contact.state == "recorded"


def test_a_contact_is_agreed_or_disputed_once(exchange):
    contact = record(exchange, exchange.operator)
    agree_contact(exchange.session, exchange.poster, contact.id, now=TUESDAY)

    with pytest.raises(StateConflict):
        agree_contact(exchange.session, exchange.poster, contact.id, now=TUESDAY)
    with pytest.raises(StateConflict):
        dispute_contact(exchange.session, exchange.poster, contact.id, "未通话", now=TUESDAY)


@pytest.mark.parametrize("who", ["operator", "auditor", "researcher"])
def test_only_the_enterprise_agrees_or_disputes(exchange, who):
    contact = record(exchange, exchange.operator)

    with pytest.raises(Forbidden):
        agree_contact(exchange.session, getattr(exchange, who), contact.id, now=TUESDAY)
    with pytest.raises(Forbidden):
        dispute_contact(exchange.session, getattr(exchange, who), contact.id, "未通话", now=TUESDAY)


@pytest.mark.parametrize("who", ["rival_office", "stranger"])
def test_for_a_competitor_and_a_stranger_the_contact_does_not_exist(exchange, who):
    contact = record(exchange, exchange.operator)

    with pytest.raises(NotFound):
        agree_contact(exchange.session, getattr(exchange, who), contact.id, now=TUESDAY)


def test_an_institute_speaks_for_itself_alone(exchange):
    an_invitation(exchange.session, exchange.need, exchange.rival, state="accepted")

    with pytest.raises(Forbidden):
        record(exchange, exchange.researcher, institute=exchange.rival)


def test_an_institute_says_yes_before_it_puts_contacts_on_record(exchange):
    with pytest.raises(Forbidden):
        record(exchange, exchange.rival_office, institute=exchange.rival)
    an_invitation(exchange.session, exchange.need, exchange.rival)
    with pytest.raises(InvitationNotAccepted):
        record(exchange, exchange.rival_office, institute=exchange.rival)


def test_an_operator_records_a_call_with_an_institute_that_has_not_answered_yet_but_was_asked(exchange):
    an_invitation(exchange.session, exchange.need, exchange.rival)

    assert record(exchange, exchange.operator, institute=exchange.rival).institute_id == exchange.rival.id
    with pytest.raises(Invalid) as refused:
        record(exchange, exchange.operator, institute=an_institute(exchange.session))
    assert refused.value.data["errors"][0]["field"] == "institute_id"


def test_the_auditor_watches_and_does_not_write(exchange):
    with pytest.raises(Forbidden):
        record(exchange, exchange.auditor)


def test_a_contact_of_one_side_is_refused_and_nothing_is_kept(exchange):
    with pytest.raises(Invalid):
        record(exchange, exchange.operator, people=[{"name": "测试甲", "side": "enterprise"}])

    assert exchange.session.scalar(select(func.count()).select_from(Contact)) == 0
    assert exchange.need.state == "confirmed"


def test_a_contact_before_the_submission_or_tomorrow_is_refused(exchange):
    for day in (date(2026, 3, 8), date(2026, 3, 11)):
        with pytest.raises(Invalid):
            record(exchange, exchange.operator, happened_on=day)


@pytest.mark.parametrize("state", ["selected", "contracted"])
def test_a_need_that_was_decided_before_anybody_recorded_a_talk_still_keeps_its_promise(exchange, state):
    """It was refused from the selection on, so that whoever chose quickly had to break the promise to have talked."""
    exchange.need.state = state
    contact = record(exchange, exchange.operator)
    agree_contact(exchange.session, exchange.poster, contact.id, now=TUESDAY)
    assert (exchange.need.state, communicate(exchange, TUESDAY).state) == (state, ClockState.MET)


def test_a_withdrawn_need_takes_no_contact(exchange):
    withdraw_need(exchange.session, exchange.poster, exchange.need.id, now=TUESDAY)

    with pytest.raises(NeedNotOpen):
        record(exchange, exchange.operator)


def test_the_history_holds_neither_names_nor_words_in_clear(exchange):
    contact = record(exchange, exchange.operator)
    dispute_contact(exchange.session, exchange.poster, contact.id, "张工当天出差", now=TUESDAY)

    events = exchange.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == contact.id)).all()
    said = str([event.after for event in events])
    assert {event.action for event in events} == {"record_contact", "dispute_contact"}
    assert "测试甲" not in said
    assert contact.result not in said
    assert "张工" not in said
    assert str(exchange.institute.id) in said


def test_the_factory_leaves_agreement_to_the_enterprise(exchange):
    assert a_contact(exchange, now=TUESDAY).state == "recorded"
