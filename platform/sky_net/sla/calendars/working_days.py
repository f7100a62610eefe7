"""Deadlines of contracts in working days, counted by the calendar of the response clocks: the start day does not count."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from backbone.clock import local_date
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.working_time import Course


def working_days_after(session: Session, zone_code: str, start: datetime, days: int) -> datetime:
    """The close of the n-th working day after the start; raises CalendarNotPublished past what can be computed."""
    course = Course(calendar_for(session, zone_code), start)
    found = course.due(course.budget(days))
    if found is None:  # pragma: no cover - only an open pause has no end, and there is none
        raise AssertionError("a course without pauses ends")
    return found


def working_day_after(session: Session, zone_code: str, start: datetime, days: int) -> date:
    """The day of it."""
    return local_date(working_days_after(session, zone_code, start, days))
