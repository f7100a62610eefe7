"""What one process can find of a source right now: the current generation and over it what changed since.

The database is asked at every search, by one small statement, so that a commit is found at once by every process
and nothing has to be told to any of them. Texts are read and cut into words only when that answer has changed.
A generation that is missing or damaged on this machine is done without: then all rows count as changed.
"""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sky_net.matching.bm25 import Statistics
from sky_net.matching.changes import TRY_AGAIN_S, Asking, Changed, read_changes
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Filters, Hit, Query
from sky_net.matching.encoder import Encoder
from sky_net.matching.generation import Generation, GenerationUnusable
from sky_net.matching.naming import CURRENT
from sky_net.matching.port import PATIENCE, Named
from sky_net.matching.ranking import rank
from sky_net.matching.sources import Source

log = logging.getLogger(__name__)

ENOUGH_FOR_A_GENERATION = 100
"""A smaller catalogue is searched in memory as fast as any index would."""
MOST_CHANGES = 500
"""Changed rows beyond which a new generation is worth its making: each costs every process some memory and time."""


@dataclass(frozen=True)
class SearchableCorpus:
    """What a search of our own engine runs on; implements `port.Searchable`."""

    corpus: Corpus
    generation: str | None
    state: str
    wants_generation: bool
    """Whether a new generation should be ordered."""
    spoilt: Named | None = None
    """The current generation, when it cannot be used on this machine."""

    @property
    def size(self) -> int:
        """How many documents can be found."""
        return len(self.corpus)

    @property
    def encoder(self) -> str:
        """The fingerprint of the model that gave the vectors."""
        return self.corpus.encoder.fingerprint

    @property
    def statistics(self) -> Statistics:
        """What the scores are made with."""
        return self.corpus.statistics

    def rank(self, query: Query, top: int, filters: Filters | None = None) -> list[Hit]:
        """See `ranking.rank`."""
        return rank(query, self.corpus, top, filters)


@dataclass(frozen=True)
class _Held:
    checksum: str
    changed: Changed
    corpus: Corpus


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
        self._asking = Asking()

    def searchable(self, session: Session, today: date, patience: int = PATIENCE) -> SearchableCorpus:
        """What the session's transaction can find; SearchNotReady when more than `patience` texts were never read."""
        asked = {"source": self.source.name, "encoder": self.encoder.fingerprint}
        session.flush()
        connection = session.connection()  # bare: every search asks both
        current = connection.execute(CURRENT, asked).first()
        row = Named(*current) if current else None
        generation = self._generation(session, row) if row else None
        horizon = row.horizon_xid if row and generation else 0
        changes, found = connection.execute(self.source.state, {"horizon": horizon, "today": today}).one()
        checksum = generation.checksum if generation else ""
        held = self._held
        if held is None or (held.checksum, held.changed.digest) != (checksum, found):
            held = self._renewed(session, generation, (checksum, found), horizon, today, patience)
        return SearchableCorpus(
            corpus=held.corpus,
            generation=row.name if row and generation else None,
            state=f"{held.checksum}:{held.changed.digest}",
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
        return self._asking.is_first()

    def _renewed(self, session: Session, generation: Generation | None, wanted: tuple[str, str], horizon: int,
                 today: date, patience: int) -> _Held:  # fmt: skip
        """What this process shall hold from now on, unless another thread has just fetched it."""
        with self._lock:
            held = self._held
            if held is None or (held.checksum, held.changed.digest) != wanted:
                held = self._held = self._fetched(session, generation, horizon, today, patience)
            return held

    def _fetched(
        self, session: Session, generation: Generation | None, horizon: int, today: date, patience: int
    ) -> _Held:
        """Read what this process does not hold yet, and nothing else."""
        earlier = self._held
        changed = read_changes(
            session, self.source, horizon, today, patience, earlier.changed if earlier else None
        )
        corpus = Corpus(
            self.encoder, generation, changed.texts, changed.gone, earlier.corpus if earlier else None
        )
        return _Held(generation.checksum if generation else "", changed, corpus)


def directory(root: Path, session: Session, source: Source, name: str = "") -> Path:
    """Where the source's generations of this database lie; with `name`, one of them."""
    database = session.scalar(select(func.current_database()))
    return root / str(database) / source.name / name
