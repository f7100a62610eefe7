"""THE ranking: one function behind the command line, the HTTP interface and the batch.

Every signal is normalised by the query alone (BM25 by what a document would get that mentions every term once,
cosine as it is), so a document's score depends on the query, the document and the statistics of the corpus, not
on what else was found. Indexed and changed documents therefore compare, and one threshold can say that nothing
fits.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from sky_net.matching.blend import WEIGHTS, Weights
from sky_net.matching.calibration import likelihood
from sky_net.matching.candidates import Asked, Candidates, Scores, changed, indexed
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Filters, Hit, Query
from sky_net.matching.encoder import Encoder, Vectors
from sky_net.matching.meaning import query_vectors
from sky_net.matching.roster import Roster

__all__ = [
    "SUITABLE",
    "Corpus",
    "Document",
    "Encoded",
    "Filters",
    "Hit",
    "Query",
    "encoded",
    "nothing_suitable",
    "rank",
    "rank_all",
    "rank_encoded",
]

SUITABLE = 0.25
"""The probability of being of use from which a broker should look at a hit.

On the demo catalogue, each need told by a curve that was fitted without it: of the 34 needs with an answer, the best hits
of 32 reach it as a bare title and of all in full; of the 8 without one, one does as a bare title and none in full.
"""

SIGNALS = ("title", "body", "dense")
"""The parts of a score, in the order in which they are shown."""
_DECIMALS = 6  # below them, single precision and the order of a sum decide
_QUERIES_AT_ONCE = 256


def rank(
    query: Query, corpus: Corpus, top: int, filters: Filters | None = None, weights: Weights = WEIGHTS
) -> list[Hit]:
    """The best `top` documents, best first; equal scores in order of id.

    Documents without anything in common follow with score 0, so the answer always has min(top, documents that
    pass the filters) hits. ValueError when top < 1.
    """
    return next(rank_all([query], corpus, top, filters, weights))


def rank_all(
    queries: Iterable[Query],
    corpus: Corpus,
    top: int,
    filters: Filters | None = None,
    weights: Weights = WEIGHTS,
) -> Iterator[list[Hit]]:
    """`rank` for each query in turn; encodes many at a time."""
    return rank_encoded(encoded(queries, corpus.encoder), corpus, top, filters, weights)


class Encoded(NamedTuple):
    """A query with its vector, (dimension,)."""

    query: Query
    vector: Vectors


def encoded(queries: Iterable[Query], encoder: Encoder) -> Iterator[Encoded]:
    """The queries in their order, encoded many at a time and no earlier than they are taken."""
    waiting = list(queries)
    for start in range(0, len(waiting), _QUERIES_AT_ONCE):
        block = waiting[start : start + _QUERIES_AT_ONCE]
        yield from map(Encoded, block, query_vectors(block, encoder))


def rank_encoded(
    asked: Iterable[Encoded],
    corpus: Corpus,
    top: int,
    filters: Filters | None = None,
    weights: Weights = WEIGHTS,
) -> Iterator[list[Hit]]:
    """`rank` for each query in turn, by the vector that it comes with: the corpus needs no encoder."""
    if top < 1:
        raise ValueError("top must be at least 1")
    for query, vector in asked:
        clauses = corpus.clauses_of(query, weights)
        yield _ranked(Asked(clauses, vector, filters, top, weights.dense, likelihood(query)), corpus)


def nothing_suitable(hits: Sequence[Hit]) -> bool:
    """Whether a broker should be told that the catalogue has no answer: no hit reaches SUITABLE."""
    return all(hit.probability < SUITABLE for hit in hits)


class _Place(NamedTuple):
    """A candidate on its way into the answer; places sort as they stand in it."""

    below: float
    document_id: str
    owner: str
    parts: tuple[float, ...]
    """Of SIGNALS."""


def _ranked(asked: Asked, corpus: Corpus) -> list[Hit]:
    sides: list[tuple[Candidates, Roster]] = [(changed(asked, corpus), corpus.roster)]
    if corpus.generation is not None:
        sides.append((indexed(asked, corpus), corpus.generation.roster))
    totals = [np.round(side.lexical + side.dense, _DECIMALS) for side, _ in sides]
    least = _least(np.concatenate(totals), asked.top)
    places = sorted(
        chain.from_iterable(
            _places(side, roster, total, least) for (side, roster), total in zip(sides, totals, strict=True)
        )
    )
    return [_hit(place, asked) for place in places[: asked.top]]


def _places(side: Candidates, roster: Roster, total: Scores, least: float) -> Iterator[_Place]:
    """Those of one side that reach the least score."""
    at = np.flatnonzero(total >= least)
    scores, title, dense = total[at], side.title[at], side.dense[at]
    told = np.round([title, np.maximum(scores - title - dense, 0.0), dense], _DECIMALS).T.tolist()
    for below, row, parts in zip((-scores).tolist(), side.rows[at].tolist(), map(tuple, told), strict=True):
        yield _Place(below, roster.ids[row], roster.owners[row], parts)


def _least(totals: Scores, top: int) -> float:
    """The score of the last hit that is wanted."""
    return -np.inf if len(totals) <= top else float(np.partition(totals, -top)[-top])


def _hit(place: _Place, asked: Asked) -> Hit:
    score, signals = -place.below, dict(zip(SIGNALS, place.parts, strict=True))
    return Hit(place.document_id, score, signals, place.owner, asked.likelihood(score))
