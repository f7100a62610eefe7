"""A mistake in the log is another event: what it corrects counts as if it had been recorded so in the first place."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.clock import SHANGHAI
from sky_net.sla.calendar import published_calendar
from sky_net.sla.clocks import ClockState, read_clock, read_clocks
from sky_net.sla.corrections import effective
from sky_net.sla.errors import CorrectionInvalid, EventFromTheFuture, ResumeWithoutPause
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.policy import STAGES, policy_on
from tests.factories.sla import a_log

POLICY, CALENDAR = policy_on(date(2026, 3, 10)), published_calendar()


def at(day, hour=9, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def event(seq, kind, when, stage=None, recorded=None, **values):
    return Event(seq, stage, kind, when, recorded or when, **values)


def corrected(seq, wrong, moved_to=None, when=None):
    return event(seq, EventKind.CORRECTION, when or at(20), corrects=wrong, moved_to=moved_to)


START = event(1, EventKind.START, at(10, 11))
STOP = event(2, EventKind.STOP, at(11, 10), stage="confirm")


def confirm(*events, now=None):
    return read_clock(events, POLICY.stages["confirm"], POLICY.pauses, CALENDAR, now or at(25))


def test_a_stop_that_never_happened_is_struck_and_the_clock_runs_on():
    assert confirm(START, STOP).state is ClockState.MET
    assert confirm(START, STOP, corrected(3, 2)).state is ClockState.BREACHED


def test_a_stop_recorded_at_the_wrong_instant_is_moved():
    late = replace(STOP, occurred_at=at(13, 10), recorded_at=at(13, 10))
    assert confirm(START, late).state is ClockState.BREACHED
    reading = confirm(START, late, corrected(3, 2, at(11, 16)))
    assert (reading.state, reading.stopped_at) == (ClockState.MET, at(11, 16))


def test_a_start_is_moved_and_never_struck():
    assert confirm(START, corrected(2, 1, at(9, 11))).due_at == at(10, 17, 30)
    with pytest.raises(CorrectionInvalid):
        confirm(START, corrected(2, 1))


def test_the_last_correction_holds_and_one_that_is_struck_corrects_nothing():
    moved, again = corrected(3, 2, at(12, 10)), corrected(4, 2, at(11, 12))
    assert confirm(START, STOP, moved, again).stopped_at == at(11, 12)
    assert confirm(START, STOP, moved, again, corrected(5, 4)).stopped_at == at(12, 10)
    assert confirm(START, STOP, corrected(3, 2), corrected(4, 3)).state is ClockState.MET


@pytest.mark.parametrize(
    "wrong",
    [corrected(3, 9), corrected(3, 3), event(3, EventKind.CORRECTION, at(20))],
    ids=["what is not there", "itself", "nothing"],
)
def test_a_correction_needs_an_earlier_event(wrong):
    with pytest.raises(CorrectionInvalid):
        confirm(START, STOP, wrong)


def test_a_correction_is_struck_and_not_moved_and_moves_nothing_into_the_future():
    with pytest.raises(CorrectionInvalid):
        confirm(START, STOP, corrected(3, 2), corrected(4, 3, at(12)))
    with pytest.raises(EventFromTheFuture):
        confirm(START, STOP, corrected(3, 2, at(21)))


def test_a_log_that_contradicts_itself_after_the_correction_is_refused():
    pause = event(2, EventKind.PAUSE, at(11, 10), pause="return")
    resume = event(3, EventKind.RESUME, at(11, 15), pause="return")
    with pytest.raises(ResumeWithoutPause):
        confirm(START, pause, resume, corrected(4, 2))


def test_an_agreement_by_silence_does_not_hold_before_the_talk_it_agrees_to():
    stop = event(2, EventKind.STOP, at(11, 10), stage="confirm", holds_from=at(12))
    [_, moved] = effective([START, stop, corrected(3, 2, at(13))])
    assert (moved.occurred_at, moved.holds_from) == (at(13), at(13))


def test_a_waiver_excuses_a_breach_and_says_nothing_of_a_clock_in_time():
    waiver = event(2, EventKind.WAIVE, at(10, 16), stage="confirm")
    assert confirm(START, waiver, now=at(11, 10)).state is ClockState.RUNNING
    late = confirm(START, waiver, now=at(20))
    assert late.state is ClockState.WAIVED
    assert late.over > timedelta(0)
    others = read_clocks([START, waiver], POLICY, CALENDAR, at(31))
    assert others["communicate"].state is ClockState.BREACHED


def test_a_breach_stays_one_under_a_calendar_that_moves_its_deadline():
    revised = event(2, EventKind.CALENDAR_REVISED, at(16), kept=("confirm",))
    generous = CALENDAR.with_rows([replace(CALENDAR.day(date(2026, 3, day)), is_workday=False, segments=())
                                   for day in range(11, 20)], "generous")  # fmt: skip
    stage = POLICY.stages["confirm"]
    assert read_clock([START], stage, POLICY.pauses, generous, at(17)).state is ClockState.RUNNING
    kept = read_clock([START, revised], stage, POLICY.pauses, generous, at(17))
    assert (kept.state, kept.kept_breached, kept.due_at) == (ClockState.BREACHED, True, at(20, 17, 30))
    waived = event(3, EventKind.WAIVE, at(17), stage="confirm")
    assert (
        read_clock([START, revised, waived], stage, POLICY.pauses, generous, at(17)).state
        is ClockState.WAIVED
    )


@given(st.randoms(use_true_random=False), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_arrival_is_irrelevant_and_effective_twice_is_once(random, shuffler):
    log = a_log(random)
    shuffled = list(log)
    shuffler.shuffle(shuffled)
    now = log[-1].recorded_at + timedelta(days=3)
    for stage in POLICY.stages.values():
        one = read_clock(log, stage, POLICY.pauses, CALENDAR, now)
        assert read_clock(shuffled, stage, POLICY.pauses, CALENDAR, now) == one
        assert read_clock(effective(log), stage, POLICY.pauses, CALENDAR, now) == one
        assert one.state in ClockState


@given(st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_a_revision_never_un_breaches_without_a_waiver(random):
    """Whatever is revised, and to whatever calendar, a clock breached at that moment is breached or waived ever after."""
    log = a_log(random)
    kinder = CALENDAR.with_rows(
        [replace(CALENDAR.day(date(2026, 1, 1) + timedelta(days=day)), is_workday=False, segments=())
         for day in random.sample(range(360), 120)], "kinder",
    )  # fmt: skip
    seq, now = max(one.seq for one in log) + 1, log[-1].recorded_at + timedelta(days=random.randint(0, 40))
    before = read_clocks(log, POLICY, CALENDAR, now)
    kept = tuple(stage for stage in STAGES if before[stage].state in (ClockState.BREACHED, ClockState.WAIVED))
    revised = [*log, Event(seq, None, EventKind.CALENDAR_REVISED, now, now, kept=kept)]
    for later in (now, now + timedelta(days=30)):
        after = read_clocks(revised, POLICY, kinder, later)
        for stage in kept:
            assert after[stage].state in (ClockState.BREACHED, ClockState.WAIVED)


@pytest.mark.parametrize("seed", range(20))
def test_each_event_later_corrected_away_reads_as_if_it_had_never_been_recorded(seed):
    from random import Random

    log = [one for one in a_log(Random(seed)) if one.kind not in (EventKind.CORRECTION, EventKind.CALENDAR_REVISED,
                                                                  EventKind.POLICY_CHANGED)]  # fmt: skip
    seq, now = max(one.seq for one in log) + 1, max(one.recorded_at for one in log) + timedelta(days=5)
    last = log[-1]
    if last.kind is EventKind.START:
        return
    without = effective([*log, Event(seq, None, EventKind.CORRECTION, now, now, corrects=last.seq)])
    assert without == tuple(log[:-1])
    assert all(one.seq < other.seq for one, other in pairwise(without))


@pytest.mark.parametrize("kind", [EventKind.CALENDAR_REVISED, EventKind.POLICY_CHANGED])
@pytest.mark.parametrize("moved_to", [None, at(18)])
def test_a_revision_is_not_corrected_since_that_would_un_breach_what_it_kept(kind, moved_to):
    revised = event(2, kind, at(16), kept=("confirm",))
    with pytest.raises(CorrectionInvalid):
        confirm(START, revised, corrected(3, 2, moved_to))


def test_an_answer_in_time_stays_so_under_a_calendar_that_moves_its_deadline_before_it():
    saturday = date(2026, 3, 14)
    start, stop = event(1, EventKind.START, at(13, 10)), event(2, EventKind.STOP, at(16, 10), stage="confirm")
    worked = CALENDAR.with_rows([replace(CALENDAR.day(date(2026, 3, 13)), on=saturday)], "worked saturday")
    stage = POLICY.stages["confirm"]
    assert read_clock([start, stop], stage, POLICY.pauses, CALENDAR, at(17)).state is ClockState.MET
    assert read_clock([start, stop], stage, POLICY.pauses, worked, at(17)).state is ClockState.BREACHED
    revised = event(3, EventKind.CALENDAR_REVISED, at(17), settled=("confirm",))
    assert read_clock([start, stop, revised], stage, POLICY.pauses, worked, at(18)).state is ClockState.MET
    reopened = event(4, EventKind.REOPEN, at(18), stage="confirm")
    again = read_clock([start, stop, revised, reopened], stage, POLICY.pauses, worked, at(19))
    assert again.state is ClockState.BREACHED
