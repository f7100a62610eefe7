"""The rows worth ranking on each side of a corpus, with the exact parts of their scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import Clause
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Filters
from sky_net.matching.encoder import Vectors, inner_products
from sky_net.matching.planner import plan
from sky_net.matching.terms import FIELDS, TITLE_FIELDS

if TYPE_CHECKING:  # FAISS and SciPy are loaded by whoever opens a generation; the command line has none
    from sky_net.matching.generation import Generation
    from sky_net.matching.lexical import Estimates

MOST_IN_REACH = 2_000
"""Rows whose meaning is looked at for their words, at most."""
_FEW = 4
"""Times as many rows as are wanted, of the nearest, tell how good a row must be to be wanted."""
_MARGIN = 2e-6  # single precision on both sides of a comparison
_OF_TITLES = [place for place, field in enumerate(FIELDS) if field in TITLE_FIELDS]

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query made ready for every index; `top` is how many hits are wanted, `likelihood` tells a hit's probability from its score."""

    clauses: Sequence[Clause]
    vector: Vectors
    filters: Filters | None
    top: int
    dense_share: float
    likelihood: Callable[[float], float]

    @property
    def titles(self) -> list[Clause]:
        """The clauses that a document's title answers."""
        return [clause for clause in self.clauses if clause.field in TITLE_FIELDS]

    def meaning(self, cosines: Scores) -> Scores:
        """The dense part of the score: an opposite meaning is worth no less than an unrelated one."""
        return self.dense_share * np.clip(cosines, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows of one side with the lexical and the dense part of their scores, and what of the lexical is the title's."""

    rows: Rows
    lexical: Scores
    dense: Scores
    title: Scores


_NO_ROWS, _NO_SCORES = np.zeros(0, np.int64), np.zeros(0)
NONE = Candidates(_NO_ROWS, _NO_SCORES, _NO_SCORES, _NO_SCORES)


def changed(asked: Asked, corpus: Corpus) -> Candidates:
    """All documents of the delta that pass the filters."""
    if not len(corpus.vectors):
        return NONE
    mask = corpus.roster.admitted(asked.filters)
    rows = np.arange(len(corpus.vectors)) if mask is None else np.flatnonzero(mask)
    cosines = inner_products(corpus.vectors, asked.vector)
    lexical, title = (corpus.postings.scores(clauses)[rows] for clauses in (asked.clauses, asked.titles))
    return Candidates(rows, lexical, asked.meaning(cosines[rows]), title)


def indexed(asked: Asked, corpus: Corpus) -> Candidates:
    """Rows of the generation that pass the filters and can be among the best `asked.top`, as many at least where there are."""
    generation = corpus.generation
    if generation is None:
        return NONE
    mask = generation.roster.admitted(asked.filters)
    if corpus.hidden:
        mask = np.ones(len(generation), bool) if mask is None else mask
        mask[corpus.hidden] = False
    available = len(generation) if mask is None else int(np.count_nonzero(mask))
    way = plan(len(generation), available, asked.top, generation.effort)
    words = generation.lexical.estimates(asked.clauses)
    near, cosines = generation.dense.search(asked.vector, way.depth, mask, way.effort)
    dense = asked.meaning(cosines)
    least = _least(asked, words, near, dense)
    far, far_estimates = _NO_ROWS, _NO_SCORES
    if len(near) < available:
        others = np.ones(len(generation), bool) if mask is None else mask
        others[near] = False
        far, far_estimates = _in_reach(
            asked, generation, words, least - dense.min(initial=asked.dense_share), others
        )
    left, brought = words.among(near, least - dense)
    rows = np.concatenate([near[left], far])
    return _scored(
        asked, generation, rows, np.concatenate([brought + dense[left], far_estimates]), words.lacking
    )


def _least(asked: Asked, words: "Estimates", near: Rows, dense: Scores) -> float:
    """An estimated score that no row may miss that is to be among the best: so many of the nearest reach it.

    The words of a few of them are looked at, of those that stand best so far; no bound where there are not enough.
    """
    if len(near) < asked.top:  # a walk through the graph may come back with less
        return -np.inf
    so_far = words.so_far(near) + dense
    count = min(_FEW * asked.top, len(near))
    few = np.argpartition(so_far, -count)[-count:]
    estimates = words.of(near[few]) + dense[few]
    return float(np.partition(estimates, -asked.top)[-asked.top]) - words.lacking - _MARGIN


def _in_reach(
    asked: Asked, generation: "Generation", words: "Estimates", least: float, others: Mask
) -> tuple[Rows, Scores]:
    """Rows that are farther than the nearest, but have so many words in common that they can still be among the best; estimates.

    What is not among the nearest is no nearer than the last of them. The words' best MOST_IN_REACH are looked at at most:
    there are more only where nothing tells the rows apart.
    """
    rows, brought = words.reaching(least, others)
    if len(rows) > MOST_IN_REACH:
        best = np.argpartition(brought, -MOST_IN_REACH)[-MOST_IN_REACH:]
        rows, brought = rows[best], brought[best]
    return rows, brought + asked.meaning(generation.dense.scores_of(asked.vector, rows))


def _scored(
    asked: Asked, generation: "Generation", rows: Rows, estimates: Scores, lacking: float
) -> Candidates:
    """Those that can be among the best, scored exactly: whoever could reach the last of the best by its estimate."""
    if len(rows) > asked.top:
        needed = np.partition(estimates, -asked.top)[-asked.top] - lacking - _MARGIN
        rows = rows[estimates >= needed]
    return _exactly(asked, generation, rows)


def _exactly(asked: Asked, generation: "Generation", rows: Rows) -> Candidates:
    by_field = generation.forward.by_field(asked.clauses, rows)
    dense = asked.meaning(generation.dense.scores_of(asked.vector, rows))
    return Candidates(rows, by_field.sum(axis=1), dense, by_field[:, _OF_TITLES].sum(axis=1))
