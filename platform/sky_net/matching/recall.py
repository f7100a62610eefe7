"""What storage and graph lose, counted while a generation is made and kept in its manifest: recall@10 of a sample.

A row counts as found when its exact score is not below that of the tenth best: of two equal rows either will do.
"""

import numpy as np
import numpy.typing as npt

from sky_net.matching.dense import DenseIndex
from sky_net.matching.encoder import Vectors

TOP = 10
SAMPLE = 64
EFFORTS = (300, 400, 600, 800, 1200)
"""Rows that the graph's walk keeps in view, tried in this order."""
ENOUGH = 0.99
"""The recall that a graph must reach to be used; with a filter the planner widens the view."""
_TOLERANCE = 1e-6

Scores = npt.NDArray[np.float32]


class StorageRecall:
    """Recall of the stored vectors against those that the encoder gave, over the rows encoded in this build."""

    def __init__(self) -> None:
        self._asked: Vectors | None = None
        self._exact: Scores | None = None
        self._best: tuple[Scores, Scores] | None = None
        self.rows = 0

    def add(self, given: Vectors, stored: Vectors) -> None:
        """Count rows in, both (rows, dimension); the first SAMPLE of them are the queries."""
        if not len(given):
            return
        if self._asked is None:
            self._asked = given[:SAMPLE].copy()
        self.rows += len(given)
        exact, told = (np.einsum("qd,rd->qr", self._asked, side) for side in (given, stored))
        self._exact = _largest(exact if self._exact is None else np.hstack([self._exact, exact]))
        if self._best is not None:
            told, exact = np.hstack([self._best[0], told]), np.hstack([self._best[1], exact])
        places = np.argsort(-told, axis=1, kind="stable")[:, :TOP]
        self._best = np.take_along_axis(told, places, 1), np.take_along_axis(exact, places, 1)

    def value(self) -> float | None:
        """None when nothing was encoded."""
        if self._exact is None or self._best is None:
            return None
        return _share(self._best[1], self._exact)


def graph_effort(index: DenseIndex) -> tuple[int | None, float | None]:
    """(effort, recall@10) of the least effort that is ENOUGH; effort None when none is or there is no graph.

    The queries are rows of the index; each finds itself, so the nearest eleven are compared without the first.
    """
    if not index.has_graph:
        return None, None
    rows = np.linspace(0, index.documents - 1, min(SAMPLE, index.documents)).astype(np.int64)
    asked = index.vectors(rows)
    exact = np.vstack([index.search(vector, TOP + 1)[1][1:] for vector in asked])
    recall = 0.0
    for effort in EFFORTS:
        walked = [index.search(vector, TOP + 1, effort=effort)[1][1:] for vector in asked]
        recall = float(np.mean([_of_one(found, best) for found, best in zip(walked, exact, strict=True)]))
        if recall >= ENOUGH:
            return effort, round(recall, 4)
    return None, round(recall, 4)


def _of_one(found: npt.NDArray[np.float64], best: npt.NDArray[np.float64]) -> float:
    return float((found >= best[-1] - _TOLERANCE).sum() / len(best))


def _largest(scores: Scores) -> Scores:
    count = min(TOP, scores.shape[1])
    found: Scores = -np.partition(-scores, count - 1, axis=1)[:, :count]
    return found


def _share(found: Scores, best: Scores) -> float:
    return round(float((found >= best.min(axis=1, keepdims=True) - _TOLERANCE).mean()), 4)
