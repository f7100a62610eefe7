"""Rows of the search: which generation is current, and what a need was shown when it was submitted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified


class SearchGeneration(Identified, Base):
    """A finished generation: current until `retired_at`, one per source and encoder.

    Its files lie on the disks, below `<var_dir>/search`; `checksum` tells whether those found there are it.
    `horizon_xid` is the oldest transaction that was still running when its rows were read: whatever carries a
    smaller `change_xid` is in it, everything else is read from the table at query time.
    """

    __tablename__ = "search_generations"
    __table_args__ = (
        Index(
            "ix_search_generations_current", "source", "encoder", unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )  # fmt: skip

    source: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)
    checksum: Mapped[str]
    encoder: Mapped[str]
    horizon_xid: Mapped[int]
    documents: Mapped[int]
    built_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class MatchRun(AppendOnly, Identified, Base):
    """One search for a need: what the poster and the operators were shown, best first, and out of what.

    `asked` (hash of the need's text) and `state` (of everything that could be found) say when it still holds: the
    same two give the same ranking, so the list is shown again without searching. A run whose search failed holds
    `failure` instead of items; a job makes it good by another run.
    """

    __tablename__ = "match_runs"
    __table_args__ = (
        Index(None, "need_id", "id"),
        CheckConstraint("(failure IS NULL) = (nothing_suitable IS NOT NULL)", name="failure"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    made_at: Mapped[datetime]
    asked: Mapped[str]
    state: Mapped[str]
    encoder: Mapped[str]
    generation: Mapped[str | None]
    searched: Mapped[int]
    items: Mapped[list[dict[str, Any]]]
    nothing_suitable: Mapped[bool | None]
    failure: Mapped[str | None]
