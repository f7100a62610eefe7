"""Exact inner-product search over a mapped FAISS file. Positions are rows; an object with only `search`.

Mapped indexes are read-only: removing segfaults and adding aborts the process, so neither exists here.
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

_search: Any = faiss  # its stubs give the C++ signatures of what its Python layer replaces

# A multi-threaded search before a fork hangs the child, and workers share the processors anyway.
faiss.omp_set_num_threads(1)


def write_vectors(path: Path, blocks: Iterable[Vectors], dimension: int) -> int:
    """Store the blocks' rows one after the other; the number of rows."""
    index = faiss.IndexFlatIP(dimension)
    for block in blocks:
        index.add(np.ascontiguousarray(block, np.float32))
    faiss.write_index(index, str(path))
    return int(index.ntotal)


class DenseIndex:
    """Vectors of one generation, mapped from its file. Never open a file that our own code did not write."""

    def __init__(self, path: Path) -> None:
        """RuntimeError when FAISS cannot read the file."""
        self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self.documents = int(self._index.ntotal)
        self.dimension = int(self._index.d)

    def search(self, vector: Vectors, depth: int, allowed: Mask | None = None) -> tuple[Rows, Scores]:
        """The `depth` rows nearest to `vector` (dimension,), best first, among those whose place in `allowed` is true."""
        depth = min(depth, self.documents)
        if depth == 0:
            return np.zeros(0, np.int64), np.zeros(0)
        parameters = None
        if allowed is not None:
            # The bitmap must outlive the search: the selector holds a bare pointer to it.
            bitmap = np.packbits(allowed, bitorder="little")
            parameters = _search.SearchParameters(sel=_search.IDSelectorBitmap(bitmap))
        scores, rows = self._index.search(vector[None, :], depth, params=parameters)
        found = rows[0] >= 0  # a filtered search pads with -1
        return rows[0][found], scores[0][found].astype(np.float64)

    def scores_of(self, vector: Vectors, rows: Rows) -> Scores:
        """Inner products of `vector` with the given rows, in their order."""
        if not len(rows):
            return np.zeros(0)
        return inner_products(self._index.reconstruct_batch(rows), vector)
