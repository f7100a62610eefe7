"""A learned ranker's order of the best hits, within a live list's time.

The ranker is linear and so is every lexical signal in its terms: its whole verdict on the words is one list of weighted
terms, looked for once and among the terms of the hits alone. What the hits are beyond their texts is given in columns. Only the order changes: a hit's score stays the blend's, with its
parts, so that SUITABLE and the calibration hold; what its place is worth stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from sky_net.matching.blend import Clause, Weights, clauses
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Hit, Query
from sky_net.matching.encoder import Vectors, inner_products
from sky_net.matching.forward import Rows
from sky_net.matching.learning import Floats, Ranker
from sky_net.matching.meaning import query_vectors
from sky_net.matching.roster import Roster
from sky_net.matching.scales import OF_RECORDS, SCALES, Columns
from sky_net.matching.signals import NAMES, PARTS, TEXTS, query_parts
from sky_net.matching.terms import FIELDS

REORDERED = 100
"""Hits whose order is chosen, the best by the blend; deeper ones follow as they are, so that a longer list extends a shorter."""
_DECIMALS = 6  # below them, single precision and the order of a sum decide


@dataclass(frozen=True, eq=False)
class LiveRanker:
    """A stored version in use."""

    id: UUID
    number: int
    ranker: Ranker


def heeds_features(ranker: Ranker) -> bool:
    """Whether what a need and an offer are beyond their texts weighs anything."""
    return bool(ranker.weights[len(TEXTS) :].any())


def heeds_records(ranker: Ranker) -> bool:
    """Whether how institutes answer, or what they work on, weighs anything."""
    return any(ranker.weights[NAMES.index(f"feature:{name}")] for name in OF_RECORDS)


def reordered(
    ranker: Ranker, query: Query, hits: Sequence[Hit], corpus: Corpus, features: Columns | None = None
) -> list[Hit]:
    """The hits with the best REORDERED of them in the ranker's order; equal ones in order of id.

    `features` are those of the head (`scales.weighed`), None where nothing is known beyond the texts. Each carries its `standing`: the score that the blend gave at that place.
    """
    head = hits[:REORDERED]
    verdicts = np.round(logits(ranker, query, head, corpus, features), _DECIMALS)
    order = sorted(range(len(head)), key=lambda place: (-verdicts[place], head[place].document_id))
    placed = [*(head[place] for place in order), *hits[REORDERED:]]
    return [replace(hit, standing=ladder.score) for hit, ladder in zip(placed, hits, strict=True)]


def logits(
    ranker: Ranker, query: Query, hits: Sequence[Hit], corpus: Corpus, features: Columns | None = None
) -> Floats:
    """`signals @ weights` of each hit (len(hits),), as `signals_of` and `features` give them up to rounding."""
    weights = dict(zip(NAMES, ranker.weights.tolist(), strict=True))
    terms, vector = _asked(query, corpus, weights), _wanted(query, corpus, weights)
    parts = _of_changes(hits, terms, vector, corpus) | _of_generation(hits, terms, vector, corpus)
    verdicts = [weights["blend"] * hit.score + parts[hit.document_id] for hit in hits]
    known = np.zeros((len(hits), len(SCALES))) if features is None else features
    return np.asarray(np.array(verdicts, np.float64) + known @ ranker.weights[len(TEXTS) :])


def _of_changes(
    hits: Sequence[Hit], terms: Sequence[Clause], vector: Vectors, corpus: Corpus
) -> dict[str, float]:
    """Words and meaning of the hits that no generation holds, by id."""
    rows = np.array(corpus.roster.rows_of([hit.document_id for hit in hits]), np.int64)
    if not len(rows):
        return {}
    found = corpus.postings.scores(terms)[rows] + inner_products(corpus.vectors[rows], vector)
    return _by_id(corpus.roster, rows, found)


def _of_generation(
    hits: Sequence[Hit], terms: Sequence[Clause], vector: Vectors, corpus: Corpus
) -> dict[str, float]:
    """The same of those in the generation."""
    if corpus.generation is None:
        return {}
    ids, roster = {hit.document_id for hit in hits}, corpus.generation.roster
    changed = {corpus.roster.ids[row] for row in corpus.roster.rows_of(ids)}
    rows = np.array(roster.rows_of(ids - changed), np.int64)
    found = corpus.generation.forward.scores(terms, rows) + corpus.generation.dense.scores_of(vector, rows)
    return _by_id(roster, rows, found)


def _by_id(roster: Roster, rows: Rows, found: Floats) -> dict[str, float]:
    return {roster.ids[row]: value for row, value in zip(rows.tolist(), found.tolist(), strict=True)}


def _asked(query: Query, corpus: Corpus, weights: dict[str, float]) -> list[Clause]:
    """What the ranker thinks of every term of either part of the need, in each field."""
    shares = [Weights(**{field: weights[f"{name}:{field}"] for field in FIELDS}, dense=0.0) for name in PARTS]
    parts = zip(query_parts(query), shares, strict=True)
    return [
        clause for part, share in parts for clause in clauses(part, corpus.statistics, share, corpus.changes)
    ]


def _wanted(query: Query, corpus: Corpus, weights: dict[str, float]) -> Vectors:
    """The one vector whose inner product with a document's is both parts' meaning, weighed."""
    shares = np.array([weights[f"{name}:dense"] for name in PARTS], np.float32)
    mixed: Vectors = np.einsum("p,pd->d", shares, query_vectors(query_parts(query), corpus.encoder))
    return mixed
