"""Who is silent at an instant, read from the projected rows whether or not any job has run, and what their clocks then are.

An enterprise's row says since when it counts as silent, a subject's from when on that ends its clocks. Nothing is written
for it: a list, a report and a job that comes late all say what a job on time would have left.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, func, or_, select
from sqlalchemy.orm import Session

from sky_net.sla.calendars.in_use import calendar_of
from sky_net.sla.logs import logs_until
from sky_net.sla.models import SlaClock
from sky_net.sla.parties import ENTERPRISE, PLATFORM
from sky_net.sla.projection import about_of, project
from sky_net.sla.silence import LAST_STAGE


def silent_subjects(
    session: Session,
    at: datetime,
    about: Collection[UUID] | None = None,
    clocks: FromClause = SlaClock.__table__,
) -> Mapping[UUID, datetime]:
    """Since when the enterprise is silent about each subject (of those in `about`), the oldest silence first.

    `clocks` has the columns of `sla_clocks`.
    """
    asked, awaited = _twice(clocks)
    since = func.min(asked.c.silent_from)
    found = (
        select(asked.c.about_id, since)
        .join(awaited, awaited.c.subject_id == asked.c.about_id)
        .where(
            asked.c.party == ENTERPRISE, asked.c.silent_from < at, awaited.c.party == PLATFORM,
            awaited.c.stage == LAST_STAGE, awaited.c.heeds_silence_from < asked.c.silent_from,
        )
        .group_by(asked.c.about_id)
        .order_by(since, asked.c.about_id)
    )  # fmt: skip
    if about is not None:
        found = found.where(asked.c.about_id.in_(about))
    return {about_id: silent_since for about_id, silent_since in session.execute(found).all()}


@lru_cache(maxsize=4)
def _twice(clocks: FromClause) -> tuple[FromClause, FromClause]:
    """The clocks that are asked and those that are awaited: kept, as every step of a need asks and making them takes long."""
    return clocks.alias("asked"), clocks.alias("awaited")


def ended_rows(session: Session, silent: Mapping[UUID, datetime], at: datetime) -> list[dict[str, Any]]:
    """The clocks of these subjects and those of the parties about them, as known at an instant and ended by the silence."""
    if not silent:
        return []
    concerned = or_(SlaClock.subject_id.in_(silent), SlaClock.about_id.in_(silent))
    ids = set(session.scalars(select(SlaClock.subject_id).where(concerned)))
    rows = []
    for events in logs_until(session, ids, at):
        since = silent[about_of(events) or events[0].subject_id]
        ended_at = max(since, events[0].occurred_at)  # somebody may have been asked before it was noticed
        rows += project(events, calendar_of(session, events), cancelled_at=ended_at, now=at)
    return rows
