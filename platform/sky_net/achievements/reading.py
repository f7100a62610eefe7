"""Finding offers, as far as the actor may know of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Date, Select, Uuid, and_, any_, bindparam, func, select
from sqlalchemy.orm import Session, defer

from backbone.actor import Actor
from backbone.chinese import fold
from backbone.clock import local_date
from backbone.directory.regions import regions_of
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from sky_net.achievements.models import Achievement
from sky_net.achievements.permissions import CAN_READ_FULL, allows, may_read, offered, readable

SORTS: Mapping[str, ColumnElement[Any]] = {
    "created_at": Achievement.created_at.expression,
    "number": Achievement.number.expression,
    "title": Achievement.title.expression,
    "trl": func.coalesce(Achievement.trl, 0),
    "valid_until_on": Achievement.valid_until_on.expression,
}

# Made once: every match list runs it, and none shows the text for the `q` of lists, half of what a row says.
OFFERED_BY_ID = (
    select(Achievement)
    .options(defer(Achievement.folded))
    .where(
        offered(bindparam("today", type_=Date())),
        Achievement.id == any_(bindparam("ids", type_=ARRAY(Uuid()))),
    )
    .execution_options(populate_existing=True)
)


def achievement_named(session: Session, actor: Actor, achievement_id: UUID, *, now: datetime) -> Achievement:
    """The offer, for those who may know of it; raises NotFound."""
    achievement = session.get(Achievement, achievement_id)
    if achievement is None or not may_read(actor, achievement, local_date(now)):
        raise NotFound()
    return achievement


def view_for(actor: Actor, achievement: Achievement) -> str:
    """`full` for the institute and the operators of the zone, `open` (no contact) for everybody else."""
    return "full" if allows(CAN_READ_FULL, actor, achievement) else "open"


def visible_achievements(actor: Actor, *, now: datetime) -> Select[Achievement]:
    """Every offer this actor may know of, in whatever state."""
    return select(Achievement).where(readable(actor, local_date(now)))


def offered_achievements(*, now: datetime) -> Select[Achievement]:
    """What is on offer to everybody and hence may be matched: visible, open, not expired."""
    return select(Achievement).where(offered(local_date(now)))


def achievements_by_id(
    session: Session, actor: Actor, ids: Collection[UUID], *, now: datetime
) -> dict[UUID, Achievement]:
    """Those of `ids` that may be matched at this instant, read anew from the database in one query.

    Every account may read what is on offer, so `actor` decides nothing yet; offers shown to some alone would.
    """
    if not ids:
        return {}
    rows = session.scalars(OFFERED_BY_ID, {"ids": list(ids), "today": local_date(now)})
    return {row.id: row for row in rows}


def list_achievements(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> Page[Achievement]:
    """A page of the offers this actor may know of; the withdrawn ones only when asked for by state."""
    query = visible_achievements(actor, now=now).where(and_(*_conditions(asked, now)))
    return read_page(session, query, asked, SORTS, Achievement.id.expression)


def _conditions(asked: Mapping[str, Any], now: datetime) -> list[ColumnElement[bool]]:
    made = [_CONDITIONS[name](asked[name]) for name in _CONDITIONS if asked.get(name) is not None]
    if asked.get("state") is None:
        made.append(Achievement.state != "withdrawn")
    if asked.get("expired") is not None:
        is_expired = Achievement.valid_until_on < local_date(now)
        made.append(is_expired if asked["expired"] else ~is_expired)
    return made


def _in_regions(codes: Collection[str]) -> ColumnElement[bool]:
    return Achievement.region_code.in_(regions_of(codes))


_CONDITIONS: Mapping[str, Any] = {
    "industry": Achievement.industry.in_,
    "region": _in_regions,
    "trl_min": lambda least: Achievement.trl >= least,
    "mode": lambda modes: Achievement.transfer_modes.overlap(modes),
    "kind": lambda kind: Achievement.kind == kind,
    "institute_id": lambda institute: Achievement.institute_id == institute,
    "state": lambda state: Achievement.state == state,
    "q": lambda words: Achievement.folded.contains(fold(words).strip(), autoescape=True),
}
