"""One search through Milvus: it proposes, the database is read, and `ranking` scores what it has read.

The best of the delta and the proposals are ranked together: a score depends on the query, the document and the frozen
statistics alone, and so does what a learned ranker thinks of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from sky_net.matching.beyond import Beyond
from sky_net.matching.bm25 import idf
from sky_net.matching.changes import Changed, read_documents
from sky_net.matching.comparing import Comparison
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Filters, Hit, Query
from sky_net.matching.encoder import WORDS_ALONE, Vectors
from sky_net.matching.meaning import query_vectors
from sky_net.matching.milvus.collection import Collection, Wanted
from sky_net.matching.milvus.statistics import FrozenStatistics
from sky_net.matching.port import Inquiry, Named
from sky_net.matching.ranking import rank
from sky_net.matching.reordering import REORDERED, LiveRanker, reordered
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
    beyond: Beyond
    collection: Collection | None
    frozen: FrozenStatistics | None
    state: str
    size: int
    wants_generation: bool
    spoilt: Named | None = None
    ranker: LiveRanker | None = None
    """What chooses the order of the best hits; None for the blend."""

    @property
    def ranker_number(self) -> int | None:
        """The version that chooses the order, None for the blend."""
        return self.ranker.number if self.ranker else None

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

    def rank(
        self, query: Query, top: int, filters: Filters | None = None, beside: Comparison | None = None
    ) -> list[Hit]:
        """See `port.Searchable`."""
        depth = top if self.ranker is None else max(top, REORDERED)
        corpus = self.delta
        if self.collection is not None and self.frozen is not None:
            query = Query(query.title[:LONGEST_QUERY], query.body[:LONGEST_QUERY])
            proposed = self._proposed(self.collection, self.frozen, query, depth, filters)
            corpus = self._beside_the_delta(proposed, self.frozen, query, depth, filters)
        hits = rank(query, corpus, depth, filters)
        if self.ranker is None:
            return hits
        features = self.beyond.columns(self.ranker.ranker, hits[:REORDERED], beside)
        return reordered(self.ranker.ranker, query, hits, corpus, features)[:top]

    def rank_each(self, asked: Sequence[Inquiry], top: int) -> Iterator[list[Hit]]:
        """See `port.Searchable`; the server is asked need by need, and does the most of it."""
        return (self.rank(query, top, beside=beside) for query, beside in asked)

    def _proposed(self, collection: Collection, statistics: FrozenStatistics, query: Query, depth: int,
                  filters: Filters | None) -> dict[str, Vectors]:  # fmt: skip
        """What Milvus names, with its vectors."""
        statistics.learn(query)
        encoder = self.delta.encoder
        return collection.candidates(
            Wanted(
                words=_words(query, statistics),
                vector=None if encoder.fingerprint == WORDS_ALONE else query_vectors([query], encoder)[0],
                filters=filters,
                without=self.changed.ids,
                of_each=max(OF_EACH, depth),
            )
        )

    def _beside_the_delta(self, proposed: dict[str, Vectors], statistics: FrozenStatistics, query: Query, depth: int,
                          filters: Filters | None) -> Corpus:  # fmt: skip
        """What was proposed, as it stands in the database, and the best of the delta: no text of either is cut twice."""
        best = [UUID(hit.document_id) for hit in rank(query, self.delta, depth, filters)]
        documents = read_documents(self.session, self.source, [UUID(each) for each in proposed])
        documents |= {each: self.changed.documents[each][1] for each in best}
        return Corpus(
            self.delta.encoder, None, list(documents.values()), earlier=self.delta, statistics=statistics,
            vectors=proposed,
        )  # fmt: skip


def _words(query: Query, statistics: FrozenStatistics) -> str:
    """The query's weightiest words, for Milvus to cut as it has cut the documents."""
    terms = query_terms(query)["words"]
    names = list(terms)
    rarity = idf(statistics.documents, np.array(statistics.frequencies("body_words", names), np.int64))
    weights = np.fromiter(terms.values(), np.float64, len(names)) * rarity
    return " ".join(names[place] for place in np.argsort(-weights, kind="stable")[:MOST_WORDS])
