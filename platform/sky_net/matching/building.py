"""Making generations: one build per source at a time, whatever happens to it in between.

It reads the rows and their horizon in one snapshot, writes the files beside their final place, renames them, and
names the generation current in the transaction that also retires the one before. A build killed on the way leaves
files that no row names; a later one removes them.
"""

import logging
import shutil
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sky_net.matching import generation
from sky_net.matching.documents import Document
from sky_net.matching.models import SearchGeneration
from sky_net.matching.naming import fresh_name, is_alone, name_current
from sky_net.matching.projection import directory
from sky_net.matching.sources import Source

if TYPE_CHECKING:  # it calls `build`
    from sky_net.matching.engine import Engine

log = logging.getLogger(__name__)

GRACE = timedelta(hours=1)
"""How long the files of a retired generation stay: a process may just have read its name and be about to open it."""
AT_ONCE = 1000


def build(
    session: Session, engine: "Engine", source: Source, today: date, *, now: datetime
) -> SearchGeneration | None:
    """Make a generation and name it current; None when another process is at it."""
    if not is_alone(session, source):
        return None
    horizon, documents = _read(session, source, today)
    name = fresh_name(now)
    place = directory(engine.root, session, source, name)
    checksum = generation.build(documents, engine.encoder, place)
    generation.Generation.open(place, checksum)  # reads every file once, so that no search waits for the disk
    made = SearchGeneration(
        source=source.name, name=name, checksum=checksum, encoder=engine.encoder.fingerprint, horizon_xid=horizon,
        documents=len(documents), built_at=now, retired_at=None,
    )  # fmt: skip
    name_current(session, made, now)
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
