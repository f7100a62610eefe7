"""What one process can find of a source right now: the current generation and over it what changed since.

The database is asked at every search, by one small statement, so that a commit is found at once by every process
and nothing has to be told to any of them. Texts are read and cut into words only when that answer has changed.
A generation that is missing or damaged on this machine is done without: then all rows count as changed. One that
another encoder made is searched with that encoder until there is one of this process's own.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import BigInteger, String, bindparam, case, cast, func, select
from sqlalchemy.orm import Session

from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document
from sky_net.matching.encoder import WORDS_ALONE, Encoder, reopen
from sky_net.matching.errors import SearchNotReady
from sky_net.matching.former import FormerEncoders, WordsAlone
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
    encoder: str
    encoder_path: str | None
    documents: int


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
        """The fingerprint of the model that gave the vectors; `WORDS_ALONE` where none did."""
        return self.corpus.encoder.fingerprint


@dataclass(frozen=True)
class _Held:
    state: tuple[str, str, str]
    """(checksum of the generation, digest of the changes, fingerprint of the encoder)."""
    corpus: Corpus
    documents: Mapping[UUID, tuple[Mark, Document]] = field(default_factory=dict)


class Projection:
    """Safe to share between threads; each search works on an immutable corpus."""

    def __init__(
        self, source: Source, root: Path, encoder: Encoder, former: FormerEncoders | None = None
    ) -> None:
        self.source = source
        self.encoder = encoder
        self._former = former or FormerEncoders(reopen)
        self._root = root
        self._lock = threading.RLock()
        self._held: _Held | None = None
        self._opened: Generation | None = None
        self._spoilt: dict[str, float] = {}
        self._versions = Versions(encoder.fingerprint)
        self._asked_at: float | None = None

    def searchable(self, session: Session, today: date, patience: int = PATIENCE) -> Searchable:
        """What the session's transaction can find; SearchNotReady when more than `patience` texts were never read."""
        session.flush()
        connection = session.connection()  # bare: every search asks both
        row = self.current(session)
        generation = self._generation(session, row) if row else None
        encoder = self._encoder_of(row, generation)
        horizon = row.horizon_xid if row and generation else 0
        changes, found, live = connection.execute(
            self.source.state, {"horizon": horizon, "today": today}
        ).one()
        wanted = (generation.checksum if generation else "", found, encoder.fingerprint)
        held = self._held
        if held is None or held.state != wanted:
            held = self._renewed(session, generation, encoder, wanted, horizon, today, patience)
        is_own = generation is None or generation.encoder_fingerprint == self.encoder.fingerprint
        ranker = self._versions.named(session, live) if is_own else None
        state = ":".join(wanted if encoder.fingerprint == WORDS_ALONE else wanted[:2])
        return Searchable(
            corpus=held.corpus,
            generation=row.name if row and generation else None,
            state=state + (f":{ranker.id}" if ranker else ""),
            ranker=ranker,
            wants_generation=not is_own
            or changes > (MOST_CHANGES if generation else ENOUGH_FOR_A_GENERATION),
            spoilt=row if generation is None else None,
        )

    def current(self, session: Session) -> Named | None:
        """The generation to search with: one of another encoder only where this one has none and would need one."""
        asked = {"source": self.source.name, "encoder": self.encoder.fingerprint}
        found = session.connection().execute(CURRENT, asked).first()
        row = Named(*found) if found else None
        if row is None or row.encoder == self.encoder.fingerprint:
            return row
        return row if row.documents > ENOUGH_FOR_A_GENERATION else None

    def _encoder_of(self, row: Named | None, generation: Generation | None) -> Encoder:
        """The encoder that made the generation; this process's own without one."""
        if row is None or generation is None or row.encoder == self.encoder.fingerprint:
            return self.encoder
        found = self._former.get(row.encoder_path, row.encoder)
        return WordsAlone(generation.dense.dimension) if found is None else found

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

    def _renewed(self, session: Session, generation: Generation | None, encoder: Encoder,
                 wanted: tuple[str, str, str], horizon: int, today: date, patience: int) -> _Held:  # fmt: skip
        """What this process shall hold from now on, unless another thread has just fetched it."""
        with self._lock:
            held = self._held
            if held is None or held.state != wanted:
                held = self._held = self._fetched(session, generation, encoder, horizon, today, patience)
            return held

    def _fetched(
        self,
        session: Session,
        generation: Generation | None,
        encoder: Encoder,
        horizon: int,
        today: date,
        patience: int,
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
        corpus = Corpus(encoder, generation, [document for _, document in documents.values()], gone, earlier)
        checksum = generation.checksum if generation else ""
        return _Held((checksum, digest(rows), encoder.fingerprint), corpus, documents)

    def _read(self, session: Session, ids: Sequence[UUID]) -> dict[UUID, Document]:
        rows = session.execute(self.source.documents, {"ids": ids}) if ids else ()
        return {row.id: self.source.document(row) for row in rows}


NEWEST = cast(cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), String), BigInteger)
_IS_OWN = case((SearchGeneration.encoder == bindparam("encoder"), 0), else_=1)
CURRENT = (
    select(
        SearchGeneration.name, SearchGeneration.checksum, SearchGeneration.horizon_xid, SearchGeneration.built_at,
        SearchGeneration.encoder, SearchGeneration.encoder_path, SearchGeneration.documents,
    )
    .where(
        SearchGeneration.source == bindparam("source"),
        SearchGeneration.retired_at.is_(None),
        SearchGeneration.horizon_xid <= NEWEST,
    )
    .order_by(_IS_OWN, SearchGeneration.built_at.desc())
    .limit(1)
)  # fmt: skip
"""By `source`, `encoder`: the generation to search with; of another encoder only where this one has none.

One whose horizon lies in the future was made in another life of the database, before a restore into a new cluster:
transactions count from the beginning there, and changes could not be told.
"""


def directory(root: Path, session: Session, source: Source, name: str = "") -> Path:
    """Where the source's generations of this database lie; with `name`, one of them."""
    database = session.scalar(select(func.current_database()))
    return root / str(database) / source.name / name
