"""What of each pause stops the clock, and what it took out: together exactly what the clock itself makes of them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from backbone.errors import Bilingual
from sky_net.sla.calendar import SHANGHAI, published_calendar
from sky_net.sla.pause_limits import joined, within_limits
from sky_net.sla.policy import PausePolicy, policy_on
from sky_net.sla.proof_pauses import StatedPause, granted, pause_lines
from sky_net.sla.working_time import Course, Pause

CALENDAR = published_calendar()
LIMITS = policy_on(date(2026, 3, 2)).pauses


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


OPENING, LATE = at("2026-03-03T09:00"), at("2026-06-01T09:00")


def stated(*pairs):
    return [StatedPause(Pause(at(start), end and at(end))) for start, end in pairs]


def kept(pauses, limits=LIMITS, until=LATE):
    return [each.kept for each in granted(pauses, limits, CALENDAR, until)]


def lines(pauses, gaps=(), limits=LIMITS, edge=LATE):
    return list(pause_lines(granted(pauses, limits, CALENDAR, LATE), gaps, CALENDAR, OPENING, edge))


# -- what is granted ---------------------------------------------------------------------------------------


def test_without_maxima_each_pause_stands_as_it_was_stated_in_order_of_its_start():
    later, earlier = stated(("2026-04-01T09:00", "2026-05-20T09:00"), ("2026-03-10T09:00", None))
    found = granted([later, earlier], None, CALENDAR, LATE)
    assert [(each.stated, each.kept, each.limit) for each in found] == [
        (earlier, earlier.pause, None),
        (later, later.pause, None),
    ]


def test_a_pause_within_the_maxima_is_kept_whole():
    pauses = stated(("2026-03-10T09:00", "2026-03-12T09:00"))
    [found] = granted(pauses, LIMITS, CALENDAR, LATE)
    assert (found.kept, found.limit) == (pauses[0].pause, None)


def test_a_pause_of_exactly_the_maximum_is_not_said_to_be_cut():
    [found] = granted(stated(("2026-03-10T09:00", "2026-03-23T17:30")), LIMITS, CALENDAR, LATE)
    assert found.limit is None


def test_a_pause_over_its_own_maximum_is_cut_at_the_minute():
    [found] = granted(stated(("2026-03-10T10:00", "2026-04-20T10:00")), LIMITS, CALENDAR, LATE)
    assert found.kept == Pause(at("2026-03-10T10:00"), at("2026-03-24T10:00"))
    assert found.limit.zh == "单次上限 10 个工作日"
    assert str(found.limit) == "the maximum of 10 working days for one pause"


def test_an_open_pause_is_cut_once_its_maximum_has_come_and_not_before():
    pauses = stated(("2026-03-10T10:00", None))
    assert kept(pauses, until=at("2026-03-24T09:59")) == [Pause(at("2026-03-10T10:00"))]
    assert kept(pauses, until=at("2026-03-24T10:00")) == [
        Pause(at("2026-03-10T10:00"), at("2026-03-24T10:00"))
    ]


def test_the_maximum_of_all_together_cuts_the_pause_that_reaches_it_and_ends_the_others():
    limits = PausePolicy(3, 4)
    found = granted(
        stated(
            ("2026-03-03T09:00", "2026-03-05T17:30"),
            ("2026-03-09T09:00", "2026-03-11T17:30"),
            ("2026-03-16T09:00", "2026-03-16T17:30"),
        ),
        limits, CALENDAR, LATE,
    )  # fmt: skip
    assert [each.kept and each.kept.end for each in found] == [
        at("2026-03-05T17:30"),
        at("2026-03-09T17:30"),
        None,
    ]
    assert [each.limit and each.limit.zh for each in found] == [
        None,
        "累计上限 4 个工作日",
        "累计上限 4 个工作日",
    ]


def test_of_two_overlapping_pauses_each_keeps_its_own_part():
    pauses = stated(("2026-03-10T09:00", "2026-03-12T17:30"), ("2026-03-11T09:00", "2026-03-13T17:30"))
    assert kept(pauses) == [pause.pause for pause in pauses]


def test_a_pause_of_no_length_is_kept_as_it_is():
    pauses = stated(("2026-03-10T09:00", "2026-03-10T09:00"))
    assert kept(pauses) == [pauses[0].pause]


START = at("2026-01-05T00:00")
MOMENTS = some.integers(0, 120 * 1440).map(lambda minutes: START + timedelta(minutes=minutes))
PAUSES = some.lists(
    some.tuples(MOMENTS, some.none() | some.integers(0, 25 * 1440)).map(
        lambda pair: Pause(pair[0], None if pair[1] is None else pair[0] + timedelta(minutes=pair[1]))
    ),
    max_size=6,
)
MAXIMA = some.tuples(some.integers(1, 8), some.integers(0, 12)).map(
    lambda pair: PausePolicy(pair[0], sum(pair))
)


@settings(deadline=None)
@given(PAUSES, MAXIMA, MOMENTS)
def test_pause_by_pause_as_much_is_granted_as_for_all_together(pauses, limits, until):
    begun = [pause for pause in pauses if pause.start <= until]
    each = [found.kept for found in granted([StatedPause(p) for p in begun], limits, CALENDAR, until)]
    alone = joined(pause for pause in each if pause is not None)
    together = joined(within_limits(begun, limits, CALENDAR, until))
    assert working(alone) == working(together)


def working(pauses):
    """The same pauses as working time: where nobody works it does not matter whether they touch."""
    course = Course(CALENDAR, START, pauses, count_start_day=True)
    return [course.elapsed(START + timedelta(days=days)) for days in range(0, 240, 3)]


@settings(deadline=None)
@given(PAUSES, MAXIMA, MOMENTS)
def test_what_is_kept_lies_within_what_was_stated_and_a_cut_names_its_maximum(pauses, limits, until):
    begun = [pause for pause in pauses if pause.start <= until]
    for found in granted([StatedPause(p) for p in begun], limits, CALENDAR, until):
        given_pause = found.stated.pause
        assert (found.limit is None) == (found.kept == given_pause)
        if found.kept is not None:
            assert found.kept.start == given_pause.start
            assert given_pause.end is None or (
                found.kept.end is not None and found.kept.end <= given_pause.end
            )


# -- lines -------------------------------------------------------------------------------------------------


def test_the_words_of_whoever_asks_stand_on_the_line():
    pause = StatedPause(
        Pause(at("2026-03-10T09:00"), at("2026-03-10T10:00")),
        Bilingual("退回补充", "returned"),
        Bilingual("某站", "a post"),
    )
    [line] = lines([pause])
    assert (
        line.zh == "暂停（退回补充；某站）：2026-03-10（周二）09:00 至 2026-03-10（周二）10:00，扣除 60 分钟"
    )
    assert (
        line.en
        == "Pause (returned; a post): Tue 2026-03-10 09:00 to Tue 2026-03-10 10:00, 60 minutes taken out"
    )
    assert (line.starts, line.ends, line.minutes) == (pause.pause.start, pause.pause.end, 60)


def test_what_a_pause_took_out_ends_where_the_clock_does():
    pauses = stated(("2026-03-02T09:00", "2026-03-03T10:00"), ("2026-03-10T09:00", "2026-03-12T09:00"))
    found = lines(pauses, edge=at("2026-03-10T11:00"))
    assert [line.minutes for line in found] == [60, 120]


def test_a_pause_before_the_opening_or_after_the_end_moves_nothing():
    pauses = stated(("2026-03-02T09:00", "2026-03-02T17:30"), ("2026-03-20T09:00", "2026-03-21T09:00"))
    found = lines(pauses, edge=at("2026-03-10T11:00"))
    assert [line.minutes for line in found] == [0, 0]
    assert all(line.zh.endswith("不影响期限") and line.en.endswith("moves nothing") for line in found)


def test_a_pause_that_ends_at_midnight_ends_at_24_00():
    [line] = lines(stated(("2026-03-10T09:00", "2026-03-11T00:00")))
    assert "至 2026-03-10（周二）24:00" in line.zh


def test_a_gap_and_a_pause_over_it_take_out_a_minute_once():
    gap = Pause(at("2026-03-10T10:00"), at("2026-03-10T12:00"))
    found = lines(stated(("2026-03-10T09:00", "2026-03-10T11:00")), [gap])
    assert [(line.code, line.minutes) for line in found] == [("pause", 120), ("reopened", 60)]


@pytest.mark.parametrize("edge", [OPENING, OPENING - timedelta(days=1)])
def test_where_nothing_is_counted_yet_nothing_is_taken_out(edge):
    assert [line.minutes for line in lines(stated(("2026-03-03T09:00", "2026-03-05T09:00")), edge=edge)] == [
        0
    ]


def test_no_pauses_no_lines():
    assert lines([]) == []
