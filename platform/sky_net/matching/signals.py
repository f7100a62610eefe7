"""The signals of every document for one query, each on its own scale and each of a need's two parts apart.

The blend adds some of them up with fixed shares; feedback learns from all of them.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import WEIGHTS, Weights, clauses
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Query
from sky_net.matching.encoder import inner_products
from sky_net.matching.meaning import query_vectors
from sky_net.matching.terms import FIELDS

Signals = npt.NDArray[np.float64]

NAMES: tuple[str, ...] = (
    "blend",
    *(f"{part}:{field}" for part in ("title", "description") for field in FIELDS),
    "title:dense",
    "description:dense",
)
"""The columns of `signals`: the score as it is without feedback, then its parts."""

_ALONE: dict[str, Weights] = {
    field: Weights(**{name: float(name == field) for name in (*FIELDS, "dense")}) for field in FIELDS
}


def signals(queries: Sequence[Query], corpus: Corpus) -> list[Signals]:
    """For each query (documents, len(NAMES)), the documents in the order of the corpus's roster.

    For a catalogue in memory: ValueError where there is a generation.
    """
    if corpus.generation is not None:
        raise ValueError("signals are told of a catalogue in memory")
    wholes = query_vectors(queries, corpus.encoder)
    titles = query_vectors([Query(query.title) for query in queries], corpus.encoder)
    bodies = query_vectors([Query(query.body) for query in queries], corpus.encoder)
    return [
        np.column_stack([
            _lexical(query, corpus, WEIGHTS) + WEIGHTS.dense * np.clip(inner_products(corpus.vectors, whole), 0, 1),
            *(_lexical(part, corpus, _ALONE[field]) for part in (Query(query.title), Query(query.body)) for field in FIELDS),
            inner_products(corpus.vectors, title),
            inner_products(corpus.vectors, body),
        ])
        for query, whole, title, body in zip(queries, wholes, titles, bodies, strict=True)
    ]  # fmt: skip


def _lexical(query: Query, corpus: Corpus, weights: Weights) -> Signals:
    return corpus.postings.scores(clauses(query, corpus.statistics, weights))
