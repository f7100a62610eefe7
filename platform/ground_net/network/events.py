"""What the network tells those above it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backbone.actor import Actor


@dataclass(frozen=True)
class NodeClosed:
    """A node was closed and its roles ended; published in the same transaction."""

    node_id: UUID
    actor: Actor
    now: datetime
