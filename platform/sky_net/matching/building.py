"""Making generations: one build per source at a time, whatever happens to it in between.

It reads the rows and their horizon in one snapshot, writes the files beside their final place, renames them, and
names the generation current in the transaction that also retires the one before. A build killed on the way leaves
files that no row names; a later one removes them.
"""

import logging
import secrets
import shutil
import time
import zlib
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backbone.clock import SystemClock
from backbone.db import transaction
from backbone.jobs import defer, jobs
from sky_net.matching import engine as engines
from sky_net.matching import generation
from sky_net.matching.documents import Document
from sky_net.matching.engine import Engine
from sky_net.matching.models import SearchGeneration
from sky_net.matching.projection import Projection, Searchable, directory
from sky_net.matching.sources import SOURCES, Source

log = logging.getLogger(__name__)

GRACE = timedelta(hours=1)
"""How long the files of a retired generation stay: a process may just have read its name and be about to open it."""
PAUSE = timedelta(minutes=10)
"""Between generations that are made because one cannot be read here: a machine without the shared folder must not
keep the others building."""
AT_ONCE = 1000


@jobs.task(name="matching.build_generation")
def build_generation(source: str, today: str) -> None:
    """Make the source's next generation; `today` is the day whose expiries count. Searches order it again if it fails."""
    with transaction() as session:
        build(session, engines.engine(), SOURCES[source], date.fromisoformat(today), now=SystemClock().now())


def order(session: Session, source: Source, today: date, not_before: datetime | None = None) -> None:
    """Queue the making of a new generation; once, however many ask."""
    name = f"{build_generation.name}:{source.name}"
    defer(
        session, build_generation, once=name, lock=name, not_before=not_before, source=source.name,
        today=today.isoformat(),
    )  # fmt: skip


def order_if_wanted(session: Session, projection: Projection, found: Searchable, today: date) -> None:
    """Order a generation when there is none that this machine can read, or when the current one has fallen behind."""
    if found.spoilt is not None and projection.is_first_to_ask():
        order(session, projection.source, today, not_before=found.spoilt.built_at + PAUSE)
    elif found.wants_generation and projection.is_first_to_ask():
        order(session, projection.source, today)


def build(
    session: Session, engine: Engine, source: Source, today: date, *, now: datetime
) -> SearchGeneration | None:
    """Make a generation and name it current; None when another process is at it."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(_lock_number(source)))):
        log.info("%s: another process is building", source.name)
        return None
    horizon, documents = _read(session, source, today)
    name = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    place = directory(engine.root, session, source, name)
    checksum = generation.build(documents, engine.encoder, place)
    generation.Generation.open(place, checksum)  # reads every file once, so that no search waits for the disk
    made = SearchGeneration(
        source=source.name, name=name, checksum=checksum, encoder=engine.encoder.fingerprint, horizon_xid=horizon,
        documents=len(documents), built_at=now, retired_at=None,
    )  # fmt: skip
    _name_current(session, made, now)
    sweep(session, place.parent, source, now=now)
    log.info("%s: generation %s with %d documents is current", source.name, name, len(documents))
    return made


def sweep(session: Session, folder: Path, source: Source, *, now: datetime) -> None:
    """Forget generations that were retired long enough ago, and remove files that no row names any more.

    The age of files is judged by the machine's own clock, which also dated them.
    """
    retired = (SearchGeneration.source == source.name, SearchGeneration.retired_at < now - GRACE)
    session.execute(delete(SearchGeneration).where(*retired))
    named = set(session.scalars(select(SearchGeneration.name).where(SearchGeneration.source == source.name)))
    for path in folder.iterdir():
        age_s = time.time() - path.stat().st_mtime
        if path.name not in named and age_s > GRACE.total_seconds():
            shutil.rmtree(path, ignore_errors=True)


def _read(session: Session, source: Source, today: date) -> tuple[int, list[Document]]:
    """(horizon, documents) of one snapshot."""
    rows = session.execute(source.snapshot, {"today": today}, execution_options={"yield_per": AT_ONCE})
    horizon, documents = 0, []
    for row in rows:
        horizon = row.horizon
        if row.id is not None:
            documents.append(source.document(row))
    return horizon, documents


def _name_current(session: Session, made: SearchGeneration, now: datetime) -> None:
    same = (SearchGeneration.source == made.source, SearchGeneration.encoder == made.encoder)
    session.execute(
        update(SearchGeneration).where(*same, SearchGeneration.retired_at.is_(None)).values(retired_at=now)
    )
    session.add(made)
    session.flush()


def _lock_number(source: Source) -> int:
    return zlib.crc32(f"{SearchGeneration.__tablename__}:{source.name}".encode())
