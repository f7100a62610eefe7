"""The signals of documents for one query, each on its own scale and each of a need's two parts apart.

The blend adds some of them up with fixed shares; feedback learns from all of them. Behind those of the texts stand the features
of a need beside an offer on their scales (`scales`), for rankers of the platform: a file of texts has none.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import WEIGHTS, Weights, clauses
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import Vectors, halved, inner_products
from sky_net.matching.layers import Layers
from sky_net.matching.meaning import document_vectors, query_vectors
from sky_net.matching.postings import Postings
from sky_net.matching.scales import SCALES
from sky_net.matching.terms import FIELDS, document_terms

Signals = npt.NDArray[np.float64]

PARTS = ("title", "description")
"""The parts of a need whose words are told apart."""
TEXTS: tuple[str, ...] = (
    "blend",
    *(f"{part}:{field}" for part in PARTS for field in FIELDS),
    *(f"{part}:dense" for part in PARTS),
)
"""The columns of `signals`: the score as it is without feedback, then its parts."""

NAMES: tuple[str, ...] = (*TEXTS, *(f"feature:{name}" for name in SCALES))
"""What a ranker of the platform weighs: the columns of `signals`, then those of `scales.weighed`."""

BASIS = hashlib.sha256(f"{NAMES} {WEIGHTS} {dict(SCALES)}".encode()).hexdigest()
"""Tells one meaning of the columns from another: what was learned on one says nothing about another."""

_ALONE: dict[str, Weights] = {
    field: Weights(**{name: float(name == field) for name in (*FIELDS, "dense")}) for field in FIELDS
}


def signals(queries: Sequence[Query], corpus: Corpus) -> list[Signals]:
    """For each query (documents, len(TEXTS)), the documents in the order of the corpus's roster.

    For a catalogue in memory: ValueError where there is a generation.
    """
    if corpus.generation is not None:
        raise ValueError("the roster holds the changes alone: ask for the signals of documents")
    return _told(queries, corpus, corpus.postings, corpus.vectors)


def signals_of(queries: Sequence[Query], documents: Sequence[Document], corpus: Corpus) -> list[Signals]:
    """For each query (len(documents), len(TEXTS)), as the corpus would score these texts, whether it holds them or not."""
    averages = {field: corpus.statistics.average_length(field) for field in FIELDS}
    postings = Postings([document_terms(document) for document in documents], averages)
    return _told(queries, corpus, postings, halved(document_vectors(documents, corpus.encoder)))


def query_parts(query: Query) -> tuple[Query, Query]:
    """The query's PARTS, each as a query of its own."""
    return Query(query.title), Query(query.body)


def _told(
    queries: Sequence[Query], corpus: Corpus, postings: Postings | Layers, vectors: Vectors
) -> list[Signals]:
    wholes = query_vectors(queries, corpus.encoder)
    titles, bodies = (
        query_vectors(part, corpus.encoder)
        for part in zip(*(query_parts(query) for query in queries), strict=True)
    )
    return [
        np.column_stack([
            _lexical(query, corpus, postings, WEIGHTS) + WEIGHTS.dense * np.clip(inner_products(vectors, whole), 0, 1),
            *(_lexical(part, corpus, postings, _ALONE[field]) for part in query_parts(query) for field in FIELDS),
            inner_products(vectors, title),
            inner_products(vectors, body),
        ])
        for query, whole, title, body in zip(queries, wholes, titles, bodies, strict=True)
    ]  # fmt: skip


def _lexical(query: Query, corpus: Corpus, postings: Postings | Layers, weights: Weights) -> Signals:
    return postings.scores(clauses(query, corpus.statistics, weights, corpus.changes))
