"""How far a build is: a row that everybody can read, written in short transactions of its own, and lines in the log."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from backbone.db import new_id, transaction
from sky_net.matching.encoding import Watch, unwatched
from sky_net.matching.models import SearchBuild
from sky_net.matching.sources import Source

log = logging.getLogger(__name__)

TELL_EVERY_S = 2.0
LOG_EVERY_S = 30.0
KEPT_FOR = timedelta(days=7)
KILLED = "the process that built it ended without a word"
READING = "reading"


class Progress:
    """A `Watch` that keeps the build's row and the log up to date, and passes everything on."""

    def __init__(
        self, build_id: UUID, source: str, clock: Callable[[], datetime], also: Watch = unwatched
    ) -> None:
        self._id, self._source, self._clock, self._also = build_id, source, clock, also
        self._phase = READING
        self._told_s = self._logged_s = time.monotonic()

    def __call__(self, phase: str, done: int, total: int) -> None:
        """A new phase is told at once, its progress from time to time."""
        self._also(phase, done, total)
        now_s, is_new = time.monotonic(), phase != self._phase
        if is_new or now_s - self._told_s >= TELL_EVERY_S:
            self._tell(phase, done, total, is_new)
            self._phase, self._told_s = phase, now_s
        if is_new or now_s - self._logged_s >= LOG_EVERY_S:
            log.info("%s: %s, %d of %d", self._source, phase, done, total)
            self._logged_s = now_s

    def _tell(self, phase: str, done: int, total: int, is_new: bool) -> None:
        now = self._clock()
        values = {"phase": phase, "done": done, "total": total, "told_at": now}
        with transaction() as session:
            row = update(SearchBuild).where(SearchBuild.id == self._id)
            session.execute(row.values(values | ({"phase_at": now} if is_new else {})))


@contextmanager
def reported(
    source: Source, encoder: str, clock: Callable[[], datetime], also: Watch = unwatched
) -> Iterator[Progress]:
    """The row of one build, from its beginning to its end or failure, which is raised on.

    Whoever calls this holds the source's lock, so a row of the source that was never ended is a killed build's.
    """
    build_id, begun = new_id(), clock()
    with transaction() as session:
        _tidy(session, source, begun)
        session.add(
            SearchBuild(
                id=build_id, source=source.name, encoder=encoder, phase=READING, done=0, total=0, started_at=begun,
                phase_at=begun, told_at=begun, ended_at=None, failure=None,
            )
        )  # fmt: skip
    failure: str | None = KILLED
    try:
        yield Progress(build_id, source.name, clock, also)
        failure = None
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"[:500]
        raise
    finally:
        with transaction() as session:
            ended = update(SearchBuild).where(SearchBuild.id == build_id)
            session.execute(ended.values(ended_at=clock(), failure=failure))


def _tidy(session: Session, source: Source, now: datetime) -> None:
    of_source = SearchBuild.source == source.name
    session.execute(
        update(SearchBuild)
        .where(of_source, SearchBuild.ended_at.is_(None))
        .values(ended_at=SearchBuild.told_at, failure=KILLED)
    )
    session.execute(delete(SearchBuild).where(of_source, SearchBuild.ended_at < now - KEPT_FOR))
