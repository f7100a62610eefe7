"""THE ranking: one function behind the command line, the HTTP interface and the batch.

Every signal is normalised by the query alone (BM25 by what a document would get that mentions every term once,
cosine as it is), so a document's score depends on the query, the document and the statistics of the corpus, not
on what else was found. Indexed and changed documents therefore compare, and one threshold can say that nothing
fits.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sky_net.matching.blend import WEIGHTS, Weights
from sky_net.matching.candidates import Asked, Candidates, Rows, Scores, changed, indexed
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Filters, Hit, Query
from sky_net.matching.meaning import query_vectors
from sky_net.matching.roster import Roster
from sky_net.matching.terms import TITLE_FIELDS

__all__ = [
    "SUITABLE",
    "Corpus",
    "Document",
    "Filters",
    "Hit",
    "Query",
    "nothing_suitable",
    "rank",
    "rank_all",
]

SUITABLE = 0.265
"""The score from which a broker should look at a hit.

Chosen on the demo catalogue with all fields of both sides: the best hits of its 34 needs with an answer score 0.289
and more, those of the 8 without one 0.241 and less. A need of a title alone scores lower, and no score divides those.
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
    """`rank` for each query in turn; encodes many at a time, which a transformer needs to be quick."""
    if top < 1:
        raise ValueError("top must be at least 1")
    waiting = list(queries)
    for start in range(0, len(waiting), _QUERIES_AT_ONCE):
        block = waiting[start : start + _QUERIES_AT_ONCE]
        for query, vector in zip(block, query_vectors(block, corpus.encoder), strict=True):
            yield _ranked(
                Asked(
                    corpus.clauses_of(query, weights),
                    vector,
                    filters,
                    top,
                    weights.dense,
                ),
                corpus,
            )


def nothing_suitable(hits: Sequence[Hit]) -> bool:
    """Whether a broker should be told that the catalogue has no answer: no hit reaches SUITABLE."""
    return all(hit.score < SUITABLE for hit in hits)


@dataclass(frozen=True, slots=True)
class _Place:
    """A candidate on its way into the answer: which side it stands on, and in which row of its roster."""

    score: float
    document_id: str
    is_indexed: bool
    row: int
    dense: float


def _ranked(asked: Asked, corpus: Corpus) -> list[Hit]:
    sides: list[tuple[bool, Candidates, Roster]] = [(False, changed(asked, corpus), corpus.roster)]
    if corpus.generation is not None:
        sides.append((True, indexed(asked, corpus), corpus.generation.roster))
    totals = [np.round(side.lexical + side.dense, _DECIMALS) for _, side, _ in sides]
    least = _least(np.concatenate(totals), asked.top)
    places = [
        _Place(
            float(total[at]), roster.ids[side.rows[at]], is_indexed, int(side.rows[at]), float(side.dense[at])
        )
        for (is_indexed, side, roster), total in zip(sides, totals, strict=True)
        for at in np.flatnonzero(total >= least)
    ]
    places.sort(key=lambda place: (-place.score, place.document_id))
    return _hits(places[: asked.top], asked, corpus)


def _least(totals: Scores, top: int) -> float:
    """The score of the last hit that is wanted."""
    return -np.inf if len(totals) <= top else float(np.partition(totals, -top)[-top])


def _hits(places: Sequence[_Place], asked: Asked, corpus: Corpus) -> list[Hit]:
    titles = _title_scores(places, asked, corpus)
    return [_hit(place, titles.get((place.is_indexed, place.row), 0.0), corpus) for place in places]


def _hit(place: _Place, title: float, corpus: Corpus) -> Hit:
    roster = corpus.generation.roster if place.is_indexed and corpus.generation else corpus.roster
    body = max(place.score - title - place.dense, 0.0)
    parts = (round(part, _DECIMALS) for part in (title, body, place.dense))
    signals = dict(zip(SIGNALS, parts, strict=True))
    return Hit(place.document_id, place.score, signals, roster.owners[place.row])


def _title_scores(places: Sequence[_Place], asked: Asked, corpus: Corpus) -> dict[tuple[bool, int], float]:
    """The title's part of the lexical score, for the hits alone; what is left of it is the body's."""
    titles = [clause for clause in asked.clauses if clause.field in TITLE_FIELDS]
    inside: Rows = np.array([place.row for place in places if place.is_indexed], np.int64)
    scores: dict[tuple[bool, int], float] = {}
    if corpus.generation is not None and len(inside):
        found = corpus.generation.forward.scores(titles, inside)
        scores.update(
            ((True, row), score) for row, score in zip(inside.tolist(), found.tolist(), strict=True)
        )
    if len(inside) < len(places):
        outside = corpus.postings.scores(titles)
        scores.update(
            ((False, place.row), float(outside[place.row])) for place in places if not place.is_indexed
        )
    return scores
