"""One text of a paper must find another: the model beside chance and a tf-idf of character bigrams."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.corpus import fold

Matrix = NDArray[np.float64]
Encode = Callable[[Sequence[str]], NDArray[np.float32]]

DRAWS = 2000
CUTS = (1, 10)


@dataclass(frozen=True)
class Recall:
    """Share of queries whose own document is among the first `cut`, with the 95 % bootstrap interval over queries."""

    method: str
    cut: int
    value: float
    low: float
    high: float


def evaluate(encode: Encode, queries: Sequence[str], documents: Sequence[str], seed: int) -> list[Recall]:
    """Document i is the one right answer to query i; documents beyond the queries are distractors."""
    dense = cosine(encode(queries), encode(documents))
    bigrams = bigram_cosine(queries, documents)
    ranks = {
        "model": own_ranks(dense),
        "character bigrams": own_ranks(bigrams),
        "both, equal weight": own_ranks(standardized(dense) + standardized(bigrams)),
    }
    rng = np.random.default_rng(seed)
    found = [recall(method, rank, cut, rng) for method, rank in ranks.items() for cut in CUTS]
    chance = [Recall("random", cut, *[min(1.0, cut / len(documents))] * 3) for cut in CUTS]
    return chance + found


def cosine(queries: NDArray[np.float32], documents: NDArray[np.float32]) -> Matrix:
    """(queries, documents); a zero vector has cosine 0 with everything."""
    left, right = (
        rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-12)[:, None] for rows in (queries, documents)
    )
    return np.asarray(left @ right.T, dtype=np.float64)


def bigram_cosine(queries: Sequence[str], documents: Sequence[str]) -> Matrix:
    """Tf-idf cosine over character bigrams, 1 + ln tf and ln(N / df), idf from `documents`: the untrained reference."""
    frequency = Counter(bigram for text in documents for bigram in set(_bigrams(text)))
    index = {bigram: place for place, bigram in enumerate(sorted(frequency))}
    idf = np.log(len(documents) / np.array([frequency[bigram] for bigram in index]))
    weigh = [_weights(text, index, idf) for text in documents]
    scores = np.zeros((len(queries), len(documents)))
    for row, text in enumerate(queries):
        query = np.zeros(len(index))
        places, weights = _weights(text, index, idf)
        query[places] = weights
        scores[row] = [float(query[seen] @ weights) for seen, weights in weigh]
    return scores


def _bigrams(text: str) -> list[str]:
    folded = fold(text)
    return [folded[i : i + 2] for i in range(len(folded) - 1)]


def _weights(text: str, index: dict[str, int], idf: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    counts = Counter(bigram for bigram in _bigrams(text) if bigram in index)
    places = np.array([index[bigram] for bigram in counts], dtype=np.int64)
    weights = np.array([1 + math.log(count) for count in counts.values()]) * idf[places]
    return places, weights / max(float(np.linalg.norm(weights)), 1e-12)


def standardized(scores: Matrix) -> Matrix:
    """Each query's scores with mean 0 and deviation 1, so that two signals add on one scale."""
    spread = np.maximum(scores.std(axis=1, keepdims=True), 1e-12)
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / spread)


def own_ranks(scores: Matrix) -> NDArray[np.int64]:
    """Rank, from 1, of document i for query i; a tie counts against it, so that equal scores earn nothing."""
    own = scores[np.arange(len(scores)), np.arange(len(scores))]
    return np.asarray((scores >= own[:, None]).sum(axis=1), dtype=np.int64)


def recall(method: str, ranks: NDArray[np.int64], cut: int, rng: np.random.Generator) -> Recall:
    """Percentile interval of the mean over bootstrap draws of the queries."""
    hits = (ranks <= cut).astype(float)
    means = hits[rng.integers(0, len(hits), (DRAWS, len(hits)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Recall(method, cut, float(hits.mean()), float(low), float(high))
