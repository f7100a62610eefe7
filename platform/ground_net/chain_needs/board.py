"""The board of a chain: each of its segments with the open needs and the achievements that the reader may know of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.chains.models import Chain
from backbone.directory.chains.reading import chain_named
from ground_net.chain_needs.segments import Segment, segments
from sky_net.achievements import segments as of_achievements
from sky_net.needs import segments as of_needs


@dataclass(frozen=True)
class Board:
    """A chain by segment; `unplaced_achievements` are on offer in its industries and say no chain."""

    chain: Chain
    segments: Sequence[Segment]
    unplaced_achievements: int

    @property
    def needs(self) -> int:
        """All open needs of the chain that the reader may know of."""
        return sum(segment.needs for segment in self.segments)

    @property
    def achievements(self) -> int:
        """All achievements of the chain on offer."""
        return sum(segment.achievements for segment in self.segments)


def show_chain_board(session: Session, actor: Actor, chain_id: UUID, *, now: datetime) -> Board:
    """The board as this reader may know it; raises NotFound."""
    chain = chain_named(session, chain_id)
    needs = of_needs.count_by_segment(session, actor, chain.id)
    achievements = of_achievements.count_by_segment(session, chain.id, now=now)
    unplaced = of_achievements.count_without_chain(session, chain.industries, now=now)
    return Board(chain, segments(needs, achievements), unplaced)
