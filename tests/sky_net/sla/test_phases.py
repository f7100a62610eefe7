"""The future of a clock, told in advance, is what reading it later says."""

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sky_net.sla.calendar import SHANGHAI, published_calendar
from sky_net.sla.clocks import read_clock
from sky_net.sla.event_log import Event, EventKind, replay
from sky_net.sla.phases import SHOWN_STATES, Outlook, expectation, outlook, shown_state
from sky_net.sla.policy import policy_on
from tests.factories.sla import a_log, an_instant_after

CALENDAR = published_calendar()
POLICY = policy_on(datetime(2026, 3, 2, tzinfo=SHANGHAI).date())
COMMUNICATE = POLICY.stages["communicate"]
INSTANT = timedelta(microseconds=1)


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def event(seq, kind, when, stage=None, holds_from=None, pause=""):
    return Event(seq, stage, EventKind(kind), at(when), at(when), holds_from and at(holds_from), pause)


STARTED = event(1, "start", "03-02T10:00")


def ahead(*events):
    found = outlook([STARTED, *events], COMMUNICATE, POLICY.pauses, CALENDAR)
    assert found is not None
    return found


def state_at(found: Outlook, now):
    return next(
        state for start, state in reversed(list(zip(found.starts, found.states, strict=True))) if start <= now
    )


def test_a_running_clock_comes_to_be_at_risk_and_then_breaches_right_after_its_deadline():
    found = ahead()
    assert found.states == ("running", "at_risk", "breached")
    assert found.starts == (at("03-02T10:00"), at("03-06T15:45"), at("03-09T17:30") + INSTANT)
    assert (found.at_risk_at, found.due_at) == (at("03-06T15:45"), at("03-09T17:30"))


def test_a_met_clock_has_no_future():
    found = ahead(event(2, "stop", "03-03T11:00", "communicate"))
    assert found.states == ("met",)
    assert found.starts == (at("03-03T11:00"),)


def test_a_breached_clock_has_no_future_either():
    assert ahead(event(2, "stop", "03-10T11:00", "communicate")).states == ("breached",)


def test_a_pause_that_nobody_ends_runs_out_by_itself_and_the_deadline_behind_it_is_known():
    found = ahead(event(2, "pause", "03-03T09:00", pause="return"))
    assert found.states == ("paused", "running", "at_risk", "breached")
    # ten working days from Tuesday morning: to the close of Monday 16 March
    assert found.starts[1] == at("03-16T17:30")
    assert found.due_at == at("03-23T17:30")


def test_a_stop_that_waits_for_agreement_becomes_met_when_it_holds():
    found = ahead(event(2, "stop", "03-09T16:00", "communicate", holds_from="03-11T17:30"))
    assert found.states == ("at_risk", "met")
    assert found.starts[1] == at("03-11T17:30")


def test_a_stop_that_came_too_late_is_breached_while_it_waits():
    found = ahead(event(2, "stop", "03-10T16:00", "communicate", holds_from="03-12T17:30"))
    assert found.states == ("breached",)


def test_events_of_other_stages_do_not_move_the_clock_nor_when_it_was_known():
    found = ahead(event(2, "stop", "03-03T11:00", "confirm"))
    assert (found.known_at, found.last_seq) == (at("03-02T10:00"), 1)
    assert found.states == ("running", "at_risk", "breached")


def test_before_the_start_there_is_nothing_to_tell():
    assert outlook([], COMMUNICATE, POLICY.pauses, CALENDAR) is None


@given(st.randoms(use_true_random=False))
def test_the_phases_say_at_every_later_instant_what_a_replay_says(random: Random):
    log = a_log(random)
    for stage in POLICY.stages.values():
        found = outlook(log, stage, POLICY.pauses, CALENDAR)
        assert found is not None
        edges = [edge for start in found.starts for edge in (start - INSTANT, start, start + INSTANT)]
        for now in (*edges, *(an_instant_after(random, log) for _ in range(5))):
            if now >= max(event.recorded_at for event in log):
                reading = read_clock(log, stage, POLICY.pauses, CALENDAR, now)
                assert state_at(found, now) == shown_state(reading)


@given(st.randoms(use_true_random=False))
def test_phases_are_in_order_and_each_differs_from_the_one_before(random: Random):
    log = a_log(random)
    for stage in POLICY.stages.values():
        found = outlook(log, stage, POLICY.pauses, CALENDAR)
        assert found is not None
        assert list(found.starts) == sorted(set(found.starts))
        assert all(found.states[n] != found.states[n + 1] for n in range(len(found.states) - 1))
        assert set(found.states) <= set(SHOWN_STATES)


def test_a_pause_that_begins_after_the_answer_moves_no_deadline_and_is_no_pause_of_the_clock():
    answered = event(2, "stop", "03-03T11:00", "communicate")
    parked = ahead(
        answered,
        event(3, "pause", "03-04T09:00", pause="park"),
        event(4, "resume", "03-06T09:00", pause="park"),
    )
    assert (parked.due_at, parked.paused) == (at("03-09T17:30"), timedelta(0))
    before = ahead(
        event(2, "pause", "03-03T09:00", pause="park"), event(3, "resume", "03-04T09:00", pause="park")
    )
    assert (before.due_at, before.paused) == (at("03-10T17:30"), timedelta(hours=7))


@given(st.randoms(use_true_random=False))
def test_deadline_and_paused_time_are_those_that_reading_the_clock_at_the_end_gives(random):
    log = a_log(random)
    end = datetime.combine(CALENDAR.last, datetime.min.time(), SHANGHAI)
    for stage in POLICY.stages.values():
        found, read = (
            outlook(log, stage, POLICY.pauses, CALENDAR),
            read_clock(log, stage, POLICY.pauses, CALENDAR, end),
        )
        assert found is not None
        assert (found.paused, found.budget) == (read.paused, read.budget)
        assert found.due_at == read.due_at or read.due_at is None


@given(st.randoms(use_true_random=False))
def test_what_a_clock_that_nothing_halts_comes_to_is_known_without_its_phases(random):
    log = a_log(random)
    for stage in POLICY.stages.values():
        found = outlook(log, stage, POLICY.pauses, CALENDAR)
        replayed = replay(log, stage.name, max(event.recorded_at for event in log))
        expected = expectation(replayed, stage, POLICY.pauses, CALENDAR)
        if not replayed.stops and replayed.cancelled_at is None:
            assert (expected.due_at, expected.budget, expected.pauses) == (
                found.due_at,
                found.budget,
                found.pauses,
            )
