"""The days on which the story plays: the latest working afternoon, and the working days before it.

At 16:30 of a working day a need posted the day before is about to break its promise of one day, whatever day of the
week the demo is run on.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from backbone.clock import SHANGHAI
from sky_net.sla.calendar import published_calendar

PRESENT = time(16, 30)


def working_days_until(now: datetime, count: int) -> list[date]:
    """The last `count` working days whose 16:30 is past, the latest first."""
    calendar = published_calendar()
    day = now.astimezone(SHANGHAI).date()
    days: list[date] = []
    while len(days) < count:
        if calendar.day(day).is_workday and at(day, PRESENT) <= now:
            days.append(day)
        day -= timedelta(days=1)
    return days


def at(day: date, moment: time) -> datetime:
    """That moment of that day in Wuhan."""
    return datetime.combine(day, moment, SHANGHAI).astimezone(UTC)


@dataclass(frozen=True)
class StoryClock:
    """Moves the demo server's clock by writing the shift it reads; see `backbone.clock.ShiftedClock`."""

    file: Path

    def stand_at(self, instant: datetime) -> None:
        """From now on the server's time runs on from `instant`."""
        draft = self.file.with_suffix(".new")
        draft.write_text(str((instant - datetime.now(UTC)).total_seconds()))
        draft.replace(self.file)
