"""Until when one may apply, in working days: the calendar stands above the policy pack and is put in by the assembly."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from policy_pack.engine.policy import Policy

WorkingDays = Callable[[Session, date, date], int | None]
"""How many working days lie from one day to another, both included; None where no calendar reaches so far."""

CLOSING = 10
"""So many working days before its end a policy is told of once more."""
_installed: list[WorkingDays] = []


@dataclass(frozen=True)
class Deadline:
    """The days of application, None open, and how many working days are left, today included; None unknown or endless."""

    from_on: date | None
    until_on: date | None
    working_days_left: int | None

    @property
    def is_closing(self) -> bool:
        """Whether there is little time left."""
        return self.working_days_left is not None and self.working_days_left <= CLOSING


def install_working_days(count: WorkingDays) -> None:
    """Make this the process's count of working days."""
    _installed[:] = [count]


def deadline_of(session: Session, policy: Policy, today: date) -> Deadline:
    """The policy's own days, cut short by whatever ended its version."""
    last = policy.validity.last
    left = None
    if last is not None:
        left = 0 if last < today else _installed[0](session, today, last) if _installed else None
    return Deadline(policy.validity.first, last, left)
