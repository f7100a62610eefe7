"""Cards from a log, and what they would say if an answer came: always as the clock itself is read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from backbone.errors import Bilingual
from sky_net.sla.calendar import SHANGHAI, published_calendar
from sky_net.sla.clocks import ClockState, read_clock
from sky_net.sla.corrections import effective
from sky_net.sla.errors import CalendarNotPublished, PauseEndsBeforeItStarts
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.explaining import proof_of, what_if
from sky_net.sla.phases import outlook
from sky_net.sla.policy import policy_on
from tests.factories.sla import a_log, an_instant_after

CALENDAR = published_calendar()
POLICY = policy_on(date(2026, 3, 2))
STAGES = tuple(POLICY.stages.values())
RANDOM = some.randoms(use_true_random=False)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def words(name):
    return Bilingual(f"缘由{name}", f"for {name}"), Bilingual("平台运营", "the platform's operators")


def event(seq, kind, when, stage=None, **values):
    return Event(seq, stage, kind, at(when), at(when), **values)


START = event(1, EventKind.START, "2026-03-02T11:00")
RETURNED = event(2, EventKind.PAUSE, "2026-03-03T10:00", pause="return")


def card(log, stage="confirm", now="2026-03-05T10:00"):
    return proof_of(log, POLICY.stages[stage], POLICY, CALENDAR, at(now), words)


def foretold(log, answered, stage="confirm", now="2026-03-05T10:00", **values):
    return what_if(log, POLICY.stages[stage], POLICY, CALENDAR, at(answered), at(now), **values)


# -- cards -------------------------------------------------------------------------------------------------


def test_a_pause_says_why_and_by_whom():
    resumed = event(3, EventKind.RESUME, "2026-03-04T10:00", pause="return")
    lines = [line.said for line in card([START, RETURNED, resumed]).lines() if line.code == "pause"]
    assert [line.zh for line in lines] == [
        "暂停（缘由return；平台运营）：2026-03-03（周二）10:00 至 2026-03-04（周三）10:00，扣除 420 分钟"
    ]
    assert str(lines[0]).startswith("Pause (for return; the platform's operators): ")


def test_before_the_start_there_is_no_card():
    assert card([START], now="2026-03-02T10:59") is None
    assert card([]) is None


def test_a_pause_of_another_stage_is_not_on_the_card():
    other = event(2, EventKind.PAUSE, "2026-03-03T10:00", stage="propose", pause="return")
    assert not [line for line in card([START, other]).lines() if line.code == "pause"]


def test_a_pause_that_began_after_the_answer_is_not_on_the_card():
    stop = event(2, EventKind.STOP, "2026-03-03T09:30", stage="confirm")
    late = event(3, EventKind.PAUSE, "2026-03-03T10:00", pause="return")
    assert not [line for line in card([START, stop, late]).lines() if line.code == "pause"]


def test_a_reopening_is_on_the_card():
    stop = event(2, EventKind.STOP, "2026-03-03T09:30", stage="confirm")
    reopened = event(3, EventKind.REOPEN, "2026-03-04T09:30", stage="confirm")
    lines = card([START, stop, reopened]).lines()
    assert [line.minutes for line in lines if line.code == "reopened"] == [420]
    assert lines[-1].on == at("2026-03-04T17:30")


@settings(deadline=None)
@given(RANDOM, some.sampled_from(STAGES))
def test_a_card_explains_the_deadline_that_the_clock_shows(random, stage):
    log = a_log(random)
    now = an_instant_after(random, log)
    try:
        reading = read_clock(log, stage, POLICY.pauses, CALENDAR, now)
    except CalendarNotPublished:
        assume(False)
    shown = proof_of(log, stage, POLICY, CALENDAR, now, words)
    assert (shown.due_at, shown.provisional) == (reading.due_at, reading.provisional)
    assert shown.budget == reading.budget
    if reading.due_at is not None:
        assert shown.lines()[-1].on == reading.due_at


# -- what if -----------------------------------------------------------------------------------------------


def test_an_answer_lets_the_clock_run_on_from_there():
    found = foretold([START, RETURNED], "2026-03-06T10:00")
    assert (found.now.state, found.now.due_at) == (ClockState.PAUSED, None)
    assert found.then.due_at == at("2026-03-06T17:30")
    later = foretold([START, RETURNED], "2026-03-06T10:30")
    assert later.then.due_at == at("2026-03-09T09:30")


def test_an_answer_after_the_maximum_of_the_pause_no_longer_moves_the_deadline():
    late, later = (foretold([START, RETURNED], when) for when in ("2026-03-20T10:00", "2026-03-27T10:00"))
    assert late.then.due_at == later.then.due_at == late.latest_due_at == at("2026-03-17T17:30")
    assert later.then.state is ClockState.BREACHED


def test_an_answer_of_yesterday_counts_from_yesterday():
    found = foretold([START, RETURNED], "2026-03-04T10:00", now="2026-03-06T10:00")
    assert found.then.due_at == at("2026-03-04T17:30")


def test_an_answer_before_the_question_is_refused():
    with pytest.raises(PauseEndsBeforeItStarts):
        foretold([START, RETURNED], "2026-03-03T09:59")


def test_an_answer_beyond_the_calendar_changes_nothing_more_or_is_refused():
    with pytest.raises(CalendarNotPublished):
        foretold([START, RETURNED], "2200-01-01T10:00")


def test_a_clock_without_an_open_pause_is_moved_by_no_answer():
    found = foretold([START], "2026-03-20T10:00", now="2026-03-03T10:00")
    assert found.then == found.now
    assert found.now.due_at == found.latest_due_at == at("2026-03-03T17:30")


def test_a_clock_that_was_met_stays_met():
    stop = event(2, EventKind.STOP, "2026-03-03T09:30", stage="confirm")
    late = event(3, EventKind.PAUSE, "2026-03-03T10:00", pause="return")
    found = foretold([START, stop, late], "2026-03-20T10:00")
    assert found.now.state is found.then.state is ClockState.MET
    assert found.now.due_at == found.then.due_at


def test_a_need_set_aside_in_silence_runs_on_at_what_was_left():
    silent = event(3, EventKind.CANCEL, "2026-03-16T17:30")
    log = [START, RETURNED, silent]
    kept = foretold(log, "2026-03-23T10:00", now="2026-03-20T10:00")
    assert kept.then.state is ClockState.CANCELLED
    taken_up = foretold(log, "2026-03-23T10:00", now="2026-03-20T10:00", is_set_aside=True)
    assert taken_up.now.state is ClockState.CANCELLED
    assert taken_up.then.state is ClockState.RUNNING
    assert taken_up.then.due_at == at("2026-03-23T17:30")
    with pytest.raises(PauseEndsBeforeItStarts):
        foretold(log, "2026-03-16T10:00", now="2026-03-20T10:00", is_set_aside=True)


@settings(deadline=None)
@given(RANDOM, some.sampled_from(STAGES), some.integers(0, 40 * 1440))
def test_what_is_foretold_is_what_comes_true_when_the_answer_does(random, stage, minutes):
    """Append the very answer, wait until it came, read the clock: the same."""
    log = a_log(random)
    now = an_instant_after(random, log)
    answered_at = now + timedelta(minutes=minutes)
    found = foretold_or_none(log, stage, answered_at, now)
    assume(found is not None)
    seq = max(each.seq for each in log)
    opened = open_pauses(log, stage.name)
    answers = [
        Event(seq + count, key[0], EventKind.RESUME, answered_at, answered_at, pause=key[1])
        for count, key in enumerate(opened, 1)
    ]
    at_last = answered_at if answers else now
    assert found.then == read_clock([*log, *answers], stage, POLICY.pauses, CALENDAR, at_last)
    assert found.latest_due_at == outlook(log, stage, POLICY.pauses, CALENDAR).due_at


def foretold_or_none(log, stage, answered_at, now):
    try:
        return what_if(log, stage, POLICY, CALENDAR, answered_at, now)
    except CalendarNotPublished:
        return None


def open_pauses(log, stage):
    keys = {}
    for each in sorted(effective(log), key=lambda each: (each.occurred_at, each.seq)):
        if each.stage in (None, stage) and each.kind is EventKind.PAUSE:
            keys[each.pause_key] = True
        elif each.stage in (None, stage) and each.kind is EventKind.RESUME:
            keys.pop(each.pause_key)
    return keys


def test_an_instant_in_another_zone_is_the_same_answer():
    utc = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
    stage = POLICY.stages["confirm"]
    found = what_if([START, RETURNED], stage, POLICY, CALENDAR, utc, at("2026-03-05T10:00"))
    assert found.then.due_at == at("2026-03-06T17:30")
