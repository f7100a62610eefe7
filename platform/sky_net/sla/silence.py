"""Silence and what it means: agreement to a talk on record, and absence where the enterprise was asked something.

An enterprise that leaves what it was asked unanswered for the policy's days counts as silent from that instant on, and the
clocks of the subject are cancelled then. Both can be told in advance from the logs, the one from that of what it was asked,
the other from the subject's own: `silenced` puts them together, so that no job has to run for it.
"""

from collections.abc import Sequence
from datetime import datetime

from sky_net.sla.calendar import WorkCalendar, published_calendar, shanghai_date
from sky_net.sla.corrections import effective
from sky_net.sla.event_log import Event, EventKind, Replay
from sky_net.sla.parties import ENTERPRISE, PLATFORM
from sky_net.sla.policy import STAGES, ResponsePolicy, policy_on
from sky_net.sla.refusals import CalendarMissing, spoken
from sky_net.sla.working_time import due

PUT_OFF = "park"
"""The pause during which nobody waits for the enterprise: a long-term problem."""
LAST_STAGE = STAGES[-1]
"""Its answer is what everybody waits for; once that is there, the enterprise's silence ends nothing."""


def silence_ends_at(
    policy: ResponsePolicy, recorded_at: datetime, calendar: WorkCalendar | None = None
) -> datetime:
    """The close of the last working day of the policy's silence after `recorded_at`; raises CalendarMissing."""
    return _close_of(policy.parties.agreement_by_silence_days, recorded_at, calendar)


def dispute_ends_at(
    policy: ResponsePolicy, released_at: datetime, calendar: WorkCalendar | None = None
) -> datetime:
    """The close of the last working day on which the enterprise may dispute a proposal; raises CalendarMissing."""
    return _close_of(policy.parties.dispute_days, released_at, calendar)


def silent_from(asked_at: datetime, calendar: WorkCalendar | None = None) -> datetime:
    """The close of the working day by which an enterprise that was asked then counts as silent; raises CalendarMissing."""
    return _close_of(policy_on(shanghai_date(asked_at)).parties.enterprise_silent_days, asked_at, calendar)


def silence_after(party: str, log: Replay, calendar: WorkCalendar) -> datetime | None:
    """Since when an enterprise that leaves this clock as it stands counts as silent; None for any other clock, an answered
    or a cancelled one, and past the calendar.
    """
    if party != ENTERPRISE or log.started_at is None or log.stops or log.cancelled_at is not None:
        return None
    try:
        return silent_from(log.started_at, calendar)
    except CalendarMissing:
        return None


def heeds_silence_from(party: str, stage: str, events: Sequence[Event], log: Replay) -> datetime | None:
    """From when on the enterprise's silence ends the clocks of this subject; None while it does not.

    What ran out while nobody waited for it ends nothing: whoever takes the subject up again asks again. Told by the row of
    the last stage alone.
    """
    is_open = not log.stops and log.cancelled_at is None and (None, PUT_OFF) not in log.open
    if party != PLATFORM or stage != LAST_STAGE or not is_open:
        return None
    taken_up = [
        event.occurred_at
        for event in effective(events)
        if event.stage in (None, stage)
        and (
            event.kind in (EventKind.START, EventKind.REOPEN)
            or (event.kind is EventKind.RESUME and event.pause == PUT_OFF)
        )
    ]
    return max(taken_up)


def _close_of(days: int, asked_at: datetime, calendar: WorkCalendar | None) -> datetime:
    with spoken():
        ends = due(calendar or published_calendar(), asked_at, days)
    if ends is None:
        raise AssertionError("unreachable: a course without pauses has a deadline")
    return ends
