"""What a process can find through Milvus: the current collection, and over it what changed since it was synchronised."""

import hashlib
import json
import logging
import threading
import time
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from sky_net.matching.changes import TRY_AGAIN_S, Asking, Changed, read_changes
from sky_net.matching.corpus import Corpus
from sky_net.matching.encoder import Encoder
from sky_net.matching.milvus.collection import Collection
from sky_net.matching.milvus.connection import Milvus
from sky_net.matching.milvus.searchable import MilvusSearchable
from sky_net.matching.milvus.statistics import FrozenStatistics, Terms
from sky_net.matching.models import SearchGeneration
from sky_net.matching.naming import MILVUS, NAMED
from sky_net.matching.port import PATIENCE, Named
from sky_net.matching.projection import ENOUGH_FOR_A_GENERATION, MOST_CHANGES
from sky_net.matching.sources import Source
from sky_net.matching.terms import FIELDS

log = logging.getLogger(__name__)

TO_SEARCH = (
    NAMED.where(SearchGeneration.encoder == bindparam("encoder"))
    .order_by(SearchGeneration.retired_at.is_not(None), SearchGeneration.built_at.desc())
    .limit(1)
)
"""By `source`, `encoder`: the collection of this encoder; a retired one serves those who still hold its model."""


def label_of(encoder: Encoder) -> str:
    """How a collection's row names its encoder: our own engine must not take it for a generation of its own."""
    return f"{MILVUS}{encoder.fingerprint}"


@dataclass(frozen=True)
class Opened:
    """A collection that was found to be the one that is named."""

    checksum: str
    collection: Collection
    statistics: FrozenStatistics
    checked_at: float


@dataclass(frozen=True)
class _Held:
    mark: tuple[str, int, str]
    changed: Changed
    delta: Corpus
    size: int


class MilvusView:
    """Safe to share between threads; implements `port.View`."""

    def __init__(self, source: Source, milvus: Milvus, encoder: Encoder) -> None:
        self.source = source
        self._milvus = milvus
        self.encoder = encoder
        self._lock = threading.RLock()
        self._held: _Held | None = None
        self._opened: Opened | None = None
        self._spoilt: tuple[str, float] = ("", 0.0)
        self._asking = Asking()

    def searchable(self, session: Session, today: date, patience: int = PATIENCE) -> MilvusSearchable:
        """See `port.View`; a collection that is missing or not the named one is done without."""
        session.flush()
        connection = session.connection()  # bare: every search asks both
        row = self.current(session)
        opened = self._usable(row) if row else None
        horizon = row.horizon_xid if row and opened else 0
        changes, found, _ = connection.execute(self.source.state, {"horizon": horizon, "today": today}).one()
        mark = (opened.checksum if opened else "", horizon, found)
        held = self._held
        if held is None or held.mark != mark:
            held = self._renewed(session, row if opened else None, opened, mark, today, patience)
        return MilvusSearchable(
            session=session, source=self.source, delta=held.delta, changed=held.changed,
            collection=opened.collection if opened else None,
            frozen=opened.statistics if opened else None,
            state=":".join(map(str, mark)), size=held.size,
            wants_generation=changes > (MOST_CHANGES if opened else ENOUGH_FOR_A_GENERATION),
            spoilt=row if opened is None else None,
        )  # fmt: skip

    def current(self, session: Session) -> Named | None:
        """The collection that is named for this encoder, or was the last to be."""
        asked = {"source": self.source.name, "encoder": label_of(self.encoder)}
        found = session.connection().execute(TO_SEARCH, asked).first()
        return Named(*found) if found else None

    def is_first_to_ask(self) -> bool:
        """See `port.View`."""
        return self._asking.is_first()

    def _usable(self, row: Named) -> Opened | None:
        """The named collection; looked at again after a minute, since somebody else may drop it."""
        with self._lock:
            now, opened = time.monotonic(), self._opened
            if opened and opened.checksum == row.checksum and now < opened.checked_at + TRY_AGAIN_S:
                return opened
            if self._spoilt[0] == row.checksum and now < self._spoilt[1]:
                return None
            found = open_collection(self._milvus, row.name, row.checksum, self.encoder)
            if found is None:
                log.warning(
                    "%s is searched without collection %s: it is not the one named",
                    self.source.name,
                    row.name,
                )
                self._spoilt = (row.checksum, now + TRY_AGAIN_S)
            elif opened and opened.checksum == found.checksum:  # keeps what is remembered of the statistics
                found = Opened(opened.checksum, opened.collection, opened.statistics, now)
            self._opened = found
            return found

    def _renewed(self, session: Session, row: Named | None, opened: Opened | None, mark: tuple[str, int, str],
                 today: date, patience: int) -> _Held:  # fmt: skip
        with self._lock:
            held = self._held
            if held is None or held.mark != mark:
                horizon = row.horizon_xid if row else 0
                changed = read_changes(
                    session, self.source, horizon, today, patience, held.changed if held else None
                )
                delta = Corpus(
                    self.encoder, None, changed.texts, earlier=held.delta if held else None,
                    statistics=opened.statistics if opened else None,
                )  # fmt: skip
                indexed = opened.collection.count() - opened.collection.count(changed.ids) if opened else 0
                held = self._held = _Held(mark, changed, delta, indexed + len(changed.documents))
            return held


def open_collection(milvus: Milvus, name: str, checksum: str, encoder: Encoder) -> Opened | None:
    """The collection, if it holds what the row says, vectors of this encoder and words as they are cut now."""
    collection, terms = Collection(milvus, name), Terms(milvus, name)
    manifest = terms.manifest()
    if checksum_of(name, manifest) != checksum or not collection.exists():
        return None
    told = json.loads(manifest)
    if collection.dimension() != encoder.dimension or told["averages"].keys() != FIELDS.keys():
        return None
    return Opened(checksum, collection, FrozenStatistics(terms, told), time.monotonic())


def checksum_of(name: str, manifest: str) -> str:
    """Tells whether a collection found under a name is the one that was filled."""
    return hashlib.sha256(f"{name}\0{manifest}".encode()).hexdigest()
