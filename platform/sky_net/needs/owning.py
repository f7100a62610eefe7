"""What those who answer for needs have in hand, and what came of it: counted from the needs, never stored.

The answer is never cut by who asks: the caller shows it only to those who may know the record of that person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import Session

from sky_net.needs.models import Need, NeedTransition
from sky_net.needs.states import OPEN, TRANSITIONS

FINDING = tuple(step.action for step in TRANSITIONS if step.to in ("matched", "communicating", "proposed"))
"""Steps that say that somebody was found for the need; the first of them counts."""
CONTRACTED = ("contracted", "delivered", "accepted")


@dataclass(frozen=True)
class OwnersRecord:
    """Needs that somebody answers for: all, those still open, those for which somebody was found, those contracted.

    `hours_to_match` is the median time from the confirmation until somebody was found, on the clock on the wall; None
    while nobody was.
    """

    owned: int = 0
    open: int = 0
    matched: int = 0
    contracted: int = 0
    hours_to_match: float | None = None


NOTHING = OwnersRecord()


def loads_of(session: Session, owner_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many open needs each answers for, by one query; 0 for none."""
    owned = select(Need.owner_id, func.count()).where(Need.owner_id.in_(owner_ids), Need.state.in_(OPEN))
    counted = {owner: count for owner, count in session.execute(owned.group_by(Need.owner_id))}
    return {owner_id: counted.get(owner_id, 0) for owner_id in owner_ids}


def records_of(session: Session, owner_ids: Collection[UUID]) -> Mapping[UUID, OwnersRecord]:
    """The record of each, by one query."""
    found = (
        select(func.min(NeedTransition.occurred_at))
        .where(NeedTransition.need_id == Need.id, NeedTransition.action.in_(FINDING))
        .scalar_subquery()
        .label("found_at")
    )
    owned = (
        select(Need.owner_id, Need.state, Need.confirmed_at, found)
        .where(Need.owner_id.in_(owner_ids))
        .subquery()
    )
    hours = extract("epoch", owned.c.found_at - owned.c.confirmed_at) / 3600
    query = select(
        owned.c.owner_id,
        func.count(),
        _count(owned.c.state.in_(OPEN)),
        _count(owned.c.found_at.is_not(None)),
        _count(owned.c.state.in_(CONTRACTED)),
        func.percentile_cont(0.5).within_group(hours),
    ).group_by(owned.c.owner_id)
    records = {row[0]: OwnersRecord(*row[1:]) for row in session.execute(query)}
    return {owner_id: records.get(owner_id, NOTHING) for owner_id in owner_ids}


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count().filter(condition)
