"""What one process can find of a source right now: the current generation and over it what changed since.

The database is asked at every search, by one small statement, so that a commit is found at once by every process
and nothing has to be told to any of them. Texts are read and cut into words only when that answer has changed.
A generation that is missing or damaged on this machine is done without: then all rows count as changed.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import BigInteger, String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document
from sky_net.matching.encoder import Encoder
from sky_net.matching.errors import SearchNotReady
from sky_net.matching.generation import Generation, GenerationUnusable
from sky_net.matching.live import Versions
from sky_net.matching.models import SearchGeneration
from sky_net.matching.reordering import LiveRanker
from sky_net.matching.sources import Change, Source, digest

log = logging.getLogger(__name__)

PATIENCE = 20_000
"""Documents a caller waits for at most: about half a minute. A catalogue beyond that needs its generation first."""
ENOUGH_FOR_A_GENERATION = 100
"""A smaller catalogue is searched in memory as fast as any index would."""
MOST_CHANGES = 500
"""Changed rows beyond which a new generation is worth its making: each costs every process some memory and time."""
TRY_AGAIN_S = 60.0

Mark = list[int]
"""[version, change_xid, findable]: another mark, another text."""


@dataclass(frozen=True)
class Named:
    """What a search needs to know of the generation that is named current."""

    name: str
    checksum: str
    horizon_xid: int
    built_at: datetime


@dataclass(frozen=True)
class Searchable:
    """What a search runs on. Two of the same `state` rank alike, in whatever process."""

    corpus: Corpus
    generation: str | None
    state: str
    wants_generation: bool
    """Whether a new generation should be ordered."""
    spoilt: Named | None = None
    """The current generation, when it cannot be used on this machine."""
    ranker: LiveRanker | None = None
    """What chooses the order of the best hits; None for the blend."""

    @property
    def ranker_number(self) -> int | None:
        """The version that chooses the order, None for the blend."""
        return self.ranker.number if self.ranker else None

    @property
    def size(self) -> int:
        """How many documents can be found."""
        return len(self.corpus)

    @property
    def encoder(self) -> str:
        """The fingerprint of the model that gave the vectors."""
        return self.corpus.encoder.fingerprint


@dataclass(frozen=True)
class _Held:
    checksum: str
    digest: str
    corpus: Corpus
    documents: Mapping[UUID, tuple[Mark, Document]] = field(default_factory=dict)


class Projection:
    """Safe to share between threads; each search works on an immutable corpus."""

    def __init__(self, source: Source, root: Path, encoder: Encoder) -> None:
        self.source = source
        self.encoder = encoder
        self._root = root
        self._lock = threading.RLock()
        self._held: _Held | None = None
        self._opened: Generation | None = None
        self._spoilt: dict[str, float] = {}
        self._versions = Versions(encoder.fingerprint)
        self._asked_at: float | None = None

    def searchable(self, session: Session, today: date, patience: int = PATIENCE) -> Searchable:
        """What the session's transaction can find; SearchNotReady when more than `patience` texts were never read."""
        asked = {"source": self.source.name, "encoder": self.encoder.fingerprint}
        session.flush()
        connection = session.connection()  # bare: every search asks both
        current = connection.execute(CURRENT, asked).first()
        row = Named(*current) if current else None
        generation = self._generation(session, row) if row else None
        horizon = row.horizon_xid if row and generation else 0
        changes, found, live = connection.execute(
            self.source.state, {"horizon": horizon, "today": today}
        ).one()
        checksum = generation.checksum if generation else ""
        held = self._held
        if held is None or (held.checksum, held.digest) != (checksum, found):
            held = self._renewed(session, generation, (checksum, found), horizon, today, patience)
        ranker = self._versions.named(session, live)
        return Searchable(
            corpus=held.corpus,
            generation=row.name if row and generation else None,
            state=f"{held.checksum}:{held.digest}" + (f":{ranker.id}" if ranker else ""),
            ranker=ranker,
            wants_generation=changes > (MOST_CHANGES if generation else ENOUGH_FOR_A_GENERATION),
            spoilt=row if generation is None else None,
        )

    def _generation(self, session: Session, row: Named) -> Generation | None:
        """The generation, opened and verified once; None when this machine's files are not it."""
        with self._lock:
            if self._opened and self._opened.checksum == row.checksum:
                return self._opened
            if self._spoilt.get(row.checksum, 0.0) > time.monotonic():
                return None
            try:
                self._opened = Generation.open(
                    directory(self._root, session, self.source, row.name), row.checksum
                )
            except GenerationUnusable as unusable:
                log.warning("%s is searched without its index: %s", self.source.name, unusable)
                self._spoilt = {row.checksum: time.monotonic() + TRY_AGAIN_S}
                return None
            return self._opened

    def is_first_to_ask(self) -> bool:
        """Whether this process has not ordered a generation within the last minute: a build that fails is not
        ordered by every search anew.
        """
        with self._lock:
            if self._asked_at is not None and time.monotonic() < self._asked_at + TRY_AGAIN_S:
                return False
            self._asked_at = time.monotonic()
            return True

    def _renewed(self, session: Session, generation: Generation | None, wanted: tuple[str, str], horizon: int,
                 today: date, patience: int) -> _Held:  # fmt: skip
        """What this process shall hold from now on, unless another thread has just fetched it."""
        with self._lock:
            held = self._held
            if held is None or (held.checksum, held.digest) != wanted:
                held = self._held = self._fetched(session, generation, horizon, today, patience)
            return held

    def _fetched(
        self, session: Session, generation: Generation | None, horizon: int, today: date, patience: int
    ) -> _Held:
        """Read what this process does not hold yet, and nothing else."""
        rows: list[Change] = [
            (*row,) for row in session.execute(self.source.changes, {"horizon": horizon, "today": today})
        ]
        known = self._held.documents if self._held else {}
        marks = {row_id: mark for row_id, *mark in rows if mark[-1]}
        unread = [row_id for row_id, mark in marks.items() if row_id not in known or known[row_id][0] != mark]
        if len(unread) > patience:
            raise SearchNotReady(documents=len(unread))
        read = self._read(session, unread)
        documents = {
            row_id: (mark, read[row_id]) if row_id in read else known[row_id]
            for row_id, mark in marks.items()
            if row_id in read or row_id in known
        }
        gone = frozenset(str(row_id) for row_id, *_ in rows if row_id not in documents)
        earlier = self._held.corpus if self._held else None
        corpus = Corpus(
            self.encoder, generation, [document for _, document in documents.values()], gone, earlier
        )
        return _Held(generation.checksum if generation else "", digest(rows), corpus, documents)

    def _read(self, session: Session, ids: Sequence[UUID]) -> dict[UUID, Document]:
        rows = session.execute(self.source.documents, {"ids": ids}) if ids else ()
        return {row.id: self.source.document(row) for row in rows}


NEWEST = cast(cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), String), BigInteger)
CURRENT = select(
    SearchGeneration.name, SearchGeneration.checksum, SearchGeneration.horizon_xid, SearchGeneration.built_at
).where(
    SearchGeneration.source == bindparam("source"),
    SearchGeneration.encoder == bindparam("encoder"),
    SearchGeneration.retired_at.is_(None),
    SearchGeneration.horizon_xid <= NEWEST,
)
"""By `source`, `encoder`: the generation to search with.

One whose horizon lies in the future was made in another life of the database, before a restore into a new cluster:
transactions count from the beginning there, and changes could not be told.
"""


def directory(root: Path, session: Session, source: Source, name: str = "") -> Path:
    """Where the source's generations of this database lie; with `name`, one of them."""
    database = session.scalar(select(func.current_database()))
    return root / str(database) / source.name / name
