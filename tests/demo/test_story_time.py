from datetime import UTC, datetime, time

from backbone.clock import ShiftedClock
from demo.story_time import PRESENT, StoryClock, at, working_days_until


def test_the_story_plays_on_the_latest_working_afternoon():
    saturday = datetime(2026, 3, 14, 4, 0, tzinfo=UTC)
    days = working_days_until(saturday, 6)
    assert [str(day) for day in days] == [
        "2026-03-13", "2026-03-12", "2026-03-11", "2026-03-10", "2026-03-09", "2026-03-06",
    ]  # fmt: skip


def test_before_half_past_four_the_story_plays_yesterday():
    friday_noon = datetime(2026, 3, 13, 4, 0, tzinfo=UTC)
    assert str(working_days_until(friday_noon, 1)[0]) == "2026-03-12"


def test_a_holiday_is_passed_over_and_a_make_up_saturday_counts():
    after_spring_festival = datetime(2026, 2, 24, 10, 0, tzinfo=UTC)
    assert [str(day) for day in working_days_until(after_spring_festival, 2)] == ["2026-02-24", "2026-02-14"]


def test_the_server_reads_the_time_that_the_story_writes(tmp_path):
    file = tmp_path / "clock"
    clock = ShiftedClock(file)
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 60
    wanted = at(datetime(2026, 3, 10, tzinfo=UTC).date(), PRESENT)
    StoryClock(file).stand_at(wanted)
    assert abs((clock.now() - wanted).total_seconds()) < 60
    assert at(wanted.date(), time(9, 0)) == datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
