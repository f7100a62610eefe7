"""Who held the clock while a promise was overdue: every minute of an over-run belongs to exactly one party.

A minute belongs to the platform unless another party's own clock was open at its beginning; where several were open it
belongs to the one that was opened first, ties by id. Minutes are working minutes of the promise clock itself: its
pauses, its gaps and what lies outside working hours are no part of the over-run and are nobody's. Whole minutes are
handed out, none is cut, so that the shares are whole numbers and add up to the over-run.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.clocks import ClockReading, ClockState, course_of, read_clock
from sky_net.sla.event_log import Event
from sky_net.sla.parties import PLATFORM
from sky_net.sla.policy import PausePolicy, StagePolicy

MINUTE = timedelta(minutes=1)
Elapsed = Callable[[datetime], timedelta]


@dataclass(frozen=True, slots=True)
class Party:
    """Who is answerable: the platform itself, or one organisation of a kind (institute, enterprise)."""

    kind: str
    organisation_id: UUID | None = None


OURS = Party(PLATFORM)


@dataclass(frozen=True, slots=True)
class Holding:
    """A party's own clock while it was open, [opened_at, closed_at); None is still open."""

    id: UUID
    party: Party
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OverRun:
    """The over-run of one promise clock: `elapsed` is its own working time, which stands still in pauses and gaps."""

    due_at: datetime
    until: datetime
    elapsed: Elapsed

    @property
    def minutes(self) -> int:
        """Whole working minutes, a begun one not counted, as `ClockReading.over` is shown."""
        return max(0, (self.elapsed(self.until) - self.elapsed(self.due_at)) // MINUTE)

    def position(self, at: datetime) -> int:
        """How many of the over-run's minutes have begun before this instant."""
        reached = self.elapsed(min(max(at, self.due_at), self.until)) - self.elapsed(self.due_at)
        return min(self.minutes, -(-reached // MINUTE))


def attribute(over: OverRun, holdings: Iterable[Holding]) -> dict[Party, int]:
    """Minutes by party, those with none left out; they add up to `over.minutes`."""
    shares: Counter[Party] = Counter()
    free = [(0, over.minutes)]
    for holding in sorted(holdings, key=lambda each: (each.opened_at, each.id)):
        first = over.position(holding.opened_at)
        last = over.minutes if holding.closed_at is None else over.position(holding.closed_at)
        taken, free = _take(free, first, last)
        shares[holding.party] += taken
    shares[OURS] += sum(last - first for first, last in free)
    return {party: minutes for party, minutes in shares.items() if minutes}


def _take(free: Sequence[tuple[int, int]], first: int, last: int) -> tuple[int, list[tuple[int, int]]]:
    """How much of [first, last) is still free, and what then remains."""
    taken, left = 0, []
    for begins, ends in free:
        inner = max(begins, first), min(ends, last)
        if inner[0] >= inner[1]:
            left.append((begins, ends))
            continue
        taken += inner[1] - inner[0]
        left += [piece for piece in ((begins, inner[0]), (inner[1], ends)) if piece[0] < piece[1]]
    return taken, left


def over_run(
    events: Iterable[Event], stage: StagePolicy, limits: PausePolicy, calendar: WorkCalendar, now: datetime
) -> OverRun | None:
    """The over-run of one promise clock as read at `now`; None for one that is not breached."""
    log = tuple(events)
    reading = read_clock(log, stage, limits, calendar, now)
    if reading.state is not ClockState.BREACHED or reading.due_at is None:
        return None
    until = _until(reading, now)
    return OverRun(reading.due_at, until, course_of(log, stage, limits, calendar, now).elapsed)


def _until(reading: ClockReading, now: datetime) -> datetime:
    return now if reading.stopped_at is None else reading.stopped_at
