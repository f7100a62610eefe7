"""How many offers of a chain belong to each of its segments. What is on offer, everybody with an account may know."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.clock import local_date
from sky_net.achievements.models import Achievement
from sky_net.achievements.permissions import offered


def count_by_segment(session: Session, chain_id: UUID, *, now: datetime) -> Mapping[str | None, int]:
    """Segment as it is spelled → achievements on offer."""
    shown = (Achievement.chain_id == chain_id, offered(local_date(now)))
    counted = select(Achievement.chain_segment, func.count()).where(*shown)
    return {segment: count for segment, count in session.execute(counted.group_by(Achievement.chain_segment))}


def count_without_chain(session: Session, industries: Collection[str], *, now: datetime) -> int:
    """Achievements on offer in these industries that say no chain."""
    shown = (Achievement.industry.in_(industries), Achievement.chain_id.is_(None), offered(local_date(now)))
    return session.scalar(select(func.count()).select_from(Achievement).where(*shown)) or 0
