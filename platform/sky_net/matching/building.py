"""Making generations: one build per source at a time, whatever happens to it in between.

It reads the rows and their horizon in one snapshot, writes the files beside their final place, renames them, and
names the generation current in the transaction that also retires the one before. Between the two no transaction is
open, since a transformer may take hours and an old snapshot keeps the database from cleaning up: the lock is a
session's, on a connection that is otherwise idle. A build killed on the way leaves files that no row names, which a later
one removes, and the vectors it had encoded, which the next one takes over.
"""

import logging
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from backbone.clock import SystemClock
from backbone.db import transaction
from sky_net.matching import generation
from sky_net.matching.dense import DenseIndex
from sky_net.matching.documents import Document
from sky_net.matching.encoding import Keys, Known, Left, Watch, unwatched
from sky_net.matching.models import SearchGeneration
from sky_net.matching.naming import OURS, alone_apart, fresh_name, is_alone, name_current
from sky_net.matching.progress import reported
from sky_net.matching.projection import directory
from sky_net.matching.sources import Source

if TYPE_CHECKING:  # it calls `build`
    from sky_net.matching.engine import Engine

log = logging.getLogger(__name__)

GRACE = timedelta(hours=1)
"""How long the files of a retired generation stay: a process may just have read its name and be about to open it."""
OTHERS_STAY = timedelta(days=1)
"""How long another encoder's generation stays current beside a newer one: the processes that a release has not reached
yet go on with it."""
AT_ONCE = 1000


@dataclass(frozen=True)
class _Begun:
    """What a build knows before it writes: the state of the catalogue, and where the files will lie."""

    horizon: int
    documents: Sequence[Document]
    place: Path
    earlier: tuple[Path, str] | None
    """Place and checksum of the generation whose vectors may be taken over."""


def build_apart(engine: "Engine", source: Source, today: date, watch: Watch = unwatched) -> str | None:
    """Make a generation and name it current, in short transactions, with its progress told; its name.

    None when another process is at it.
    """
    clock = SystemClock().now
    with alone_apart(source) as is_mine:
        if not is_mine:
            return None
        with reported(source, engine.encoder.fingerprint, clock, watch) as progress:
            with transaction() as session:
                begun = _begin(session, engine, source, today, clock())
            checksum = _make(engine, begun, progress)
            with transaction() as session:
                return _finish(session, engine, source, begun, checksum, now=clock()).name


def build(
    session: Session, engine: "Engine", source: Source, today: date, *, now: datetime
) -> SearchGeneration | None:
    """The same inside the caller's transaction, for catalogues of seconds; None when another process is at it."""
    if not is_alone(session, source):
        return None
    begun = _begin(session, engine, source, today, now)
    return _finish(session, engine, source, begun, _make(engine, begun, unwatched), now=now)


def _begin(session: Session, engine: "Engine", source: Source, today: date, now: datetime) -> _Begun:
    horizon, documents = _read(session, source, today)
    before = session.execute(
        select(SearchGeneration.name, SearchGeneration.checksum).where(
            *_current(source), SearchGeneration.encoder == engine.encoder.fingerprint
        )
    ).first()
    name = fresh_name(now)
    place = directory(engine.root, session, source, name)
    return _Begun(horizon, documents, place, (place.with_name(before[0]), before[1]) if before else None)


def _make(engine: "Engine", begun: _Begun, watch: Watch) -> str:
    """Write the files and return their checksum; what a killed build had encoded, and this one had, is then no longer kept."""
    encoder = engine.encoder
    left = Left(
        begun.place.with_name(f".left-{encoder.fingerprint[:16]}-{generation.FORMAT}"), encoder.dimension
    )
    known = Known(left, _lent(begun.earlier))
    checksum = generation.build(begun.documents, encoder, begun.place, known, watch)
    generation.Generation.open(
        begun.place, checksum
    )  # reads every file once, so that no search waits for the disk
    left.forget()
    return checksum


def _lent(earlier: tuple[Path, str] | None) -> tuple[Keys, DenseIndex] | None:
    if earlier is None:
        return None
    try:
        opened = generation.Generation.open(*earlier)
    except generation.GenerationUnusable as unusable:
        log.warning("every text is encoded anew: %s", unusable)
        return None
    return opened.keys(), opened.dense


def _finish(
    session: Session, engine: "Engine", source: Source, begun: _Begun, checksum: str, *, now: datetime
) -> SearchGeneration:
    made = SearchGeneration(
        source=source.name, name=begun.place.name, checksum=checksum, encoder=engine.encoder.fingerprint,
        encoder_path=engine.location, horizon_xid=begun.horizon, documents=len(begun.documents), built_at=now,
        retired_at=None,
    )  # fmt: skip
    others = and_(OURS, SearchGeneration.built_at < now - OTHERS_STAY)
    name_current(session, made, now, also=others)
    sweep(session, begun.place.parent, source, now=now)
    log.info("%s: generation %s with %d documents is current", source.name, made.name, made.documents)
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


def _current(source: Source) -> tuple[ColumnElement[bool], ...]:
    return SearchGeneration.source == source.name, SearchGeneration.retired_at.is_(None)
