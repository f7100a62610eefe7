"""What is searched and what is being built, for whoever runs the platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sky_net.matching.models import SearchBuild
from sky_net.matching.port import SearchEngine
from sky_net.matching.sources import SOURCES, Source

STALE_S = 600.0
"""Without a word for so long, a build that has not ended is taken for dead; a block of a large model takes minutes."""


@dataclass(frozen=True)
class BuildStatus:
    """A build: `phase` is `done` documents of `total` far, at `per_s` documents a second where that can be told."""

    phase: str
    done: int
    total: int
    started_at: datetime
    told_at: datetime
    ended_at: datetime | None
    failure: str | None
    per_s: float | None
    is_silent: bool
    """Not ended, and nothing heard of it for STALE_S."""

    @property
    def remaining_s(self) -> float | None:
        """Seconds until this phase is through, if it goes on like this."""
        return (self.total - self.done) / self.per_s if self.per_s and self.ended_at is None else None


@dataclass(frozen=True)
class SourceStatus:
    """A source: the generation that a process with this ENCODER searches, and the newest build."""

    source: str
    generation: str | None
    documents: int | None
    built_at: datetime | None
    searched_with: str
    """`own` encoder, `former` one, `words alone`, or `no index`: the rows are read into memory."""
    problem: str | None
    """Why the generation cannot be used on this machine."""
    recall: Mapping[str, float | None] | None
    build: BuildStatus | None


def index_status(session: Session, engine: SearchEngine, now: datetime) -> list[SourceStatus]:
    """One entry per source; opens the encoder and the generations."""
    return [_of_source(session, engine, source, now) for source in SOURCES.values()]


def as_json(status: SourceStatus) -> dict[str, Any]:
    """Plain values, instants in ISO 8601."""
    made = status.build
    return {
        "source": status.source, "generation": status.generation, "documents": status.documents,
        "built_at": status.built_at and status.built_at.isoformat(), "searched_with": status.searched_with,
        "problem": status.problem, "recall": status.recall and dict(status.recall),
        "build": made and {
            "phase": made.phase, "done": made.done, "total": made.total, "started_at": made.started_at.isoformat(),
            "told_at": made.told_at.isoformat(), "ended_at": made.ended_at and made.ended_at.isoformat(),
            "failure": made.failure, "per_s": made.per_s, "remaining_s": made.remaining_s, "is_silent": made.is_silent,
        },
    }  # fmt: skip


def _of_source(session: Session, engine: SearchEngine, source: Source, now: datetime) -> SourceStatus:
    built = session.scalar(
        select(SearchBuild).where(SearchBuild.source == source.name).order_by(SearchBuild.started_at.desc()).limit(1)
    )  # fmt: skip
    row = engine.projection(source).current(session)
    seen = engine.seen(session, source, row)
    return SourceStatus(
        source=source.name,
        generation=row.name if row else None,
        documents=row.documents if row else None,
        built_at=row.built_at if row else None,
        searched_with=seen.searched_with,
        problem=seen.problem,
        recall=seen.recall,
        build=_build_status(built, now) if built else None,
    )


def _build_status(row: SearchBuild, now: datetime) -> BuildStatus:
    seconds = (row.told_at - row.phase_at).total_seconds()
    return BuildStatus(
        phase=row.phase,
        done=row.done,
        total=row.total,
        started_at=row.started_at,
        told_at=row.told_at,
        ended_at=row.ended_at,
        failure=row.failure,
        per_s=round(row.done / seconds, 2) if seconds > 0 and row.done else None,
        is_silent=row.ended_at is None and (now - row.told_at).total_seconds() > STALE_S,
    )
