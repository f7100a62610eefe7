"""Silence is agreement: until when an enterprise can say that a talk on record did not take place."""

from datetime import datetime

from sky_net.sla.calendar import published_calendar
from sky_net.sla.policy import ResponsePolicy
from sky_net.sla.refusals import spoken
from sky_net.sla.working_time import due


def silence_ends_at(policy: ResponsePolicy, recorded_at: datetime) -> datetime:
    """The close of the last working day of the policy's silence after `recorded_at`; raises CalendarMissing."""
    with spoken():
        ends = due(published_calendar(), recorded_at, policy.parties.agreement_by_silence_days)
    if ends is None:
        raise AssertionError("unreachable: a course without pauses has a deadline")
    return ends
