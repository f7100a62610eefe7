"""What a process can find through Milvus: the current collection, and over it what changed since it was synchronised.

While there is none of this process's own encoder yet, it is the former one's, with that encoder.
"""

import hashlib
import json
import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import and_, bindparam, or_
from sqlalchemy.orm import Session

from sky_net.matching.beyond import Beyond, still_as_they_were
from sky_net.matching.changes import TRY_AGAIN_S, Asking, Changed, read_changes
from sky_net.matching.corpus import Corpus
from sky_net.matching.encoder import WORDS_ALONE, Encoder
from sky_net.matching.former import FormerEncoders
from sky_net.matching.live import Versions
from sky_net.matching.milvus.collection import Collection
from sky_net.matching.milvus.connection import Milvus
from sky_net.matching.milvus.searchable import MilvusSearchable
from sky_net.matching.milvus.statistics import FrozenStatistics, Terms
from sky_net.matching.models import SearchGeneration
from sky_net.matching.naming import IS_OWN, MILVUS, NAMED
from sky_net.matching.offers import Offers
from sky_net.matching.port import PATIENCE, Named
from sky_net.matching.projection import ENOUGH_FOR_A_GENERATION, MOST_CHANGES
from sky_net.matching.records import FreshRecords
from sky_net.matching.sources import Source
from sky_net.matching.terms import FIELDS

log = logging.getLogger(__name__)

TO_SEARCH = (
    NAMED.where(
        or_(
            SearchGeneration.encoder == bindparam("encoder"),
            and_(SearchGeneration.encoder.startswith(MILVUS), SearchGeneration.retired_at.is_(None)),
        )
    )
    .order_by(IS_OWN, SearchGeneration.retired_at.is_not(None), SearchGeneration.built_at.desc())
    .limit(1)
)
"""By `source`, `encoder`: the collection of this encoder, a retired one for those who still hold its model, else the current one
of another.
"""


def label_of(encoder: Encoder) -> str:
    """How a collection's row names its encoder: our own engine must not take it for a generation of its own."""
    return f"{MILVUS}{encoder.fingerprint}"


def fingerprint_of(row: Named) -> str:
    """Of the encoder that a collection's row names."""
    return row.encoder.removeprefix(MILVUS)


@dataclass(frozen=True)
class Opened:
    """A collection that was found to be the one that is named."""

    checksum: str
    collection: Collection
    dimension: int
    statistics: FrozenStatistics
    checked_at: float


@dataclass(frozen=True)
class _Held:
    mark: tuple[str, int, str, str]
    """(checksum of the collection, its horizon, digest of the changes, fingerprint of the encoder)."""
    changed: Changed
    delta: Corpus
    size: int
    offers: Offers


class MilvusView:
    """Safe to share between threads; implements `port.View`."""

    def __init__(self, source: Source, milvus: Milvus, encoder: Encoder, former: FormerEncoders) -> None:
        self.source = source
        self._milvus = milvus
        self.encoder = encoder
        self._former = former
        self._lock = threading.RLock()
        self._held: _Held | None = None
        self._opened: Opened | None = None
        self._spoilt: tuple[str, float] = ("", 0.0)
        self._versions = Versions(encoder.fingerprint)
        self._records = FreshRecords()
        self._asking = Asking()

    def searchable(self, session: Session, today: date, patience: int = PATIENCE) -> MilvusSearchable:
        """See `port.View`; a collection that is missing or not the named one is done without."""
        session.flush()
        connection = session.connection()  # bare: every search asks both
        row = self.current(session)
        opened = self._usable(row) if row else None
        encoder = self._encoder_of(row, opened)
        horizon = row.horizon_xid if row and opened else 0
        changes, found, live = connection.execute(
            self.source.state, {"horizon": horizon, "today": today}
        ).one()
        mark = (opened.checksum if opened else "", horizon, found, encoder.fingerprint)
        held = self._held
        if held is None or held.mark != mark:
            held = self._renewed(session, opened, encoder, mark, today, patience)
        is_own = row is None or opened is None or row.encoder == label_of(self.encoder)
        ranker = self._versions.named(session, live) if is_own else None
        state = ":".join(map(str, mark if encoder.fingerprint == WORDS_ALONE else mark[:3]))
        return MilvusSearchable(
            session=session, source=self.source, delta=held.delta, changed=held.changed,
            beyond=Beyond(session, held.offers, self._records),
            collection=opened.collection if opened else None,
            frozen=opened.statistics if opened else None,
            state=state + (f":{ranker.id}:{today}" if ranker else ""), size=held.size,
            wants_generation=not is_own or changes > (MOST_CHANGES if opened else ENOUGH_FOR_A_GENERATION),
            spoilt=row if opened is None else None, ranker=ranker,
        )  # fmt: skip

    def current(self, session: Session) -> Named | None:
        """The collection to search: one of another encoder only where this one has none and would need one."""
        asked = {"source": self.source.name, "encoder": label_of(self.encoder)}
        found = session.connection().execute(TO_SEARCH, asked).first()
        row = Named(*found) if found else None
        if row is None or row.encoder == label_of(self.encoder):
            return row
        return row if row.documents > ENOUGH_FOR_A_GENERATION else None

    def _encoder_of(self, row: Named | None, opened: Opened | None) -> Encoder:
        """The encoder that gave the collection its vectors; this process's own without one."""
        if row is None or opened is None or row.encoder == label_of(self.encoder):
            return self.encoder
        return self._former.of(row.encoder_path, fingerprint_of(row), opened.dimension)

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
            found = open_collection(self._milvus, row.name, row.checksum)
            if found is None:
                log.warning(
                    "%s is searched without collection %s: it is not the one named",
                    self.source.name,
                    row.name,
                )
                self._spoilt = (row.checksum, now + TRY_AGAIN_S)
            elif opened and opened.checksum == found.checksum:  # keeps what is remembered of the statistics
                found = replace(opened, checked_at=now)
            self._opened = found
            return found

    def _renewed(self, session: Session, opened: Opened | None, encoder: Encoder, mark: tuple[str, int, str, str],
                 today: date, patience: int) -> _Held:  # fmt: skip
        with self._lock:
            held = self._held
            if held is None or held.mark != mark:
                changed = read_changes(
                    session, self.source, mark[1], today, patience, held.changed if held else None
                )
                delta = Corpus(
                    encoder, None, changed.texts, earlier=held.delta if held else None,
                    statistics=opened.statistics if opened else None,
                )  # fmt: skip
                indexed = opened.collection.count() - opened.collection.count(changed.ids) if opened else 0
                is_same = (
                    held is not None and held.mark[:2] == mark[:2]
                )  # else nobody knows which rows have changed
                offers = (
                    still_as_they_were(held.offers, held.changed, changed) if held and is_same else Offers()
                )
                held = self._held = _Held(mark, changed, delta, indexed + len(changed.documents), offers)
            return held


def open_collection(milvus: Milvus, name: str, checksum: str) -> Opened | None:
    """The collection, if it holds what the row says, and words as they are cut now."""
    collection, terms = Collection(milvus, name), Terms(milvus, name)
    manifest = terms.manifest()
    if checksum_of(name, manifest) != checksum or not collection.exists():
        return None
    told = json.loads(manifest)
    if collection.dimension() != told["dimension"] or told["averages"].keys() != FIELDS.keys():
        return None
    return Opened(checksum, collection, told["dimension"], FrozenStatistics(terms, told), time.monotonic())


def checksum_of(name: str, manifest: str) -> str:
    """Tells whether a collection found under a name is the one that was filled."""
    return hashlib.sha256(f"{name}\0{manifest}".encode()).hexdigest()
