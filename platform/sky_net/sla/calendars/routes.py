"""Calendars over HTTP."""

from typing import Any

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from sky_net.sla.calendars import reading, schemas, service
from sky_net.sla.calendars.models import EVERYWHERE

routes = Routes("calendars", __name__, url_prefix="/api", description="工作日历 / working calendars")
SHOWN_AT_MOST = 1000


@routes.operation(
    "GET", "/calendar", "showCalendar", Bilingual("查看工作日历", "Show the working calendar of a zone"),
    query=schemas.CalendarQuery, answer=schemas.CalendarView,
)  # fmt: skip
def show_calendar(call: Call) -> Any:
    return reading.show_calendar(call.session, call.actor, call.query)


@routes.operation(
    "GET", "/calendar/versions", "listCalendarVersions", Bilingual("日历版本", "List what was loaded"),
    query=schemas.VersionQuery, answer=schemas.VersionView, listed=True,
)  # fmt: skip
def list_calendar_versions(call: Call) -> Any:
    return reading.list_versions(call.session, call.actor, call.query)


@routes.operation(
    "POST", "/calendar/versions", "loadCalendar", Bilingual("载入放假安排或停工令", "Load a notice or an order"),
    body=schemas.NoticeEntry, answer=schemas.LoadedView,
)  # fmt: skip
def load_calendar(call: Call) -> Any:
    key = call.body.get("zone_code") or EVERYWHERE
    loaded = service.load_text(call.session, call.actor, call.body["notice"], key=key, now=call.now)
    return {"version": loaded.version, "moved": len(loaded.moves), "moves": loaded.moves[:SHOWN_AT_MOST]}
