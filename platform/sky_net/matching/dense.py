"""Inner-product search over a mapped FAISS file. Positions are rows; an object with only `search`.

Vectors are stored in half precision, which loses nothing: `encoder.halved` rounded them before, for the changed rows
in memory as well. Mapped indexes are read-only: removing segfaults and adding aborts the process, so neither exists here.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from sky_net.matching.encoder import Vectors, inner_products

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEIGHBOURS = 32
"""Of a row in the graph, on the upper levels; twice as many on the lowest. 16 find .83 where 32 find .90."""
BUILDING_EFFORT = 200
LAID_OUT = 10_000
"""Rows that are copied side by side, 5 MB of them, to be searched. A scan asks every row whether it passes: among 100,000 of which 1,000 do,
it takes 0.25 ms (0.74 with cold caches), the copy and its search 0.07 (0.27); from a fifth of the rows on the scan is quicker."""

_search: Any = faiss  # its stubs give the C++ signatures of what its Python layer replaces

# A multi-threaded search before a fork hangs the child, and workers share the processors anyway.
faiss.omp_set_num_threads(1)


def write_vectors(path: Path, blocks: Iterable[Vectors], dimension: int, *, has_graph: bool = False) -> int:
    """Store the blocks' rows one after the other; the number of rows. A graph takes 0.1 ms a row to make."""
    index = _empty(dimension, has_graph=has_graph)
    for block in blocks:
        if len(block):
            index.add(np.ascontiguousarray(block, np.float32))
    _search.write_index(index, str(path))
    return int(index.ntotal)


class DenseIndex:
    """Vectors of one generation, mapped from its file. Never open a file that our own code did not write."""

    def __init__(self, path: Path) -> None:
        """RuntimeError when FAISS cannot read the file."""
        opened = _search.read_index(str(path), _search.IO_FLAG_MMAP_IFC)
        self.has_graph = isinstance(opened, _search.IndexHNSW)
        self._graph = opened
        self._index: Any = _search.downcast_index(opened.storage) if self.has_graph else opened
        self.documents = int(opened.ntotal)
        self.dimension = int(opened.d)
        self._codes = _codes(self._index)

    def search(
        self, vector: Vectors, depth: int, allowed: Mask | None = None, effort: int | None = None
    ) -> tuple[Rows, Scores]:
        """The `depth` rows nearest to `vector` (dimension,), best first, among those whose place in `allowed` is true.

        Exact without an `effort`; with one the graph is walked with so many rows in view, and may miss some.
        """
        available = self.documents if allowed is None else int(np.count_nonzero(allowed))
        depth = min(depth, available)
        if depth == 0:
            return np.zeros(0, np.int64), np.zeros(0)
        if effort is None and allowed is not None and available <= LAID_OUT:
            return self._laid_out(vector, depth, np.flatnonzero(allowed))
        # Bitmap and selector must outlive the search: FAISS holds bare pointers to them.
        bitmap = None if allowed is None else np.packbits(allowed, bitorder="little")
        selector = None if bitmap is None else _search.IDSelectorBitmap(bitmap)
        scores, rows = self._asked(vector[None, :], depth, selector, effort)
        found = rows[0] >= 0  # a filtered search pads with -1
        return rows[0][found], scores[0][found].astype(np.float64)

    def _laid_out(self, vector: Vectors, depth: int, rows: Rows) -> tuple[Rows, Scores]:
        """`search` among these rows alone, side by side."""
        index = _empty(self.dimension)
        index.add_sa_codes(self._codes.take(rows, axis=0))
        scores, places = index.search(vector[None, :], depth)
        return rows[places[0]], scores[0].astype(np.float64)

    def _asked(self, vectors: Vectors, depth: int, selector: Any, effort: int | None) -> tuple[Any, Any]:
        if effort is not None and self.has_graph:
            walk = _search.SearchParametersHNSW(efSearch=max(effort, depth), sel=selector)
            found: tuple[Any, Any] = self._graph.search(vectors, depth, params=walk)
            return found
        parameters = None if selector is None else _search.SearchParameters(sel=selector)
        found = self._index.search(vectors, depth, params=parameters)
        return found

    def vectors(self, rows: Rows) -> Vectors:
        """The stored vectors of these rows, (len(rows), dimension)."""
        if not len(rows):
            return np.zeros((0, self.dimension), np.float32)
        found: Vectors = self._index.sa_decode(self._codes.take(rows, axis=0))
        return found

    def scores_of(self, vector: Vectors, rows: Rows) -> Scores:
        """Inner products of `vector` with the given rows, in their order."""
        return inner_products(self.vectors(rows), vector) if len(rows) else np.zeros(0)


def _empty(dimension: int, *, has_graph: bool = False) -> Any:
    """An index without rows."""
    half, inner = _search.ScalarQuantizer.QT_fp16, _search.METRIC_INNER_PRODUCT
    if has_graph:
        index = _search.IndexHNSWSQ(dimension, half, NEIGHBOURS, inner)
        index.hnsw.efConstruction = BUILDING_EFFORT
    else:
        index = _search.IndexScalarQuantizer(dimension, half, inner)
    index.train(np.zeros((1, dimension), np.float32))  # it has nothing to learn, but wants to be asked
    return index


def _codes(index: Any) -> npt.NDArray[np.uint8]:
    """The stored rows as bytes, where they are mapped: to be read while the index is there."""
    if not index.ntotal:  # nothing has no address
        return np.zeros((0, index.code_size), np.uint8)
    codes: npt.NDArray[np.uint8] = _search.rev_swig_ptr(index.codes.data(), index.codes.size())
    return codes.reshape(index.ntotal, index.code_size)
