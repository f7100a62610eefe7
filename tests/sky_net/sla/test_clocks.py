"""What a clock shows, from the log alone."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.sla.calendar import SHANGHAI, CalendarDay, Origin, published_calendar
from sky_net.sla.clocks import ClockReading, ClockState, Event, EventKind, read_clock, read_clocks
from sky_net.sla.policy import STAGES, policy_on

CALENDAR = published_calendar()
POLICY = policy_on(datetime(2026, 3, 2, tzinfo=SHANGHAI).date())
HOURS_7 = timedelta(hours=7)


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


class Log:
    """Writes events in order: ``Log().start("03-02T10:00").stop("03-04T09:00", "communicate")``."""

    def __init__(self):
        self.events = []

    def __getattr__(self, kind):
        def write(when, stage=None, holds_from=None, pause=""):
            occurred = at(when)
            held = None if holds_from is None else at(holds_from)
            self.events.append(
                Event(len(self.events) + 1, stage, EventKind(kind), occurred, occurred, held, pause)
            )
            return self

        return write

    def read(self, now, stage="communicate", calendar=CALENDAR):
        return read_clocks(self.events, POLICY, calendar, at(now))[stage]


def started():
    """Submitted on Monday 2 March: communicate is due on Monday 9 March at close."""
    return Log().start("03-02T10:00")


def test_one_submission_starts_all_three_clocks_from_the_same_instant():
    readings = read_clocks(started().events, POLICY, CALENDAR, at("03-02T11:00"))
    assert tuple(readings) == STAGES
    assert {reading.started_at for reading in readings.values()} == {at("03-02T10:00")}
    dues = [readings[stage].due_at for stage in STAGES]
    assert dues == [at("03-03T17:30"), at("03-09T17:30"), at("03-23T17:30")]


def test_before_its_start_a_clock_is_pending():
    assert started().read("03-02T09:59") == ClockReading("communicate", ClockState.PENDING)


def test_a_running_clock_shows_what_is_used_up_and_what_is_left():
    reading = started().read("03-04T11:00")
    assert reading.state is ClockState.RUNNING
    assert (reading.budget, reading.consumed) == (5 * HOURS_7, timedelta(hours=9))
    assert reading.remaining == 5 * HOURS_7 - timedelta(hours=9)
    assert not reading.at_risk


def test_a_clock_is_at_risk_once_three_quarters_of_the_budget_are_used_up():
    # 26.25 of 35 hours: 2 h 15 min into the afternoon of the fourth day
    assert not started().read("03-06T15:44").at_risk
    assert started().read("03-06T15:45").at_risk


def test_a_stop_at_the_deadline_is_met_and_an_instant_later_is_breached():
    assert started().stop("03-09T17:30", "communicate").read("03-20T10:00").state is ClockState.MET
    late = started().stop("03-09T17:30:00.000001", "communicate").read("03-20T10:00")
    assert late.state is ClockState.BREACHED


def test_a_clock_nobody_answered_breaches_by_itself_right_after_its_deadline():
    assert started().read("03-09T17:30").state is ClockState.RUNNING
    assert started().read("03-09T17:30:00.000001").state is ClockState.BREACHED


def test_breached_stays_breached_after_a_late_answer_and_shows_by_how_much():
    reading = started().stop("03-10T11:00", "communicate").read("03-20T10:00")
    assert reading.state is ClockState.BREACHED
    assert reading.stopped_at == at("03-10T11:00")
    assert (reading.over, reading.remaining) == (timedelta(hours=2), timedelta(0))
    assert reading.due_at == at("03-09T17:30")


def test_an_unanswered_breach_grows_in_working_time():
    assert started().read("03-11T10:00").over == HOURS_7 + timedelta(hours=1)


def test_stopping_one_stage_leaves_the_others_running():
    log = started().stop("03-03T11:00", "confirm")
    assert log.read("03-04T10:00", "confirm").state is ClockState.MET
    assert log.read("03-04T10:00", "propose").state is ClockState.RUNNING


def test_an_open_pause_shows_no_deadline_and_a_closed_one_moves_it():
    log = started().pause("03-03T10:00")
    paused = log.read("03-05T10:00")
    assert (paused.state, paused.due_at, paused.provisional) == (ClockState.PAUSED, None, False)
    assert (paused.consumed, paused.paused) == (timedelta(hours=1), 2 * HOURS_7)
    resumed = log.resume("03-05T10:00").read("03-05T11:00")
    assert (resumed.state, resumed.due_at) == (
        ClockState.RUNNING,
        at("03-11T17:30"),
    )
    assert resumed.consumed == timedelta(hours=2)


def test_the_golden_pause_over_spring_festival():
    log = Log().start("02-13T16:50").pause("02-14T10:00").resume("02-24T10:30")
    dues = [log.read("02-24T11:00", stage).due_at for stage in STAGES]
    assert dues == [at("02-25T09:30"), at("03-02T09:30"), at("03-16T09:30")]


def test_a_pause_begun_after_the_breach_does_not_heal_it():
    reading = started().pause("03-10T10:00").read("03-12T10:00")
    assert (reading.state, reading.due_at) == (ClockState.BREACHED, at("03-09T17:30"))
    assert reading.over == timedelta(hours=1)


def test_a_forgotten_pause_ends_at_its_maximum_and_the_clock_breaches():
    log = started().pause("03-03T09:00")
    assert log.read("03-16T17:00").state is ClockState.PAUSED
    running = log.read("03-17T10:00")
    assert (running.state, running.due_at) == (ClockState.RUNNING, at("03-23T17:30"))
    assert log.read("03-24T10:00").state is ClockState.BREACHED


def test_a_stop_that_waits_for_agreement_counts_from_then_on_at_its_own_instant():
    log = started().stop("03-09T16:00", "communicate", holds_from="03-11T17:30")
    waiting = log.read("03-10T10:00")
    assert (waiting.state, waiting.awaiting_until) == (ClockState.RUNNING, at("03-11T17:30"))
    assert waiting.stopped_at is None
    agreed = log.read("03-11T17:30")
    assert (agreed.state, agreed.stopped_at, agreed.awaiting_until) == (
        ClockState.MET,
        at("03-09T16:00"),
        None,
    )


def test_a_late_stop_that_waits_for_agreement_leaves_the_clock_breached():
    log = started().stop("03-10T10:00", "communicate", holds_from="03-12T17:30")
    assert log.read("03-11T10:00").state is ClockState.BREACHED
    assert log.read("03-13T10:00").state is ClockState.BREACHED


def test_an_express_agreement_ends_the_waiting():
    log = started().stop("03-05T10:00", "communicate", holds_from="03-09T17:30")
    log.stop("03-05T10:00", "communicate")
    assert log.read("03-06T09:00").state is ClockState.MET


def test_a_late_answer_does_not_breach_a_clock_whose_timely_one_still_waits():
    log = (
        started()
        .stop("03-09T16:00", "communicate", holds_from="03-11T17:30")
        .stop("03-10T09:30", "communicate")
    )
    assert log.read("03-10T10:00").state is ClockState.RUNNING
    assert log.read("03-11T17:30").state is ClockState.MET


@pytest.mark.parametrize("holds_from", [None, "03-06T17:30"])
def test_a_dispute_reopens_the_clock_at_its_consumed_time(holds_from):
    log = started().stop("03-04T11:00", "communicate", holds_from).reopen("03-05T11:00", "communicate")
    reading = log.read("03-05T12:00")
    assert reading.state is ClockState.RUNNING
    assert (reading.consumed, reading.paused) == (timedelta(hours=10), timedelta(0))
    assert reading.due_at == at("03-10T17:30")
    assert log.read("03-20T12:00").state is ClockState.BREACHED


def test_a_reopened_clock_that_had_breached_stays_breached():
    log = started().stop("03-10T11:00", "communicate").reopen("03-11T11:00", "communicate")
    log.stop("03-11T14:00", "communicate")
    reading = log.read("03-20T12:00")
    assert reading.state is ClockState.BREACHED
    assert reading.over == timedelta(hours=3, minutes=30)


def test_a_withdrawal_cancels_what_runs_and_keeps_what_was_met():
    log = started().stop("03-03T11:00", "confirm").cancel("03-04T10:00")
    states = [log.read("03-30T10:00", stage).state for stage in STAGES]
    assert states == [ClockState.MET, ClockState.CANCELLED, ClockState.CANCELLED]


def test_a_withdrawal_does_not_erase_a_breach():
    assert started().cancel("03-10T10:00").read("03-30T10:00").state is ClockState.BREACHED


def test_a_need_taken_up_again_runs_on_and_keeps_its_confirmation():
    log = started().stop("03-03T11:00", "confirm").cancel("03-04T10:00").reopen("03-06T10:00")
    assert log.read("03-06T11:00", "confirm").state is ClockState.MET
    reading = log.read("03-06T11:00")
    assert (reading.state, reading.due_at) == (ClockState.RUNNING, at("03-11T17:30"))


def test_a_stop_and_a_cancellation_at_one_instant_are_a_stop():
    log = started().stop("03-04T10:00", "communicate").cancel("03-04T10:00")
    assert log.read("03-05T10:00").state is ClockState.MET


def test_a_stopped_clock_no_longer_depends_on_the_time_of_reading():
    log = (
        started()
        .pause("03-03T10:00")
        .resume("03-03T11:00")
        .stop("03-04T10:00", "communicate")
        .pause("03-05T10:00")
    )
    assert log.read("03-06T10:00") == log.read("11-06T10:00")
    assert log.read("03-06T10:00").due_at == at("03-10T10:00")


def test_an_answer_to_a_withdrawn_need_stops_nothing():
    log = started().cancel("03-04T10:00").stop("03-05T10:00", "communicate").reopen("03-06T10:00")
    assert log.read("03-06T11:00").state is ClockState.RUNNING


def test_a_deadline_past_the_notices_is_provisional_and_a_typhoon_day_moves_it():
    log = Log().start("12-24T10:00")
    assert log.read("12-24T11:00", "propose").provisional
    typhoon = CalendarDay.rest(at("03-04T00:00").date(), Origin.LOCAL_OVERRIDE, "台风停工")
    revised = CALENDAR.with_rows([typhoon], "typhoon-demo")
    assert started().read("03-03T10:00", calendar=revised).due_at == at("03-10T17:30")


def test_a_partys_own_clock_is_read_the_same_way():
    stage = POLICY.stages["confirm"]
    institute = type(stage)("institute", POLICY.parties.institute_reply_days, stage.day_ends, False, 0.75)
    reading = read_clock(started().events, institute, POLICY.pauses, CALENDAR, at("03-04T10:00"))
    assert reading.due_at == at("03-05T17:30")


@st.composite
def logs(draw):
    """A valid history: pauses that close, perhaps a stop, a reopening, a cancellation."""
    minutes = sorted(draw(st.lists(st.integers(1, 40_000), unique=True, max_size=9)))
    origin, events, is_paused, is_halted = at("03-02T00:00"), [], False, False
    kinds = [EventKind.START]
    for _ in minutes:
        options = [EventKind.RESUME if is_paused else EventKind.PAUSE]
        options += [EventKind.REOPEN] if is_halted else [EventKind.STOP, EventKind.CANCEL]
        kind = draw(st.sampled_from(options))
        is_paused = is_paused != (kind in (EventKind.PAUSE, EventKind.RESUME))
        is_halted = is_halted != (kind in (EventKind.STOP, EventKind.CANCEL, EventKind.REOPEN))
        kinds.append(kind)
    for seq, (minute, kind) in enumerate(zip([0, *minutes], kinds, strict=True), 1):
        when = origin + timedelta(minutes=minute)
        events.append(Event(seq, "communicate", kind, when, when))
    return events


READ_AT = st.integers(0, 60_000).map(lambda minutes: at("03-02T00:00") + timedelta(minutes=minutes))
STAGE = POLICY.stages["communicate"]


def reading_of(events, now):
    return read_clock(events, STAGE, POLICY.pauses, CALENDAR, now)


@given(logs(), READ_AT, st.integers())
def test_the_order_of_arrival_does_not_matter(events, now, seed):
    arrived = list(events)
    random.Random(seed).shuffle(arrived)
    assert reading_of(arrived, now) == reading_of(events, now)


@given(logs(), READ_AT)
def test_the_whole_log_read_at_a_time_equals_the_log_of_that_time(events, now):
    known = [event for event in events if event.occurred_at <= now]
    assert reading_of(events, now) == reading_of(known, now)


@given(logs(), READ_AT, READ_AT)
def test_breached_is_for_ever(events, one, other):
    if reading_of(events, min(one, other)).state is ClockState.BREACHED:
        assert reading_of(events, max(one, other)).state is ClockState.BREACHED


@given(logs(), READ_AT)
def test_the_numbers_of_a_reading_fit_each_other(events, now):
    reading = reading_of(events, now)
    assert reading.remaining == max(timedelta(0), reading.budget - reading.consumed)
    assert (reading.over > timedelta(0)) <= (reading.state is ClockState.BREACHED)
    assert reading.over == (max(timedelta(0), reading.consumed - reading.budget))
    if reading.state is ClockState.MET and reading.due_at is not None:
        assert reading.stopped_at <= reading.due_at
    if reading.state is ClockState.PAUSED:
        assert reading.due_at is None
