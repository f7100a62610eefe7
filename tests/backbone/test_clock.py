from datetime import UTC, date, datetime, timedelta, timezone

from backbone.clock import FrozenClock, SystemClock, local_date


def test_the_system_clock_is_aware_and_in_utc():
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_the_system_clock_does_not_run_backwards_between_two_looks():
    clock = SystemClock()
    assert clock.now() <= clock.now()


def test_a_frozen_clock_stands_still_until_told_to_move():
    clock = FrozenClock(datetime(2026, 3, 10, 1, 30, tzinfo=UTC))
    assert clock.now() == clock.now() == datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
    clock.advance(days=1, minutes=5)
    assert clock.now() == datetime(2026, 3, 11, 1, 35, tzinfo=UTC)


def test_a_frozen_clock_speaks_utc_whatever_it_was_set_in():
    wuhan = timezone(timedelta(hours=8))
    assert (
        FrozenClock(datetime(2026, 3, 10, 9, 30, tzinfo=wuhan)).now().isoformat()
        == "2026-03-10T01:30:00+00:00"
    )


def test_the_local_day_begins_at_sixteen_hours_utc():
    assert local_date(datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC)) == date(2026, 3, 9)
    assert local_date(datetime(2026, 3, 9, 16, 0, tzinfo=UTC)) == date(2026, 3, 10)


def test_the_local_day_is_that_of_shanghai_summer_time_of_1990_included():
    assert local_date(datetime(1990, 7, 1, 15, 30, tzinfo=UTC)) == date(1990, 7, 2)
