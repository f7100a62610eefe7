"""The log refuses what contradicts itself, and says which line."""

from datetime import datetime, timedelta

import pytest

from sky_net.sla.calendar import SHANGHAI
from sky_net.sla.errors import (
    EventBeforeStart,
    EventFromTheFuture,
    LogInvalid,
    NaiveInstant,
    PausedTwice,
    PauseEndsBeforeItStarts,
    ReopenWithoutStop,
    RepeatedSeq,
    ResumeWithoutPause,
    StartedTwice,
    StopBeforeStart,
)
from sky_net.sla.event_log import Event, EventKind, replay
from sky_net.sla.working_time import Pause

NOW = datetime(2026, 6, 1, tzinfo=SHANGHAI)


def hour(number):
    return datetime(2026, 3, 2, tzinfo=SHANGHAI) + timedelta(hours=number)


def log(*lines):
    """Events from (kind, hour) or (kind, hour, stage, pause), numbered as they come."""
    events = []
    for seq, (kind, when, *rest) in enumerate(lines, 1):
        stage, pause = (*rest, None, "")[:2] if len(rest) < 2 else rest
        events.append(Event(seq, stage, EventKind(kind), hour(when), hour(when), pause=pause or ""))
    return events


@pytest.mark.parametrize(
    ("lines", "refusal", "code"),
    [
        ([("start", 0), ("resume", 1)], ResumeWithoutPause, "resume_without_pause"),
        (
            [("start", 0), ("pause", 1), ("resume", 2), ("resume", 3)],
            ResumeWithoutPause,
            "resume_without_pause",
        ),
        ([("stop", 0)], StopBeforeStart, "stop_before_start"),
        ([("start", 5), ("stop", 4)], StopBeforeStart, "stop_before_start"),
        ([("pause", 0), ("start", 1)], EventBeforeStart, "event_before_start"),
        ([("cancel", 0)], EventBeforeStart, "event_before_start"),
        ([("start", 0), ("pause", 4), ("resume", 3)], PauseEndsBeforeItStarts, "pause_ends_before_it_starts"),
        ([("start", 0), ("pause", 1), ("pause", 2)], PausedTwice, "paused_twice"),
        ([("start", 0), ("start", 1)], StartedTwice, "started_twice"),
        ([("start", 0), ("reopen", 1)], ReopenWithoutStop, "reopen_without_stop"),
        ([("start", 0), ("stop", 1, "confirm"), ("reopen", 2)], ReopenWithoutStop, "reopen_without_stop"),
    ],
)
def test_a_log_that_contradicts_itself_is_refused(lines, refusal, code):
    with pytest.raises(refusal) as refused:
        replay(log(*lines), "confirm", NOW)
    assert refused.value.code == code
    assert refused.value.zh
    assert refused.value.en


def test_a_refusal_names_the_line():
    with pytest.raises(LogInvalid) as refused:
        replay(log(("start", 0), ("resume", 1)), "confirm", NOW)
    assert refused.value.seq == 2
    assert "第 2 条" in refused.value.zh


def test_an_event_recorded_before_it_happened_is_refused():
    with pytest.raises(EventFromTheFuture):
        replay([Event(1, None, EventKind.START, hour(2), hour(1))], "confirm", NOW)


def test_two_events_of_one_number_are_refused():
    event = Event(1, None, EventKind.START, hour(1), hour(1))
    with pytest.raises(RepeatedSeq):
        replay([event, event], "confirm", NOW)


def test_naive_instants_are_refused():
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - the naive value is what is tested
    with pytest.raises(NaiveInstant):
        replay(log(("start", 0)), "confirm", naive)
    with pytest.raises(NaiveInstant):
        Event(1, None, EventKind.START, naive, hour(1))


def test_events_of_the_subject_and_of_the_stage_count_and_other_stages_do_not():
    events = log(("start", 0), ("pause", 1, "propose"), ("pause", 2, "confirm"), ("resume", 3, "confirm"))
    state = replay(events, "confirm", NOW)
    assert state.every_pause() == [Pause(hour(2), hour(3))]


def test_pauses_of_different_names_may_overlap():
    events = log(
        ("start", 0),
        ("pause", 1, None, "return"),
        ("pause", 2, None, "question"),
        ("resume", 3, None, "return"),
    )
    state = replay(events, "confirm", NOW)
    assert state.every_pause() == [Pause(hour(1), hour(3)), Pause(hour(2))]


def test_what_occurs_after_the_reading_is_not_seen():
    events = log(("start", 0), ("stop", 5, "confirm"))
    assert replay(events, "confirm", hour(4)).stops == []


def test_at_one_instant_the_number_decides():
    events = log(("start", 0), ("pause", 1), ("resume", 1), ("pause", 1))
    assert replay(events, "confirm", NOW).every_pause() == [Pause(hour(1), hour(1)), Pause(hour(1))]


def test_a_pause_recorded_late_may_carry_a_higher_number_than_its_resume():
    events = [
        Event(1, None, EventKind.START, hour(0), hour(0)),
        Event(2, None, EventKind.PAUSE, hour(20), hour(20)),
        Event(3, None, EventKind.RESUME, hour(10), hour(21)),
        Event(4, None, EventKind.PAUSE, hour(5), hour(22)),
    ]
    assert replay(events, "confirm", NOW).every_pause() == [Pause(hour(5), hour(10)), Pause(hour(20))]
