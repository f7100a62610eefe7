"""Rows of events."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence
from sqlalchemy.orm import Mapped, mapped_column

import ground_net.network.models  # noqa: F401  # an event is a node's
from backbone.db import Base, Versioned

NUMBERS = Sequence("outreach_number_seq")
KINDS = ("matchmaking", "roadshow", "salon", "training", "other")


class Outreach(Versioned, Base):
    """An event that a node held on a day, once for its title; `enterprises` is how many companies came."""

    __tablename__ = "outreaches"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("enterprises >= 0", name="enterprises"),
        Index("uq_outreaches_once", "node_key", "held_on", "title", unique=True),
        Index(None, "held_on", "id"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    node_key: Mapped[str] = mapped_column(ForeignKey("network_nodes.key"))
    zone_code: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    title: Mapped[str]
    held_on: Mapped[date]
    place: Mapped[str | None]
    enterprises: Mapped[int | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
