"""The working days of policies' deadlines: counted by the response clocks' calendar, which stands above the policy pack."""

from datetime import date

from sqlalchemy.orm import Session

from backbone.directory.regions import HUBEI
from policy_pack.deadlines import install_working_days
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.errors import CalendarNotPublished


def working_days(session: Session, first: date, last: date) -> int | None:
    """How many days from the first to the last are worked, both included; None past what a calendar can be computed for."""
    calendar = calendar_for(session, HUBEI)
    try:
        return sum(day.is_workday for day in calendar.days(first, last))
    except CalendarNotPublished:
        return None


install_working_days(working_days)
