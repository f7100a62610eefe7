"""The rows worth ranking on each side of a corpus, with the exact parts of their scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import Clause
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Filters
from sky_net.matching.encoder import Vectors, inner_products
from sky_net.matching.planner import Way, plan

if TYPE_CHECKING:  # tantivy and FAISS are loaded by whoever opens a generation; the command line has none
    from sky_net.matching.generation import Generation

_MARGIN = 1e-6  # single precision on both sides of a comparison

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query made ready for every index; `top` is how many hits are wanted."""

    clauses: Sequence[Clause]
    vector: Vectors
    filters: Filters | None
    top: int
    dense_share: float

    def meaning(self, cosines: Scores) -> Scores:
        """The dense part of the score: an opposite meaning is worth no less than an unrelated one."""
        return self.dense_share * np.clip(cosines, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows of one side with the lexical and the dense part of their scores."""

    rows: Rows
    lexical: Scores
    dense: Scores


NONE = Candidates(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


def changed(asked: Asked, corpus: Corpus) -> Candidates:
    """All documents of the delta that pass the filters."""
    if not len(corpus.vectors):
        return NONE
    mask = corpus.roster.admitted(asked.filters)
    rows = np.arange(len(corpus.vectors)) if mask is None else np.flatnonzero(mask)
    cosines = inner_products(corpus.vectors, asked.vector)
    return Candidates(rows, corpus.postings.scores(asked.clauses)[rows], asked.meaning(cosines[rows]))


def indexed(asked: Asked, corpus: Corpus) -> Candidates:
    """Rows of the generation that pass the filters and can be among the best `asked.top`."""
    generation = corpus.generation
    if generation is None:
        return NONE
    mask = generation.roster.admitted(asked.filters)
    if corpus.hidden:
        mask = np.ones(len(generation), bool) if mask is None else mask
        mask[corpus.hidden] = False
    available = len(generation) if mask is None else int(mask.sum())
    way = plan(len(generation), available, asked.top, generation.effort)
    rows, lexical = generation.lexical.search(asked.clauses, way.depth, asked.filters, without=corpus.hidden)
    if way.way is Way.ALL:
        return _everything(asked, generation, mask, (rows, lexical))
    near, cosines = generation.dense.search(asked.vector, way.depth, mask, way.effort)
    found = Candidates(rows, lexical, asked.meaning(generation.dense.scores_of(asked.vector, rows)))
    only_near = ~np.isin(near, rows)
    behind = near[only_near], asked.meaning(cosines[only_near])
    more = _without_enough_words(asked, generation, found, way.depth, *behind)
    return Candidates(
        np.concatenate([found.rows, more.rows]),
        np.concatenate([found.lexical, more.lexical]),
        np.concatenate([found.dense, more.dense]),
    )


def _everything(
    asked: Asked, generation: "Generation", mask: npt.NDArray[np.bool_] | None, lexical: tuple[Rows, Scores]
) -> Candidates:
    scores = np.zeros(len(generation))
    scores[lexical[0]] = lexical[1]
    rows = np.arange(len(generation)) if mask is None else np.flatnonzero(mask)
    return Candidates(rows, scores[rows], asked.meaning(generation.dense.scores_of(asked.vector, rows)))


def _without_enough_words(
    asked: Asked, generation: "Generation", found: Candidates, depth: int, rows: Rows, dense: Scores
) -> Candidates:
    """Rows that are near in meaning but not among the lexical candidates, with their exact lexical scores.

    A lexical list that is not full holds every row with a term, so these have none. Behind a full list their
    scores are at most its last one; rows that cannot reach the best `top` even so are not looked up.
    """
    if len(found.rows) < depth:
        return Candidates(rows, np.zeros(len(rows)), dense)
    totals = found.lexical + found.dense
    needed = np.partition(totals, -asked.top)[-asked.top] - _MARGIN
    hopeful = found.lexical.min() + dense >= needed
    rows, dense = rows[hopeful], dense[hopeful]
    scored, scores = generation.lexical.search(asked.clauses, max(len(rows), 1), only=rows.tolist())
    by_row = dict(zip(scored.tolist(), scores.tolist(), strict=True))
    return Candidates(rows, np.array([by_row.get(row, 0.0) for row in rows.tolist()], np.float64), dense)
