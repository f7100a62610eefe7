"""Many texts and their vectors for the rows about the index, made once per run."""

from functools import cache

import numpy as np
import numpy.typing as npt

from bench.offers import Mixer
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import Vectors, halved, open_encoder
from sky_net.matching.meaning import document_vectors, query_vectors

ROWS_100K, ASKED = 100_000, 200
_AT_ONCE = 1024


@cache
def texts(count: int) -> list[Document]:
    """So many achievements with ids and no facets."""
    return [
        Document(f"A{number:07d}", each["title"], each["summary"], owner=f"I{number % 400:03d}")
        for number, each in enumerate(Mixer().offers(count))
    ]


@cache
def needs(count: int) -> list[Query]:
    """So many needs: title and problem."""
    return [Query(each["title"], each["problem"]) for each in Mixer().needs(count)]


@cache
def stored(count: int = ROWS_100K) -> Vectors:
    """Vectors of the achievements as an index holds them."""
    encoder, documents = open_encoder(), texts(count)
    starts = range(0, count, _AT_ONCE)
    return np.concatenate(
        [halved(document_vectors(documents[start : start + _AT_ONCE], encoder)) for start in starts]
    )


@cache
def asked(count: int = ASKED) -> Vectors:
    """Vectors of the needs."""
    return query_vectors(needs(count), open_encoder())


def recall(
    found: list[npt.NDArray[np.int64]],
    best: list[npt.NDArray[np.float64]],
    queries: Vectors,
    count: int = ROWS_100K,
) -> float:
    """recall@10 among so many: a row counts when its exact score is not below the tenth best; `best` are the ten best scores."""
    vectors = stored(count)
    shares = [
        float(((vectors[rows] @ query) >= scores[-1] - 1e-6).sum() / len(scores))
        for rows, scores, query in zip(found, best, queries, strict=True)
    ]
    return float(np.mean(shares))
