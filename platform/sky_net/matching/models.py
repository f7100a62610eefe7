"""Rows of the search: which generation and which ranker are in use, how far the next generation is, and what a need was shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, text
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


class LearnedRanker(AppendOnly, Identified, Base):
    """A version of what grades teach, kept for ever whether it ever went live or not.

    `names` and `weights` are the linear ranker; `basis` and `encoder` say what the signals of these names were computed
    with: elsewhere the weights mean nothing. `fingerprint` is of the grades, the texts and these two, so that nothing is
    learned twice. `before`, `after` and `low` are the trial on held-back needs: mean nDCG@10 of `rival` (the number of the
    version then in use, none for the blend), of what was learned, and the lower end of the interval of the gain.
    """

    __tablename__ = "rankers"
    __table_args__ = (CheckConstraint("cardinality(names) = cardinality(weights)", name="weights"),)

    number: Mapped[int] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    names: Mapped[list[str]]
    weights: Mapped[list[float]] = mapped_column(ARRAY(Double))
    basis: Mapped[str]
    encoder: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(unique=True)
    needs: Mapped[int]
    grades: Mapped[int]
    before: Mapped[float]
    after: Mapped[float]
    low: Mapped[float]
    rival: Mapped[int | None]


class RankerUse(Identified, Base):
    """From when until when a version ranked the lists, and by whose choice; a version may be taken back into use.

    At most one is in use. While none is, the blend ranks.
    """

    __tablename__ = "ranker_uses"
    __table_args__ = (
        Index(
            "uq_ranker_uses_live", text("(true)"), unique=True, postgresql_where=text("retired_at is null")
        ),
    )

    ranker_id: Mapped[UUID] = mapped_column(ForeignKey("rankers.id"), index=True)
    went_live_at: Mapped[datetime]
    put_live_by: Mapped[str]
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None]


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
    same two give the same ranking, so the list is shown again without searching. `ranker_id` is the learned ranker that
    chose the order, none for the blend's. A run whose search failed holds `failure` instead of items; a job makes it good
    by another run.
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
    ranker_id: Mapped[UUID | None] = mapped_column(ForeignKey("rankers.id"))
