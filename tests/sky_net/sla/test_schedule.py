"""Who is called when: in working time, once per level, and only for what is still the case."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.clock import SHANGHAI
from sky_net.sla.calendar import published_calendar
from sky_net.sla.clocks import read_clock
from sky_net.sla.errors import ClockRefusal
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.parties import ENTERPRISE, INSTITUTE, PLATFORM, stages_of
from sky_net.sla.phases import outlook
from sky_net.sla.policy import policy_on
from sky_net.sla.schedule import CallKind, calls_due, calls_of, is_open, next_look, opens_after

POLICY, CALENDAR = policy_on(date(2026, 3, 10)), published_calendar()
OPENED = datetime(2026, 3, 10, 11, 0, tzinfo=SHANGHAI)
"""A Tuesday; the first day that counts is the 11th."""


def at(day, hour=9, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def event(seq, kind, when, stage=None, **values):
    return Event(seq, stage, kind, when, when, **values)


START = event(1, EventKind.START, OPENED)


def calls(*events, party=PLATFORM, stage="communicate"):
    chosen = stages_of(POLICY, party)[stage]
    ahead = outlook(events, chosen, POLICY.pauses, CALENDAR)
    return calls_of(ahead, events, party, chosen, POLICY)


def due(*events, now, party=PLATFORM, stage="communicate", in_hours=True):
    chosen = stages_of(POLICY, party)[stage]
    reading = read_clock(events, chosen, POLICY.pauses, CALENDAR, now)
    found = calls_due(calls(*events, party=party, stage=stage), reading, in_hours=in_hours, now=now)
    return [(call.kind, call.level, call.cycle) for call in found]


def test_a_promise_of_five_days_calls_the_owner_twice_then_up_the_chain_and_says_its_breach():
    assert [(call.at, call.kind, call.level) for call in calls(START)] == [
        (at(13, 14), CallKind.REMINDER, 1),
        (at(16, 15, 45), CallKind.REMINDER, 2),
        (at(17, 14), CallKind.ESCALATION, 1),
        (at(17, 17, 30), CallKind.ESCALATION, 2),
        (at(17, 17, 30) + timedelta(microseconds=1), CallKind.BREACH, 0),
        (at(18, 17, 30), CallKind.ESCALATION, 3),
    ]


def test_an_institute_is_reminded_and_its_breach_said_and_nobody_above_is_called():
    found = calls(START, party=INSTITUTE, stage="institute_reply")
    assert [(call.kind, call.level) for call in found] == [
        (CallKind.REMINDER, 1), (CallKind.REMINDER, 2), (CallKind.BREACH, 0),
    ]  # fmt: skip


def test_an_enterprise_is_reminded_on_the_third_and_the_sixth_working_day():
    found = calls(START, party=ENTERPRISE, stage="enterprise_reply")
    reminders = [call.at for call in found if call.kind is CallKind.REMINDER]
    assert reminders == [at(13, 17, 30), at(18, 17, 30)]
    assert due(START, party=ENTERPRISE, stage="enterprise_reply", now=at(19)) == [
        (CallKind.BREACH, 0, 0), (CallKind.REMINDER, 2, 0),
    ]  # fmt: skip


def test_of_two_reminders_missed_only_the_later_is_said():
    assert due(START, now=at(16, 16)) == [(CallKind.REMINDER, 2, 0)]


def test_past_the_deadline_there_is_nothing_left_to_remind_of():
    assert due(START, now=at(18, 9)) == [
        (CallKind.ESCALATION, 1, 0), (CallKind.ESCALATION, 2, 0), (CallKind.BREACH, 0, 0),
    ]  # fmt: skip


def test_outside_business_hours_a_breach_alone_is_said():
    assert due(START, now=at(17, 20), in_hours=False) == [(CallKind.BREACH, 0, 0)]
    assert due(START, now=at(16, 20), in_hours=False) == []


@pytest.mark.parametrize("kind", [EventKind.STOP, EventKind.CANCEL])
def test_nobody_is_called_about_a_clock_that_was_answered_or_cancelled(kind):
    over = event(2, kind, at(12), stage="communicate")
    assert calls(START, over) == ()
    assert due(START, over, now=at(30)) == []


def test_nobody_is_called_while_an_answer_waits_for_agreement():
    stop = event(2, EventKind.STOP, at(12), stage="communicate", holds_from=at(16))
    assert calls(START, stop) == ()


def test_a_paused_clock_calls_nobody_and_later_by_what_the_pause_took():
    paused = event(2, EventKind.PAUSE, at(11, 10), pause="return")
    resumed = event(3, EventKind.RESUME, at(12, 10), pause="return")
    assert due(START, paused, now=at(16, 16)) == []
    assert calls(START)[0].at == at(13, 14)
    assert calls(START, paused, resumed)[0].at == at(16, 14)


def test_a_reopened_clock_calls_again_in_its_next_cycle_but_not_for_what_lay_before():
    stop = event(2, EventKind.STOP, at(16, 14), stage="communicate")
    reopened = event(3, EventKind.REOPEN, at(20, 9), stage="communicate")
    found = calls(START, stop, reopened)
    assert {call.cycle for call in found} == {1}
    assert (found[0].kind, found[0].level) == (CallKind.REMINDER, 2)
    assert all(call.at > at(20, 9) for call in found)


def test_the_next_look_is_at_the_next_call_and_never_after_the_last():
    found = calls(START)
    assert next_look(found, OPENED) == found[0].at
    assert next_look(found, found[0].at) == found[1].at
    assert next_look(found, found[-1].at) is None


def test_every_call_but_the_breach_falls_into_business_hours():
    for call in calls(START):
        if call.kind is not CallKind.BREACH:
            day = CALENDAR.day(call.at.date())
            minute = call.at.hour * 60 + call.at.minute
            assert any(opens <= minute <= closes for opens, closes in day.segments)


LOOKS = st.lists(st.integers(0, 40 * 24 * 60), min_size=1, max_size=30).map(sorted)


@given(LOOKS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_however_often_and_late_somebody_looks_the_last_look_leaves_nothing_standing_unsaid(minutes, paused):
    log = [START]
    if paused:
        log += [
            event(2, EventKind.PAUSE, at(12, 10), pause="return"),
            event(3, EventKind.RESUME, at(16, 10), pause="return"),
        ]
    said = set()
    for now in [OPENED + timedelta(days=8, minutes=minute) for minute in minutes]:
        told = due(*log, now=now)
        said.update(told)
        assert set(due(*log, now=now)) <= said
    final = due(*log, now=OPENED + timedelta(days=60))
    assert (CallKind.BREACH, 0, 0) in final
    assert [level for kind, level, _ in final if kind is CallKind.ESCALATION] == [1, 2, 3]


def test_levels_come_in_order():
    for one, other in pairwise(call for call in calls(START) if call.kind is CallKind.ESCALATION):
        assert one.at < other.at
        assert one.level + 1 == other.level


@pytest.mark.parametrize(
    ("when", "open_then", "opens_next"),
    [
        (at(11, 8, 59), False, at(11, 9)),
        (at(11, 9), True, at(11, 13, 30)),
        (at(11, 12), False, at(11, 13, 30)),
        (at(11, 17, 29), True, at(12, 9)),
        (at(13, 17, 30), False, at(16, 9)),
        (at(14, 10), False, at(16, 9)),
    ],
)
def test_business_hours_have_their_openings_and_their_close(when, open_then, opens_next):
    assert is_open(CALENDAR, when) is open_then
    assert opens_after(CALENDAR, when) == opens_next


def test_a_calendar_that_never_opens_again_is_an_error_and_no_loop():
    with pytest.raises(ClockRefusal):
        opens_after(CALENDAR, datetime(2027, 12, 31, 20, 0, tzinfo=SHANGHAI))
