"""What is searched: a generation, if there is one, and over it the documents that changed since.

Changed documents are held in memory and scored with the generation's statistics by the same formula: a commit is
found at once, and its place among the indexed documents is the one it will have inside the next generation.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from sky_net.matching.blend import WEIGHTS, Clause, Weights, clauses
from sky_net.matching.bm25 import Statistics
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import WORDS_ALONE, Encoder, Vectors, halved
from sky_net.matching.layers import Layers
from sky_net.matching.meaning import document_vectors
from sky_net.matching.postings import Tokens
from sky_net.matching.roster import Roster
from sky_net.matching.terms import FIELDS, document_terms

if TYPE_CHECKING:  # FAISS is loaded by whoever opens a generation; the command line has none
    from sky_net.matching.generation import Generation


@dataclass(frozen=True, slots=True)
class _Prepared:
    tokens: Tokens
    vector: Vectors


class Corpus:
    """Immutable; make a new one for each new set of changes, passing the old one so that no text is cut twice."""

    def __init__(
        self,
        encoder: Encoder,
        generation: "Generation | None" = None,
        delta: Sequence[Document] = (),
        gone: AbstractSet[str] = frozenset(),
        earlier: "Corpus | None" = None,
        statistics: Statistics | None = None,
        vectors: Mapping[str, Vectors] = MappingProxyType({}),
    ) -> None:
        """`delta` documents are added or replace those with their id; those in `gone` are hidden, also from `delta`.

        Without a generation, or with an empty one, the delta provides its own statistics: that is the catalogue
        in memory that the command line uses; `statistics` of an index elsewhere take the place of those. `vectors`
        are known ones by document id, which then need not be made. ValueError when the generation was made with
        another encoder or an id comes twice.
        """
        if generation is not None and encoder.fingerprint not in (
            generation.encoder_fingerprint,
            WORDS_ALONE,
        ):
            raise ValueError("the generation holds vectors of another encoder")
        self.encoder = encoder
        self.generation = generation if generation is not None and len(generation) else None
        changed = [document for document in delta if document.id not in gone]
        self.roster = Roster.of(changed)
        self._prepared = _prepared(changed, encoder, earlier, vectors)
        tokens = {document: prepared.tokens for document, prepared in self._prepared.items()}
        index = self.generation.lexical if self.generation else statistics
        averages = None if index is None else {field: index.average_length(field) for field in FIELDS}
        self.postings: Layers = Layers(changed, tokens, averages, earlier.postings if earlier else None)
        self.vectors = _stacked([self._prepared[document].vector for document in changed], encoder.dimension)
        self.statistics: Statistics = self.postings if index is None else index
        self.changes: Statistics | None = None if index is None else self.postings
        self.hidden = _hidden_rows(self.generation, {document.id for document in changed} | gone)
        self._asked: tuple[tuple[Query, Weights], list[Clause]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """For another process, which ranks what is encoded already (`ranking.rank_encoded`): there is no `encoder` there, and
        none of the texts, which can be larger than all that they were made into.
        """
        state = self.__dict__ | {"_prepared": {}, "_asked": None}
        if self.generation is not None:  # which opens its files anew there
            del state["statistics"]
        del state["encoder"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self.generation is not None:
            self.statistics = self.generation.lexical

    def __len__(self) -> int:
        """Number of documents that can be found."""
        indexed = len(self.generation) - len(self.hidden) if self.generation else 0
        return indexed + len(self.roster.ids)

    def clauses_of(self, query: Query, weights: Weights = WEIGHTS) -> list[Clause]:
        """What the query looks for in here. The last answer is kept: ranking asks, and then whoever explains the hits."""
        kept = self._asked
        if kept is None or kept[0] != (query, weights):
            kept = (query, weights), clauses(query, self.statistics, weights, self.changes)
            self._asked = kept
        return kept[1]

    def tokens_of(self, document: Document) -> Tokens:
        """`terms.document_terms`, without cutting anew what this holds in memory."""
        held = self._prepared.get(document)
        return held.tokens if held else document_terms(document)


def _prepared(
    documents: Sequence[Document], encoder: Encoder, earlier: Corpus | None, given: Mapping[str, Vectors]
) -> dict[Document, _Prepared]:
    known: dict[Document, _Prepared] = {}
    if earlier is not None and _is_same(earlier.encoder, encoder):
        known = earlier._prepared  # the same class's own cache
    fresh = [document for document in documents if document not in known]
    unknown = [document for document in fresh if document.id not in given]
    encoded = dict(zip(unknown, halved(document_vectors(unknown, encoder)), strict=True))
    made = {
        each: _Prepared(document_terms(each), encoded[each] if each in encoded else halved(given[each.id]))
        for each in fresh
    }
    return {document: known.get(document) or made[document] for document in documents}


def _is_same(one: Encoder, other: Encoder) -> bool:
    return (one.fingerprint, one.dimension) == (other.fingerprint, other.dimension)


def _stacked(vectors: Sequence[Vectors], dimension: int) -> Vectors:
    return np.stack(vectors) if vectors else np.zeros((0, dimension), np.float32)


def _hidden_rows(generation: "Generation | None", ids: AbstractSet[str]) -> list[int]:
    """Ascending rows of the generation that must not be found."""
    if generation is None:
        return []
    return generation.roster.rows_of(ids)
