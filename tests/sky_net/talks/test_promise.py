"""When silence becomes agreement: the close of the second working day after the record."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from sky_net.talks.promise import silence_ends_at

NEED = SimpleNamespace(zone_code="420100", submitted_at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("recorded_at", "ends_at"),
    [
        (datetime(2026, 3, 10, 2, 0, tzinfo=UTC), datetime(2026, 3, 12, 9, 30, tzinfo=UTC)),  # Tuesday → Thursday
        (datetime(2026, 3, 12, 9, 29, tzinfo=UTC), datetime(2026, 3, 16, 9, 30, tzinfo=UTC)),  # Thursday → Monday
        (datetime(2026, 3, 14, 4, 0, tzinfo=UTC), datetime(2026, 3, 17, 9, 30, tzinfo=UTC)),  # Saturday → Tuesday
        (datetime(2026, 9, 30, 2, 0, tzinfo=UTC), datetime(2026, 10, 9, 9, 30, tzinfo=UTC)),  # over the national days
    ],
)  # fmt: skip
def test_silence_lasts_two_working_days_that_follow_the_record(session, recorded_at, ends_at):
    assert silence_ends_at(session, NEED, recorded_at) == ends_at
