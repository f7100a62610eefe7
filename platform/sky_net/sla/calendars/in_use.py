"""Which calendar a zone has now, and the one that a log was last read under.

A calendar's name is a formula: the release of the published one, then the versions laid over it from the outermost area
to the innermost, joined by `+`. A log keeps the name, so that every verdict can be computed again as it was. Calendars are
immutable and kept by name in the process; which versions are the newest is asked once in a transaction.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.directory.regions import regions_around
from sky_net.sla.calendar import CalendarDay, WorkCalendar, published_calendar
from sky_net.sla.calendars.models import EVERYWHERE, CalendarVersion, StoredDay
from sky_net.sla.event_log import EventKind
from sky_net.sla.models import SlaEvent

_VERSIONS = "calendar versions"
_NEWEST_LAST = select(
    CalendarVersion.id, CalendarVersion.key, CalendarVersion.name, CalendarVersion.horizon
).order_by(CalendarVersion.number)
"""Made once and run on the bare connection: every first submission asks."""
_JOINED = "+"
_CALENDARS_KEPT = 64
_kept: dict[tuple[str, tuple[UUID, ...]], WorkCalendar] = {}
"""By the name and the versions' ids: a load that was rolled back leaves a name to be used again."""


class _Version(Protocol):
    """What is read of a version, of whichever kind of row."""

    id: Any
    key: Any
    name: Any
    horizon: Any


def calendar_for(session: Session, zone_code: str) -> WorkCalendar:
    """The calendar of a zone, as everything loaded so far has made it."""
    newest = {version.key: version for version in _versions(session).values()}
    areas = (EVERYWHERE, *reversed(regions_around(zone_code)))
    laid = [newest[area].name for area in areas if area in newest]
    return calendar_named(session, _JOINED.join([published_calendar().version, *laid]))


def calendar_of(session: Session, events: Sequence[SlaEvent]) -> WorkCalendar:
    """The calendar that the log names last; the published one for a log from before calendars were named."""
    named = [event.evidence["calendar"] for event in events
             if event.evidence and "calendar" in event.evidence
             and event.kind in (EventKind.START, EventKind.CALENDAR_REVISED)]  # fmt: skip
    return calendar_named(session, named[-1]) if named else published_calendar()


def calendar_named(session: Session, name: str) -> WorkCalendar:
    """The calendar of this name; one whose release is no longer installed stands on the one that is.

    KeyError for a name that nothing was loaded under.
    """
    if name == published_calendar().version:
        return published_calendar()
    versions = [_versions(session)[part] for part in name.split(_JOINED)[1:]]
    key = name, tuple(version.id for version in versions)
    if key not in _kept:
        if len(_kept) >= _CALENDARS_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _built(session, name, versions)
    return _kept[key]


def forget_versions(session: Session) -> None:
    """Ask anew in this transaction: another version was just written."""
    session.info.pop(_VERSIONS, None)


def stored_days(session: Session, version: _Version) -> dict[date, CalendarDay]:
    """Every date that a version has otherwise than what it stands on."""
    stored = select(StoredDay).where(StoredDay.version_id == version.id)
    return {row.on_date: row.day for row in session.scalars(stored)}


def _versions(session: Session) -> dict[str, _Version]:
    """Every version by its name, the newest of each key last; asked once in a transaction."""
    known: Any = session.info.get(_VERSIONS)
    if known is None or known[0] is not session.get_transaction():
        rows = session.connection().execute(_NEWEST_LAST)
        known = session.info[_VERSIONS] = (session.get_transaction(), {row.name: row for row in rows})
    versions: dict[str, _Version] = known[1]
    return versions


def _built(session: Session, name: str, versions: Sequence[_Version]) -> WorkCalendar:
    published = published_calendar()
    rows: dict[date, CalendarDay] = dict(published.rows)
    horizon = published.horizon
    for version in versions:
        horizon = max(horizon, version.horizon or horizon)
        rows |= stored_days(session, version)
    return WorkCalendar(name, published.first, horizon, rows, published.hours)
