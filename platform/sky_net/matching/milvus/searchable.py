"""One search through Milvus: it proposes, the database is read, and `ranking` scores what it has read.

The delta and the proposals are ranked apart and put together: a score depends on the query, the document and the
frozen statistics alone.
"""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from sky_net.matching.bm25 import Statistics, idf
from sky_net.matching.changes import Changed, read_documents
from sky_net.matching.comparing import Comparison
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Filters, Hit, Query
from sky_net.matching.meaning import query_vectors
from sky_net.matching.milvus.collection import Collection, Wanted
from sky_net.matching.milvus.statistics import FrozenStatistics
from sky_net.matching.port import Named
from sky_net.matching.ranking import rank
from sky_net.matching.sources import Source
from sky_net.matching.terms import query_terms

OF_EACH = 100
"""Proposals taken from each of the three lists: each costs a text to read and to cut. More is taken where more is wanted."""
MOST_WORDS = 64
LONGEST_QUERY = 4_000
"""Characters of a description that are looked for: the frequency of every term is asked of a server."""


@dataclass(frozen=True)
class MilvusSearchable:
    """Implements `port.Searchable` for as long as its transaction lasts."""

    session: Session
    source: Source
    delta: Corpus
    changed: Changed
    collection: Collection | None
    frozen: FrozenStatistics | None
    state: str
    size: int
    wants_generation: bool
    spoilt: Named | None = None

    @property
    def generation(self) -> str | None:
        """The collection's name."""
        return self.collection.name if self.collection else None

    @property
    def encoder(self) -> str:
        """The fingerprint of the model that gave the vectors."""
        return self.delta.encoder.fingerprint

    @property
    def corpus(self) -> Corpus:
        """The changes since, scored with the collection's statistics, which were frozen when it was filled."""
        return self.delta

    @property
    def ranker(self) -> None:
        """None, the blend ranks: nothing here holds the best hundred of both sides, side by side, with their words and vectors."""

    @property
    def ranker_number(self) -> None:
        """See `ranker`."""

    def rank(
        self, query: Query, top: int, filters: Filters | None = None, beside: Comparison | None = None
    ) -> list[Hit]:
        """See `port.Searchable`; nothing is compared `beside` the texts, since there is no ranker."""
        if self.collection is None or self.frozen is None:
            return rank(query, self.delta, top, filters)
        query = Query(query.title[:LONGEST_QUERY], query.body[:LONGEST_QUERY])
        self.frozen.learn(query)
        proposed = self._proposed(self.collection, self.frozen, query, top, filters)
        hits = [hit for corpus in (self.delta, proposed) for hit in rank(query, corpus, top, filters)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.document_id))[:top]

    def _proposed(self, collection: Collection, statistics: FrozenStatistics, query: Query, top: int,
                  filters: Filters | None) -> Corpus:  # fmt: skip
        """What Milvus names, as it stands in the database."""
        vectors = collection.candidates(
            Wanted(
                words=_words(query, statistics),
                vector=query_vectors([query], self.delta.encoder)[0],
                filters=filters,
                without=self.changed.ids,
                of_each=max(OF_EACH, top),
            )
        )
        documents = read_documents(self.session, self.source, [UUID(each) for each in vectors])
        return Corpus(
            self.delta.encoder, None, list(documents.values()), statistics=statistics, vectors=vectors
        )


def _words(query: Query, statistics: Statistics) -> str:
    """The query's weightiest words, for Milvus to cut as it has cut the documents."""
    terms = query_terms(query)["words"]
    names = list(terms)
    rarity = idf(statistics.documents, np.array(statistics.frequencies("body_words", names), np.int64))
    weights = np.fromiter(terms.values(), np.float64, len(names)) * rarity
    return " ".join(names[place] for place in np.argsort(-weights, kind="stable")[:MOST_WORDS])
