"""One line of a clock's log, and what the kinds of them do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sky_net.sla.prefix import fixed

PauseKey = tuple[str | None, str]


MET, NO_SOLUTION = "met", "no_solution"


class EventKind(StrEnum):
    """What an event does to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CANCEL = "cancel"
    REOPEN = "reopen"
    CORRECTION = "correction"
    """Another event happened at another instant, or never: see `corrections`."""
    WAIVE = "waive"
    """An over-run of this stage is excused, by somebody who may, with a reason."""
    POLICY_CHANGED = "policy_changed"
    CALENDAR_REVISED = "calendar_revised"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log; instants are aware.

    ``stage`` None speaks of every clock of the subject (the submission starts all three, a return
    pauses them). ``holds_from`` lets a stop count only once that instant has come (agreement by
    silence); it then counts at ``occurred_at``. ``pause`` names what a pause opens and a resume of the
    same stage closes, so that several may be open at once; the clock runs again when all of them are
    closed. ``corrects`` and ``moved_to`` are a correction's: the ``seq`` it speaks of, and when that
    happened instead (None strikes it). ``kept`` names the stages that were breached when the policy
    or the calendar was revised: they stay so, whatever the revision says of their deadline. ``settled`` names those answered in time
    before it, which stay that. ``outcome``
    is what a stop in time comes to: the promise met, or the honest end that there is no solution.
    """

    seq: int
    stage: str | None
    kind: EventKind
    occurred_at: datetime
    recorded_at: datetime
    holds_from: datetime | None = None
    pause: str = ""
    corrects: int | None = None
    moved_to: datetime | None = None
    kept: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    outcome: str = MET

    def __post_init__(self) -> None:
        for name in ("occurred_at", "recorded_at", "holds_from", "moved_to"):
            at = getattr(self, name)
            if at is not None:
                object.__setattr__(self, name, fixed(at))

    @property
    def pause_key(self) -> PauseKey:
        """What a pause and the resume that closes it have in common."""
        return self.stage, self.pause

    def holds(self, now: datetime) -> bool:
        """Whether a stop already counts."""
        return self.holds_from is None or self.holds_from <= now
