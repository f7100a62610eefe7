"""How many open needs of a chain belong to each of its segments, as far as the caller may know."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from sky_net.needs.models import Need
from sky_net.needs.permissions import FULL, INVITED, OPEN, readable
from sky_net.needs.states import OPEN as OPEN_STATES


def count_by_segment(session: Session, actor: Actor, chain_id: UUID) -> Mapping[str | None, int]:
    """Segment as it is spelled → open needs. A masked need shows no chain, and is counted for nobody who reads only that."""
    shown = (Need.chain_id == chain_id, Need.state.in_(OPEN_STATES), readable(actor, FULL, INVITED, OPEN))
    counted = select(Need.chain_segment, func.count()).where(*shown).group_by(Need.chain_segment)
    return {segment: count for segment, count in session.execute(counted)}
