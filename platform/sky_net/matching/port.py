"""The port of every search engine: how one is asked, and what it must answer, whichever index stands behind it.

The first implementation is our own (`engine`: generations of postings and vectors), the second Milvus (`milvus`). What
both owe is tested by one suite: a commit is found by the next search, what is gone or hidden is never named for
long enough to be shown, a score means the same, and what cannot be answered is refused in a sentence.
"""

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from sqlalchemy.orm import Session

from sky_net.matching.comparing import Comparison
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Filters, Hit, Query
from sky_net.matching.encoder import WORDS_ALONE, Encoder, reopen
from sky_net.matching.encoding import Watch, unwatched
from sky_net.matching.former import FormerEncoders
from sky_net.matching.models import SearchGeneration
from sky_net.matching.reordering import LiveRanker
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
    encoder: str
    encoder_path: str | None
    documents: int


@dataclass(frozen=True)
class Seen:
    """How a process gets on with the generation that is named current.

    `searched_with` is `own` encoder, `former` one, `words alone`, or `no index`: the rows are read into memory;
    `problem` says in both languages why the index cannot be used from here, `recall` what was measured of it.
    """

    searched_with: str
    problem: str | None = None
    recall: Mapping[str, float | None] | None = None


class Inquiry(NamedTuple):
    """One of many needs: what is looked for, and what a ranker may know of it beyond the query."""

    query: Query
    beside: Comparison | None = None


class Searchable(Protocol):
    """What one transaction can find of a source. Two of the same `state` rank the same texts alike, in whatever process."""

    @property
    def generation(self) -> str | None:
        """The name of the index that was used; None for none."""

    @property
    def encoder(self) -> str:
        """The fingerprint of the model that gave the vectors; `WORDS_ALONE` where none did."""

    @property
    def state(self) -> str:
        """Tells one content from another."""

    @property
    def size(self) -> int:
        """How many documents can be found."""

    @property
    def corpus(self) -> Corpus:
        """What scores are made with, for whoever explains them or learns from them; it may hold the changes alone."""

    @property
    def ranker(self) -> LiveRanker | None:
        """What chooses the order of the best hits; None for the blend."""

    @property
    def ranker_number(self) -> int | None:
        """Its version."""

    @property
    def wants_generation(self) -> bool:
        """Whether the index has fallen so far behind that it should be brought up to date."""

    @property
    def spoilt(self) -> Named | None:
        """The current generation, when it cannot be used from here."""

    def rank(
        self, query: Query, top: int, filters: Filters | None = None, beside: Comparison | None = None
    ) -> list[Hit]:
        """The best `top` documents in the order of the ranker: proposals, which are read anew before anybody sees them.

        `beside` is what the ranker may know of the need beyond the query; without it the texts alone decide.
        """

    def rank_each(self, asked: Sequence[Inquiry], top: int) -> Iterator[list[Hit]]:
        """`rank` for each need in turn, for whoever has so many that several processes may be worth it."""


class View(Protocol):
    """What a process can find of one source; safe to share between threads.

    Until there is an index of its own encoder, it searches the one that another ENCODER made, with that encoder.
    """

    source: Source
    encoder: Encoder

    def current(self, session: Session) -> Named | None:
        """The generation to search with."""

    def searchable(self, session: Session, today: date, patience: int = PATIENCE) -> Searchable:
        """What the session's transaction can find, every commit included.

        SearchNotReady when more than `patience` texts would have to be read first; Unavailable when the engine is down.
        """

    def is_first_to_ask(self) -> bool:
        """Whether this process has not ordered a generation within the last minute."""


class SearchEngine(ABC):
    """One per process; safe to share between threads. Opens nothing before it is first asked."""

    def __init__(self, opener: Callable[[], Encoder], location: str | None = None) -> None:
        """`opener` gives the encoder when it is needed.

        `location` is where a later process finds it again (`encoder.located`); None for the shipped one.
        """
        self.location = location
        self.former = FormerEncoders(reopen)
        self._opener = opener
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._searches_in: int | None = None

    @property
    def encoder(self) -> Encoder:
        """The encoder, opened at the first look; raises EncoderUnusable."""
        with self._lock:
            if self._encoder is None:
                self._encoder = self._opener()
            return self._encoder

    @abstractmethod
    def projection(self, source: Source) -> View:
        """The view that this process has of the source; RuntimeError in a child of a process that had one."""

    @abstractmethod
    def renew(
        self, session: Session, source: Source, today: date, *, now: datetime
    ) -> SearchGeneration | None:
        """Bring the source's index up to date and name it current; None when another process is at it."""

    @abstractmethod
    def renew_apart(self, source: Source, today: date, watch: Watch = unwatched) -> str | None:
        """The same in transactions of its own, however long it takes, told to `watch`; the name of what is current."""

    @abstractmethod
    def seen(self, session: Session, source: Source, named: Named | None) -> Seen:
        """How this process gets on with that generation."""

    def _searched_with(self, fingerprint: str, location: str | None) -> str:
        """See `Seen`, of an index with the vectors of this encoder."""
        if fingerprint == self.encoder.fingerprint:
            return "own"
        return WORDS_ALONE if self.former.get(location, fingerprint) is None else "former"

    def _stay_in_process(self) -> None:
        """Under the lock: threads and connections of an index stay in the process that opened it."""
        if self._searches_in not in (None, os.getpid()):
            raise RuntimeError(
                "search was used before this process was forked and could hang: start without preloading (gunicorn "
                "--preload), or search in the children alone"
            )
        self._searches_in = os.getpid()
