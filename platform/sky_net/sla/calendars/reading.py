"""Showing calendars: the days of a period with their grounds, and the versions that were loaded."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import Bilingual, Invalid
from backbone.pages import Page, read_page
from sky_net.sla.calendars.in_use import calendar_for
from sky_net.sla.calendars.models import CalendarVersion
from sky_net.sla.calendars.permissions import require_reader
from sky_net.sla.errors import ClockRefusal

LONGEST = timedelta(days=366)
NOT_IN_ORDER = Bilingual("不能早于 from_on", "May not lie before from_on")
TOO_LONG = Bilingual("一次最多查看 366 天", "At most 366 days are shown at once")


def show_calendar(session: Session, actor: Actor, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Every date of a period as the zone's calendar has it; raises Forbidden, Invalid."""
    require_reader(actor)
    start, end = asked["from_on"], asked["to_on"]
    if end < start:
        raise Invalid.field("to_on", NOT_IN_ORDER)
    if end - start > LONGEST:
        raise Invalid.field("to_on", TOO_LONG)
    try:
        calendar = calendar_for(session, asked["zone_code"])
        days = [
            {
                "on": day.on, "is_workday": day.is_workday, "hours": [_clock(part) for part in day.segments],
                "origin": day.origin.value, "name": day.name, "source": day.source,
                "provisional": day.on > calendar.horizon,
            }
            for day in calendar.days(start, end)
        ]  # fmt: skip
    except ClockRefusal as beyond:
        raise Invalid.field("from_on", Bilingual(beyond.zh, beyond.en)) from beyond
    return {"name": calendar.version, "horizon": calendar.horizon, "days": days}


def list_versions(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[CalendarVersion]:
    """What was loaded, the newest first unless asked otherwise; raises Forbidden."""
    require_reader(actor)
    sorts = {"recorded_at": CalendarVersion.recorded_at}
    return read_page(session, select(CalendarVersion), asked, sorts, CalendarVersion.id)


def _clock(part: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in part)
