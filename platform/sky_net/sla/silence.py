"""Silence and what it means: agreement to a talk on record, and absence where the enterprise was asked something."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sky_net.sla.calendar import WorkCalendar, published_calendar, shanghai_date
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.models import SlaClock
from sky_net.sla.parties import ENTERPRISE
from sky_net.sla.policy import ResponsePolicy, policy_on
from sky_net.sla.refusals import spoken
from sky_net.sla.working_time import due


@dataclass(frozen=True)
class Silence:
    """The enterprise has answered nothing about this subject, and counts as silent since `since`."""

    subject_id: UUID
    since: datetime


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


def silences(session: Session, *, now: datetime, about: Collection[UUID] | None = None) -> Sequence[Silence]:
    """Every subject (of those in `about`) that the enterprise is silent about at `now`, with the earliest instant since when."""
    unanswered = select(SlaClock.about_id, SlaClock.started_at, SlaClock.zone_code).where(
        SlaClock.party == ENTERPRISE, SlaClock.due_at < now,
        SlaClock.stopped_at.is_(None), SlaClock.cancelled_at.is_(None),
    )  # fmt: skip
    if about is not None:
        unanswered = unanswered.where(SlaClock.about_id.in_(about))
    found: dict[UUID, datetime] = {}
    for about_id, asked_at, zone_code in session.execute(unanswered.order_by(SlaClock.started_at.desc())):
        since = silent_from(asked_at, calendar_for(session, zone_code))
        if about_id is not None and since < now:
            found[about_id] = since
    return [Silence(subject_id, since) for subject_id, since in sorted(found.items())]


def _close_of(days: int, asked_at: datetime, calendar: WorkCalendar | None) -> datetime:
    with spoken():
        ends = due(calendar or published_calendar(), asked_at, days)
    if ends is None:
        raise AssertionError("unreachable: a course without pauses has a deadline")
    return ends
