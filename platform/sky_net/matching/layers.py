"""Postings of the documents that changed, in layers: a change adds a small one and leaves the large ones as they are.

An import commits every second and every search must find what it committed. Cutting four thousand changes into postings
anew takes half a second of every process each time; into layers of which each is at least twice as large as the next, a document is
cut as often as its layer doubles.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import Clause
from sky_net.matching.documents import Document
from sky_net.matching.postings import Postings, Tokens

MOST_LOST = 1 / 8
"""The share of a layer's documents that may have changed again, or gone, before it is made anew."""


class _Layer(NamedTuple):
    """Documents, in the order of their postings, and the tokens they were made of."""

    documents: Sequence[Document]
    tokens: Sequence[Tokens]
    postings: Postings


class _Placed(NamedTuple):
    """A layer in one corpus: the row of each document that is still there, and how often each term of a field is lost."""

    layer: _Layer
    is_there: npt.NDArray[np.bool_]
    rows: npt.NDArray[np.int64]
    lost: Mapping[str, Mapping[str, int]]


class Layers:
    """Scores every document, in the order in which they were given, as one `Postings` of them would; is their `bm25.Statistics`."""

    def __init__(
        self,
        documents: Sequence[Document],
        tokens: Mapping[Document, Tokens],
        averages: Mapping[str, float] | None = None,
        earlier: "Layers | None" = None,
    ) -> None:
        """`averages` as of `Postings`; with the same ones, layers of `earlier` are taken over."""
        self.documents = len(documents)
        self._averages = averages
        rows = {document: row for row, document in enumerate(documents)}
        kept = [] if earlier is None else earlier._kept(averages, rows)  # the same class's own layers
        held = {document for layer in kept for document in layer.documents}
        fresh = [document for document in documents if document not in held]
        while kept and len(kept[-1].documents) < 2 * len(fresh):
            fresh += [document for document in kept.pop().documents if document in rows]
        if fresh or not kept:
            cut = [tokens[document] for document in fresh]
            kept.append(_Layer(fresh, cut, Postings(cut, averages)))
        self._placed = [_placed(layer, rows) for layer in kept]

    def __getstate__(self) -> dict[str, Any]:
        """For another process, which scores: without the texts, so that no later layers can be built on these there."""
        bare = [each._replace(layer=_Layer((), (), each.layer.postings)) for each in self._placed]
        return self.__dict__ | {"_placed": bare}

    def average_length(self, field: str) -> float:
        """Mean number of tokens that lengths are measured against."""
        return self._placed[0].layer.postings.average_length(field)

    def frequencies(self, field: str, terms: Iterable[str]) -> list[int]:
        """For each term the number of these documents whose field contains it."""
        asked = list(terms)
        sums = [0] * len(asked)
        for layer, _, _, lost in self._placed:
            counts = layer.postings.frequencies(field, asked)
            gone = lost.get(field, {})
            sums = [had + has - gone.get(term, 0) for had, has, term in zip(sums, counts, asked, strict=True)]
        return sums

    def scores(self, clauses: Iterable[Clause]) -> npt.NDArray[np.float64]:
        """For every document the sum over the clauses' terms of worth × impact."""
        asked = list(clauses)
        scores = np.zeros(self.documents)
        for layer, is_there, rows, _ in self._placed:
            scores[rows] = layer.postings.scores(asked)[is_there]
        return scores

    def _kept(self, averages: Mapping[str, float] | None, rows: Mapping[Document, int]) -> list[_Layer]:
        """The layers, largest first, that another corpus with these averages and documents may go on with."""
        if averages is None or averages != self._averages:
            return []
        layers = (placed.layer for placed in self._placed)
        return [layer for layer in layers if layer.documents and _lost(layer, rows) <= MOST_LOST]


def _lost(layer: _Layer, rows: Mapping[Document, int]) -> float:
    return sum(document not in rows for document in layer.documents) / len(layer.documents)


def _placed(layer: _Layer, rows: Mapping[Document, int]) -> _Placed:
    found = np.array([rows.get(document, -1) for document in layer.documents], np.int64)
    is_there = found >= 0
    lost: dict[str, Counter[str]] = {}
    for place in np.flatnonzero(~is_there).tolist():
        for field, tokens in layer.tokens[place].items():
            lost.setdefault(field, Counter()).update(set(tokens))
    return _Placed(layer, is_there, found[is_there], lost)
