"""Rows of targets."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

import ground_net.network.models  # noqa: F401  # a target may be a node's
from backbone.db import AppendOnly, Base, Identified
from ground_net.figures.words import ASKED_OF


class FigureTarget(AppendOnly, Identified, Base):
    """What a region or a node set out to reach in a year, as `source` says it; a later row for the same replaces it.

    `region_code` is also a node's own. `value` is in per cent where the figure is a share. `as_of_on` is the day of the
    source, None where it is known by its year alone.
    """

    __tablename__ = "figure_targets"
    __table_args__ = (
        CheckConstraint(f"figure in {ASKED_OF}", name="figure"),
        CheckConstraint("value >= 0", name="value"),
        Index(None, "year", "region_code", "id"),
    )

    region_code: Mapped[str]
    node_key: Mapped[str | None] = mapped_column(ForeignKey("network_nodes.key"), index=True)
    figure: Mapped[str]
    year: Mapped[int]
    value: Mapped[int]
    source: Mapped[str]
    as_of_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
