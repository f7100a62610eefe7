"""Rows of the search: which generation is current, how far the next one is, and what a need was shown when it was submitted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backbone.db import AppendOnly, Base, Identified


class SearchGeneration(Identified, Base):
    """A finished generation: current until `retired_at`, one per source and encoder.

    Its files lie on the disks, below `<var_dir>/search`; `checksum` tells whether those found there are it.
    `encoder_path` is where the encoder is found (`encoder.located`), None for the shipped one: while another encoder is at work on the next
    generation, this one goes on being searched with its own.
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
    encoder_path: Mapped[str | None]
    horizon_xid: Mapped[int]
    documents: Mapped[int]
    built_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class SearchBuild(Identified, Base):
    """A generation in the making, and for a week what became of it: how far it is, for people to look at.

    `done` of `total` documents are through `phase`, which began at `phase_at`; `told_at` is when the row was written
    last. Open until `ended_at`; `failure` says why there is no generation.
    """

    __tablename__ = "search_builds"
    __table_args__ = (Index(None, "source", "started_at"),)

    source: Mapped[str]
    encoder: Mapped[str]
    phase: Mapped[str]
    done: Mapped[int]
    total: Mapped[int]
    started_at: Mapped[datetime]
    phase_at: Mapped[datetime]
    told_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    failure: Mapped[str | None]


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
