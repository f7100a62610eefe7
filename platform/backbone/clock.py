"""The time, as a parameter: services receive an instant, boundaries read it here."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


@dataclass
class FrozenClock:
    """A clock that moves only when told: for tests, and for demonstrations of deadlines."""

    instant: datetime

    def now(self) -> datetime:
        """The instant it stands at, in UTC."""
        return self.instant.astimezone(UTC)

    def advance(self, **by: float) -> None:
        """Move forward by `timedelta(**by)`."""
        self.instant += timedelta(**by)


@dataclass(frozen=True)
class ShiftedClock:
    """The machine's clock moved by the seconds that a file holds: how a demonstration tells a story of several days.

    The file is read at every look, so that one process can move the time of another. A missing file means no shift.
    """

    file: Path

    def now(self) -> datetime:
        """The shifted present instant, aware, in UTC."""
        shift = float(self.file.read_text()) if self.file.is_file() else 0.0
        return datetime.now(UTC) + timedelta(seconds=shift)


def local_date(instant: datetime) -> date:
    """The calendar day in Asia/Shanghai on which `instant` falls."""
    return instant.astimezone(SHANGHAI).date()
