"""The proof card: its words on known cases, and that it adds up and ends with the deadline on any."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sky_net.sla.calendar import SHANGHAI, CalendarDay, Origin, published_calendar, shanghai_date
from sky_net.sla.pause_limits import within_limits
from sky_net.sla.policy import PausePolicy, StagePolicy, policy_on
from sky_net.sla.proof import Proof
from sky_net.sla.proof_pauses import StatedPause
from sky_net.sla.working_time import Course, DayEnds, Pause, due

CALENDAR = published_calendar()
POLICY = policy_on(date(2026, 2, 13))
MINUTE = timedelta(minutes=1)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def proof(stage="confirm", opened="2026-02-13T16:50", *pauses, **values):
    stated = [StatedPause(Pause(at(start), end and at(end))) for start, end in pauses]
    defaults = {
        "stage": stage if isinstance(stage, StagePolicy) else POLICY.stages[stage],
        "policy": POLICY,
        "calendar": CALENDAR,
        "until": at(opened),
    }
    return Proof(started_at=at(opened), pauses=stated, **defaults | values)


def said(card, *codes):
    return [line.said.zh for line in card.lines() if not codes or line.code in codes]


SPRING = ("2026-02-14T10:00", "2026-02-24T10:30")


# -- known cards -------------------------------------------------------------------------------------------


def test_the_card_of_the_spring_festival_reads_as_a_person_would_count_it():
    assert said(proof("confirm", "2026-02-13T16:50", SPRING)) == [
        "首次提交：2026-02-13（周五）16:50；时限 1 个工作日",
        "2026-02-13（周五）为开始的当日，不计入",
        "第 1 个工作日：2026-02-14（周六）春节调休上班，计 420 分钟",
        "2026-02-15（周日）至 02-23（周一）春节放假 9 天，不计",
        "第 2 个工作日：2026-02-24（周二），计 420 分钟",
        "第 3 个工作日：2026-02-25（周三） 至 09:30，计 30 分钟",
        "暂停（未注明；未注明）：2026-02-14（周六）10:00 至 2026-02-24（周二）10:30，扣除 450 分钟",
        f"工作日历 {CALENDAR.version}，放假安排公布至 2026-12-31；作息 09:00–12:00、13:30–17:30",
        "时限策略 response-1-5-15.v1，自 2004-01-01 起施行",
        "期限：2026-02-25（周三）09:30，至此用满 1 个工作日（420 分钟）；因扣除 450 分钟顺延至此",
    ]


def test_every_line_has_english_beside_it():
    for line in proof("propose", "2026-02-13T16:50", SPRING).lines():
        assert str(line.said)
        assert str(line.said) != line.said.zh
    lines = [str(line.said) for line in proof().lines()]
    assert lines[0] == "First submission: Fri 2026-02-13 16:50; 1 working day allowed"
    assert (
        lines[-1]
        == "Due: Sat 2026-02-14 17:30, when 1 working day (420 minutes) are used up; a day ends with business"
    )


def test_the_law_stands_beside_what_it_says():
    lines = {line.code: line.source for line in proof("propose").lines()}
    assert lines["start_day_excluded"] == "《中华人民共和国民法典》第二百零一条"
    assert lines["due"] == "《中华人民共和国民法典》第二百零三条"
    assert "2026 年节假日安排" in lines["calendar"]
    assert "职工工作时间" in lines["calendar"]
    assert "第二百零一条" in lines["policy"]


def test_a_fifteen_day_card_stays_readable():
    days = said(proof("propose", "2026-02-13T16:50"), "working_days", "days_off")
    assert days == [
        "第 1 个工作日：2026-02-14（周六）春节调休上班，计 420 分钟",
        "2026-02-15（周日）至 02-23（周一）春节放假 9 天，不计",
        "第 2 至 5 个工作日：2026-02-24（周二）至 02-27（周五），计 1680 分钟",
        "第 6 个工作日：2026-02-28（周六）春节调休上班，计 420 分钟",
        "2026-03-01（周日）周末 1 天，不计",
        "第 7 至 11 个工作日：2026-03-02（周一）至 03-06（周五），计 2100 分钟",
        "2026-03-07（周六）至 03-08（周日）周末 2 天，不计",
        "第 12 至 15 个工作日：2026-03-09（周一）至 03-12（周四），计 1680 分钟",
    ]


def test_a_provisional_deadline_says_what_it_rests_on():
    card = proof("propose", "2026-12-24T10:00")
    assert card.provisional
    codes = [line.code for line in card.lines()]
    assert codes[-2:] == ["provisional", "due"]
    assert "公布后重新计算" in said(card, "provisional")[0]
    assert not proof("communicate", "2026-12-24T10:00").provisional


def test_shorter_hours_and_their_order_are_shown():
    half = CalendarDay.work(date(2026, 3, 3), Origin.LOCAL_OVERRIDE, ((540, 720),), "台风半日", "市通告")
    summer = CalendarDay.work(
        date(2026, 3, 4), Origin.SEASONAL_HOURS, ((540, 720), (840, 1080)), "夏令作息", "市规定"
    )
    closed = CalendarDay.rest(date(2026, 3, 5), Origin.LOCAL_OVERRIDE, "台风停工", "市通告")
    calendar = CALENDAR.with_rows([half, summer, closed], "typhoon")
    card = proof("communicate", "2026-03-02T11:00", calendar=calendar)
    assert said(card, "working_days", "days_off")[:3] == [
        "第 1 个工作日：2026-03-03（周二）台风半日（作息 09:00–12:00），计 180 分钟",
        "第 2 个工作日：2026-03-04（周三）夏令作息（作息 09:00–12:00、14:00–18:00），计 420 分钟",
        "2026-03-05（周四）台风停工 1 天，不计",
    ]
    assert card.budget == timedelta(minutes=180 + 4 * 420)
    assert [line.source for line in card.lines()][2:5] == ["市通告", "市规定", "市通告"]


def test_a_pause_outside_working_hours_is_said_to_move_nothing():
    card = proof("confirm", "2026-03-02T11:00", ("2026-03-02T18:00", "2026-03-03T09:00"))
    assert said(card, "pause")[0].endswith("不影响期限")
    late = proof("confirm", "2026-03-02T11:00", ("2026-03-09T09:00", "2026-03-10T09:00"))
    assert said(late, "pause")[0].endswith("不影响期限")


def test_a_minute_under_two_pauses_is_taken_out_once():
    card = proof(
        "communicate", "2026-03-02T11:00", ("2026-03-03T10:00", "2026-03-03T12:00"), ("2026-03-03T09:00", "2026-03-03T11:00")
    )  # fmt: skip
    assert [line.minutes for line in card.lines() if line.code == "pause"] == [120, 60]


def test_a_pause_past_its_maximum_says_where_the_clock_runs_on():
    card = proof(
        "propose", "2026-03-02T16:50", ("2026-03-03T16:00", "2026-03-31T10:00"), limits=POLICY.pauses, until=at("2026-04-01T09:00")
    )  # fmt: skip
    assert [line.minutes for line in card.lines() if line.code == "pause"] == [10 * 420]
    assert said(card, "pause_limit") == [
        "至 2026-03-17（周二）16:00 满单次上限 10 个工作日，此后时钟自动恢复"
    ]


def test_the_maximum_of_all_pauses_together_says_where_it_was_reached():
    days = [
        ("2026-03-03T09:00", "2026-03-12T17:30"),
        ("2026-03-16T09:00", "2026-03-25T17:30"),
        ("2026-04-07T09:00", "2026-04-15T17:30"),
    ]
    card = proof("propose", "2026-03-02T16:50", *days, limits=POLICY.pauses, until=at("2026-06-01T09:00"))
    assert [line.minutes for line in card.lines() if line.code == "pause"] == [8 * 420, 8 * 420, 4 * 420]
    assert said(card, "pause_limit") == [
        "至 2026-04-10（周五）17:30 满累计上限 20 个工作日，此后时钟自动恢复"
    ]
    one_more = (*days, ("2026-04-20T09:00", "2026-04-21T09:00"))
    card = proof("propose", "2026-03-02T16:50", *one_more, limits=POLICY.pauses, until=at("2026-06-01T09:00"))
    assert said(card, "pause_limit")[-1] == "已满累计上限 20 个工作日，该暂停不停止计时"


def test_the_time_between_an_answer_and_its_reopening_is_nobodys():
    gap = Pause(at("2026-03-03T10:00"), at("2026-03-04T10:00"))
    card = proof("confirm", "2026-03-02T11:00", gaps=[gap])
    assert said(card, "reopened") == [
        "办结至重新开启之间不计：2026-03-03（周二）10:00 至 2026-03-04（周三）10:00，扣除 420 分钟"
    ]
    assert card.due_at == at("2026-03-04T17:30")


def test_an_open_pause_hides_the_deadline_and_the_card_says_what_is_left():
    card = proof("confirm", "2026-03-02T11:00", ("2026-03-03T10:00", None), until=at("2026-03-03T16:00"))
    assert card.due_at is None
    assert not card.provisional
    assert [line.code for line in card.lines()][-1] == "paused"
    assert said(card, "paused") == ["暂停中，期限待定：恢复后尚余 360 分钟"]
    assert said(card, "pause")[0].endswith("2026-03-03（周二）10:00 起，尚未恢复，扣除 270 分钟")


def test_a_pause_that_is_open_before_counting_began_leaves_no_days_to_list():
    card = proof("confirm", "2026-03-02T11:00", ("2026-03-02T12:00", None), until=at("2026-03-02T16:00"))
    assert said(card, "working_days", "days_off") == []
    assert said(card, "paused") == ["暂停中，期限待定：恢复后尚余 420 分钟"]


def test_a_start_day_that_counts_is_said_to_and_counts_from_its_hour():
    stage = StagePolicy("confirm", 1, DayEnds.CLOSE, count_start_day=True, at_risk_share=0.5)
    card = proof(stage, "2026-03-02T11:00")
    assert said(card, "start_day_counts", "working_days") == [
        "2026-03-02（周一）为开始的当日，按策略计入",
        "第 1 个工作日：2026-03-02（周一） 自 11:00，计 300 分钟",
    ]
    after_hours = proof(stage, "2026-03-02T18:00")
    assert said(after_hours, "working_days") == ["第 1 个工作日：2026-03-03（周二），计 420 分钟"]


def test_a_day_that_ends_at_midnight_is_due_at_its_24_00():
    stage = StagePolicy("confirm", 1, DayEnds.MIDNIGHT, count_start_day=False, at_risk_share=0.5)
    card = proof(stage, "2026-03-02T11:00")
    assert card.due_at == at("2026-03-04T00:00")
    assert said(card, "due")[0].startswith("期限：2026-03-03（周二）24:00，")
    assert said(card, "due")[0].endswith("；截止时间为当日二十四时")
    assert said(card, "working_days") == ["第 1 个工作日：2026-03-03（周二），计 420 分钟"]


def test_a_line_as_json_leaves_out_what_it_does_not_speak_of():
    lines = [line.as_json() for line in proof("confirm", "2026-02-13T16:50", SPRING).lines()]
    assert lines[0] == {
        "code": "began",
        "zh": "首次提交：2026-02-13（周五）16:50；时限 1 个工作日",
        "en": "First submission: Fri 2026-02-13 16:50; 1 working day allowed",
        "on": "2026-02-13T16:50:00+08:00",
    }
    assert lines[3] == {
        "code": "days_off",
        "zh": "2026-02-15（周日）至 02-23（周一）春节放假 9 天，不计",
        "en": "Sun 2026-02-15 to Mon 02-23, public holiday (春节), 9 days, not counted",
        "from": "2026-02-15T00:00:00+08:00",
        "to": "2026-02-24T00:00:00+08:00",
        "source": CALENDAR.day(date(2026, 2, 15)).source,
    }
    assert (lines[5]["from"], lines[5]["to"], lines[5]["minutes"]) == (
        "2026-02-25T09:00:00+08:00",
        "2026-02-25T09:30:00+08:00",
        30,
    )


# -- properties --------------------------------------------------------------------------------------------

START = at("2026-01-01T00:00")
SPAN = 200 * 1440
INSTANTS = some.integers(0, SPAN * 60).map(lambda seconds: START + timedelta(seconds=seconds))
STRETCHES = some.tuples(INSTANTS, some.integers(0, 30 * 86_400)).map(
    lambda pair: Pause(pair[0], pair[0] + timedelta(seconds=pair[1]))
)
OPEN = INSTANTS.map(Pause)
LIMITS = some.none() | some.tuples(some.integers(1, 6), some.integers(6, 12)).map(
    lambda pair: PausePolicy(*pair)
)
STAGES = some.builds(
    StagePolicy,
    some.just("stage"),
    some.integers(1, 20),
    some.sampled_from(DayEnds),
    some.booleans(),
    some.just(0.75),
)


CLOSED_PAUSES = some.lists(STRETCHES, max_size=5)
GAPS = some.lists(STRETCHES, max_size=2)


@some.composite
def proofs(draw, pauses=CLOSED_PAUSES):
    changed = draw(some.lists(some.integers(0, 250), max_size=8, unique=True))
    rows = [odd_day(date(2026, 1, 1) + timedelta(days=n), draw(some.integers(0, 3))) for n in changed]
    started_at = draw(INSTANTS)
    return Proof(
        stage=draw(STAGES),
        policy=POLICY,
        calendar=CALENDAR.with_rows(rows, "random") if rows else CALENDAR,
        started_at=started_at,
        until=started_at + timedelta(days=draw(some.integers(0, 90))),
        pauses=[StatedPause(pause) for pause in draw(pauses)],
        gaps=draw(GAPS),
        limits=draw(LIMITS),
    )


def odd_day(on, kind):
    match kind:
        case 0:
            return CalendarDay.rest(on, Origin.LOCAL_OVERRIDE, "台风停工")
        case 1:
            return CalendarDay.work(on, Origin.LOCAL_OVERRIDE, ((540, 720),))
        case 2:
            return CalendarDay.work(on, Origin.SEASONAL_HOURS, ((500, 700), (710, 1440)))
        case _:
            return CalendarDay.work(on, Origin.MAKE_UP)


def added(lines, *codes):
    return sum((line.worked for line in lines if line.code in codes), timedelta())


@settings(deadline=None)
@given(proofs())
def test_the_days_that_count_less_what_was_taken_out_are_the_budget(card):
    lines = card.lines()
    assert added(lines, "working_days") - added(lines, "pause", "reopened") == card.budget


@settings(deadline=None)
@given(proofs())
def test_the_last_line_is_the_deadline_of_the_clock_itself(card):
    kept = [each.pause for each in card.pauses]
    if card.limits is not None:
        kept = within_limits(kept, card.limits, card.calendar, card.until)
    course = Course(card.calendar, card.started_at, (*kept, *card.gaps), card.stage.count_start_day)
    expected = course.due(course.budget(card.stage.days), card.stage.day_ends)
    assert card.lines()[-1].on == card.due_at == expected
    assert card.lines()[-1].code == "due"


@settings(deadline=None)
@given(proofs(pauses=some.lists(STRETCHES | OPEN, min_size=1, max_size=4)))
def test_with_an_open_pause_the_card_adds_up_to_what_is_left(card):
    lines = card.lines()
    if card.due_at is None:
        assert lines[-1].code == "paused"
        counted = added(lines, "working_days") - added(lines, "pause", "reopened")
        assert counted == card.course.elapsed(card.until)
    else:
        assert lines[-1].on == card.due_at


@settings(deadline=None)
@given(proofs())
def test_every_date_of_the_period_is_on_the_card_exactly_once(card):
    lines = [line for line in card.lines() if line.code in ("working_days", "days_off")]
    listed = [on for line in lines for on in dates(line)]
    first = shanghai_date(card.started_at) + timedelta(days=not card.stage.count_start_day)
    last = shanghai_date(card.course.due(card.budget) - timedelta(microseconds=1))
    period = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    worked_before = card.stage.count_start_day and first not in listed
    assert listed == (period[1:] if worked_before else period)
    for line in lines:
        assert {card.calendar.day(on).is_workday for on in dates(line)} == {line.code == "working_days"}


def dates(line):
    first, last = shanghai_date(line.starts), shanghai_date(line.ends - timedelta(microseconds=1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@settings(deadline=None)
@given(proofs(), some.randoms(use_true_random=False))
def test_the_order_in_which_pauses_are_given_changes_no_sum(card, random):
    lines = card.lines()
    shuffled = list(card.pauses)
    random.shuffle(shuffled)
    other = Proof(
        card.stage, card.policy, card.calendar, card.started_at, card.until, shuffled, card.gaps, card.limits
    ).lines()
    assert added(other, "pause") == added(lines, "pause")
    assert other[-1].on == lines[-1].on


@given(some.integers(0, 22 * 365), some.sampled_from(["confirm", "communicate", "propose"]))
def test_on_the_real_calendar_the_card_of_any_day_ends_with_the_deadline(day, stage):
    opened = datetime.combine(date(2004, 1, 1) + timedelta(days=day), time(10), SHANGHAI)
    card = Proof(POLICY.stages[stage], POLICY, CALENDAR, opened, opened)
    assert card.lines()[-1].on == due(CALENDAR, opened, POLICY.stages[stage].days)
    counted = [line for line in card.lines() if line.code == "working_days"]
    assert sum(len(dates(line)) for line in counted) == POLICY.stages[stage].days


@pytest.mark.parametrize("code", ["working_days", "days_off", "pause", "due"])
def test_no_line_of_a_card_is_without_an_instant(code):
    for line in proof("propose", "2026-02-13T16:50", SPRING).lines():
        if line.code == code:
            assert line.on or line.starts
