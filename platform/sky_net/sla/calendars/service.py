"""Loading a notice or an order: a new version, and every open clock that it concerns read anew under it.

Nothing is half loaded: the version and all it moves are one transaction. What was breached before stays so (`revisions`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.db import new_id
from backbone.directory.regions import regions_within
from backbone.errors import Bilingual, Forbidden
from backbone.jobs import defer
from sky_net.sla.calendar import CalendarDay, published_calendar
from sky_net.sla.calendars.errors import CalendarNameTaken, NoticeRefused
from sky_net.sla.calendars.in_use import calendar_for, calendar_named, forget_versions, stored_days
from sky_net.sla.calendars.models import EVERYWHERE, CalendarVersion, StoredDay
from sky_net.sla.calendars.permissions import may_load
from sky_net.sla.errors import CalendarWithoutWorkdays, ClockRefusal
from sky_net.sla.jobs import refresh
from sky_net.sla.notice import Notice, read_notice
from sky_net.sla.refusals import spoken
from sky_net.sla.revisions import Move, manifest_of, revise_calendars

COMMITTED_BY_THEN = timedelta(minutes=1)


@dataclass(frozen=True)
class Loaded:
    """What a notice came to: the version, None when it is loaded already, and the clocks whose deadline it moved."""

    version: CalendarVersion | None
    moves: Sequence[Move]


def load_notice(
    session: Session, actor: Actor, notice: Notice, *, key: str = EVERYWHERE, now: datetime
) -> Loaded:
    """Lay the notice over the newest version of `key`; the same text twice changes nothing.

    Raises Forbidden, CalendarNameTaken, and CalendarMissing for a notice that leaves a gap or no workday.
    """
    if not may_load(actor, key):
        raise Forbidden()
    # One after the other: two at once would both follow the same version.
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('calendar_versions', 0))"))
    newest = session.scalars(_of(key).order_by(CalendarVersion.number.desc()).limit(1)).first()
    if session.scalar(
        select(func.count()).select_from(_of(key).where(CalendarVersion.sha256 == notice.sha256).subquery())
    ):
        return Loaded(None, ())
    if session.scalar(select(CalendarVersion.id).where(CalendarVersion.name == notice.version)):
        raise CalendarNameTaken(name=notice.version)
    with spoken():
        changed = _changed(session, notice, key, newest)
    version = _written(session, actor, notice, key, newest, changed, now)
    forget_versions(session)
    zones = None if key == EVERYWHERE else regions_within(key)
    moves = revise_calendars(session, actor, zones, now=now)
    # Whoever submits at this very moment has read the calendar of before: looked at once more when that is committed.
    defer(session, refresh, not_before=now + COMMITTED_BY_THEN, timestamp=0)
    told = {
        "key": key,
        "name": version.name,
        "sha256": version.sha256,
        "days": len(changed[0]),
        "moved": len(moves),
        "manifest": manifest_of(moves),
    }
    audit.record(session, actor, "load_calendar", version, now=now, after=told)
    return Loaded(version, moves)


def load_text(session: Session, actor: Actor, words: str, *, key: str = EVERYWHERE, now: datetime) -> Loaded:
    """As `load_notice`, from the text of a file; raises NoticeRefused naming line and field."""
    try:
        notice = read_notice(words)
    except ClockRefusal as fault:
        raise NoticeRefused(Bilingual(fault.zh, fault.en)) from fault
    return load_notice(session, actor, notice, key=key, now=now)


def _of(key: str) -> Any:
    return select(CalendarVersion).where(CalendarVersion.key == key)


def _changed(
    session: Session, notice: Notice, key: str, newest: CalendarVersion | None
) -> tuple[dict[date, CalendarDay], date | None]:
    """All that the key's calendar has otherwise than what it stands on, after the notice, and the horizon of its own."""
    if key == EVERYWHERE:
        base = published_calendar()
        if newest is not None:
            base = calendar_named(session, f"{base.version}+{newest.name}")
    else:
        base = calendar_for(session, key)
    after = notice.applied_to(base)
    days = {} if newest is None else stored_days(session, newest)
    days |= {on: day for on, day in after.rows.items() if on > base.horizon or base.rows.get(on) != day}
    if notice.year is None:
        return days, None if newest is None else newest.horizon
    year = date(notice.year, 1, 1)
    if not any(day.is_workday for day in after.days(year, after.horizon)):
        raise CalendarWithoutWorkdays(year)
    return days, after.horizon


def _written(
    session: Session, actor: Actor, notice: Notice, key: str, newest: CalendarVersion | None,
    changed: tuple[dict[date, CalendarDay], date | None], now: datetime,
) -> CalendarVersion:  # fmt: skip
    days, horizon = changed
    version = CalendarVersion(
        id=new_id(), key=key, number=1 if newest is None else newest.number + 1, name=notice.version, horizon=horizon,
        source=notice.source, sha256=notice.sha256, supersedes_id=newest and newest.id, recorded_at=now,
        recorded_by=actor.account_id,
    )  # fmt: skip
    session.add(version)
    session.flush()
    session.add_all(
        StoredDay(
            version_id=version.id, on_date=on, is_workday=day.is_workday, segments=[list(part) for part in day.segments],
            origin=day.origin.value, name=day.name, source=day.source,
        )
        for on, day in sorted(days.items())
    )  # fmt: skip
    session.flush()
    return version


__all__ = ["Loaded", "load_notice", "load_text"]
