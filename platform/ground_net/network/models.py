"""Rows of the network."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

import backbone.directory.models  # noqa: F401  # a node's host is of the directory, whoever imports this first
from backbone.db import Base, Versioned
from backbone.directory.named import Named
from ground_net.network.kinds import KINDS


class NetworkNode(Named, Versioned, Base):
    """A hub, a node in a park or a station. `key` never changes: it is the reach of roles held within the node.

    `region_code` is the zone it works for, whose operators are responsible. `nodes_planned` and `stations_planned` are what
    was announced of a hub; what stands is counted. Closed for good.
    """

    __tablename__ = "network_nodes"
    __table_args__ = (
        CheckConstraint(f"kind in {tuple(KINDS)}", name="kind"),
        CheckConstraint("kind = 'hub' or parent_id is not null", name="at_the_top"),
        CheckConstraint("parent_id <> id", name="below_itself"),
        CheckConstraint("kind = 'hub' or num_nonnulls(nodes_planned, stations_planned) = 0", name="planned"),
        CheckConstraint("nodes_planned >= 0 and stations_planned >= 0", name="planned_counts"),
        CheckConstraint(
            "num_nonnulls(host_enterprise_id, host_institute_id, host_organisation) <= 1", name="host"
        ),
        CheckConstraint("(closed_at is null) = (closing_reason is null)", name="closed"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("network_nodes.id"), index=True)
    region_code: Mapped[str] = mapped_column(index=True)
    park: Mapped[str | None]
    address: Mapped[str | None]
    host_enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    host_institute_id: Mapped[UUID | None] = mapped_column(ForeignKey("institutes.id"), index=True)
    host_organisation: Mapped[str | None]
    opened_on: Mapped[date | None]
    nodes_planned: Mapped[int | None]
    stations_planned: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closing_reason: Mapped[str | None]

    # For showing keys and names beside ids; never written through.
    parent = relationship("NetworkNode", remote_side="NetworkNode.id", viewonly=True)
    host_enterprise = relationship("Enterprise", viewonly=True)
    host_institute = relationship("Institute", viewonly=True)

    @property
    def host(self) -> dict[str, Any] | None:
        """Who gives it room: an enterprise or institute of the directory, or another organisation by name."""
        known = self.host_enterprise or self.host_institute
        if known is None and self.host_organisation is None:
            return None
        return {
            "enterprise_id": self.host_enterprise_id,
            "institute_id": self.host_institute_id,
            "name": self.host_organisation if known is None else known.name,
        }
