"""The port of every search engine: how one is asked, and what it must answer, whichever index stands behind it.

The first implementation is our own (`engine`: generations of tantivy and FAISS), the second Milvus (`milvus`). What
both owe is tested by one suite: a commit is found by the next search, what is gone or hidden is never named for
long enough to be shown, a score means the same, and what cannot be answered is refused in a sentence.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from sky_net.matching.bm25 import Statistics
from sky_net.matching.documents import Filters, Hit, Query
from sky_net.matching.encoder import Encoder
from sky_net.matching.models import SearchGeneration
from sky_net.matching.sources import Source

PATIENCE = 20_000
"""Documents a caller waits for at most: about half a minute. A catalogue beyond that needs its generation first."""


@dataclass(frozen=True)
class Named:
    """What a search needs to know of the generation that is named current."""

    name: str
    checksum: str
    horizon_xid: int
    built_at: datetime


class Searchable(Protocol):
    """What one transaction can find of a source. Two of the same `state` rank alike, in whatever process."""

    @property
    def generation(self) -> str | None:
        """The name of the index that was used; None for none."""

    @property
    def encoder(self) -> str:
        """The fingerprint of the model that gave the vectors."""

    @property
    def state(self) -> str:
        """Tells one content from another."""

    @property
    def size(self) -> int:
        """How many documents can be found."""

    @property
    def statistics(self) -> Statistics:
        """What the scores were made with, for whoever explains them."""

    @property
    def wants_generation(self) -> bool:
        """Whether the index has fallen so far behind that it should be brought up to date."""

    @property
    def spoilt(self) -> Named | None:
        """The current generation, when it cannot be used from here."""

    def rank(self, query: Query, top: int, filters: Filters | None = None) -> list[Hit]:
        """The best `top` documents, best first: proposals, which are read anew before anybody sees them."""


class View(Protocol):
    """What a process can find of one source; safe to share between threads."""

    source: Source

    def searchable(self, session: Session, today: date, patience: int = PATIENCE) -> Searchable:
        """What the session's transaction can find, every commit included.

        SearchNotReady when more than `patience` texts would have to be read first; Unavailable when the engine is down.
        """

    def is_first_to_ask(self) -> bool:
        """Whether this process has not ordered a generation within the last minute."""


class SearchEngine(ABC):
    """One per process; safe to share between threads. Opens nothing before it is first asked."""

    def __init__(self, opener: Callable[[], Encoder]) -> None:
        """`opener` gives the encoder when it is needed."""
        self._opener = opener
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None

    @property
    def encoder(self) -> Encoder:
        """The encoder, opened at the first look; raises EncoderUnusable."""
        with self._lock:
            if self._encoder is None:
                self._encoder = self._opener()
            return self._encoder

    @abstractmethod
    def projection(self, source: Source) -> View:
        """The view that this process has of the source."""

    @abstractmethod
    def renew(
        self, session: Session, source: Source, today: date, *, now: datetime
    ) -> SearchGeneration | None:
        """Bring the source's index up to date and name it current; None when another process is at it."""
