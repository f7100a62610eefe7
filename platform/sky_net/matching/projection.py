"""What one process can find of a source right now: the current generation and over it what changed since.

The database is asked at every search, by one small statement, so that a commit is found at once by every process
and nothing has to be told to any of them. Texts are read and cut into words only when that answer has changed.
A generation that is missing or damaged on this machine is done without: then all rows count as changed. One that
another encoder made is searched with that encoder until there is one of this process's own.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sky_net.matching.beyond import Beyond, still_as_they_were
from sky_net.matching.changes import TRY_AGAIN_S, Asking, Changed, read_changes
from sky_net.matching.comparing import Comparison
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Filters, Hit, Query
from sky_net.matching.encoder import WORDS_ALONE, Encoder, reopen
from sky_net.matching.former import FormerEncoders
from sky_net.matching.generation import Generation, GenerationUnusable
from sky_net.matching.live import Versions
from sky_net.matching.naming import CURRENT
from sky_net.matching.offers import Offers
from sky_net.matching.port import PATIENCE, Inquiry, Named
from sky_net.matching.ranking import rank
from sky_net.matching.records import FreshRecords
from sky_net.matching.reordering import REORDERED, LiveRanker, reordered
from sky_net.matching.sources import Source
from sky_net.matching.spreading import rank_spread

log = logging.getLogger(__name__)

ENOUGH_FOR_A_GENERATION = 100
"""A smaller catalogue is searched in memory as fast as any index would."""
MOST_CHANGES = 500
"""Changed rows beyond which a new generation is worth its making: each costs every process some memory and time."""


@dataclass(frozen=True)
class SearchableCorpus:
    """What a search of our own engine runs on; implements `port.Searchable`."""

    corpus: Corpus
    beyond: Beyond
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

    def rank(
        self, query: Query, top: int, filters: Filters | None = None, beside: Comparison | None = None
    ) -> list[Hit]:
        """The best `top`, by the blend or in the order of the learned ranker in use."""
        return self._in_order(
            Inquiry(query, beside), rank(query, self.corpus, self._depth(top), filters), top
        )

    def rank_each(self, asked: Sequence[Inquiry], top: int) -> Iterator[list[Hit]]:
        """The same for each need in turn."""
        ranked = rank_spread((each.query for each in asked), self.corpus, self._depth(top))
        return (self._in_order(each, hits, top) for each, hits in zip(asked, ranked, strict=True))

    def _depth(self, top: int) -> int:
        return top if self.ranker is None else max(top, REORDERED)

    def _in_order(self, inquiry: Inquiry, hits: Sequence[Hit], top: int) -> list[Hit]:
        """The best `top` of what the blend ranked so deep."""
        if self.ranker is None:
            return list(hits)
        features = self.beyond.columns(self.ranker.ranker, hits[:REORDERED], inquiry.beside)
        return reordered(self.ranker.ranker, inquiry.query, hits, self.corpus, features)[:top]


@dataclass(frozen=True)
class _Held:
    state: tuple[str, str, str]
    """(checksum of the generation, digest of the changes, fingerprint of the encoder)."""
    changed: Changed
    corpus: Corpus
    offers: Offers


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
        self._asking = Asking()
        self._records = FreshRecords()

    def searchable(self, session: Session, today: date, patience: int = PATIENCE) -> SearchableCorpus:
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
        return SearchableCorpus(
            corpus=held.corpus,
            beyond=Beyond(session, held.offers, self._records),
            generation=row.name if row and generation else None,
            state=state + (f":{ranker.id}:{today}" if ranker else ""),  # it may heed how fresh an offer is
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
        return self._former.of(row.encoder_path, row.encoder, generation.dense.dimension)

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
        earlier = self._held
        changed = read_changes(
            session, self.source, horizon, today, patience, earlier.changed if earlier else None
        )
        corpus = Corpus(encoder, generation, changed.texts, changed.gone, earlier.corpus if earlier else None)
        checksum = generation.checksum if generation else ""
        return _Held(
            (checksum, changed.digest, encoder.fingerprint),
            changed,
            corpus,
            _offers(earlier, checksum, changed),
        )


def _offers(earlier: _Held | None, checksum: str, changed: Changed) -> Offers:
    """Those still held that are as they were; under another generation nobody knows which."""
    if earlier is None or earlier.state[0] != checksum:
        return Offers()
    return still_as_they_were(earlier.offers, earlier.changed, changed)


def directory(root: Path, session: Session, source: Source, name: str = "") -> Path:
    """Where the source's generations of this database lie; with `name`, one of them."""
    database = session.scalar(select(func.current_database()))
    return root / str(database) / source.name / name
