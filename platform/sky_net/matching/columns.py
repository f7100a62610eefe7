"""The terms that many rows have, each as one byte for every row: what it is worth there, 0 to a row that does not have it.

Bytes in their order are added up in integers without a look at where they belong, for less than the entries of a list; and where few rows
are still in question, a column tells what the term is worth to just those. On the disk the columns together are no larger than the lists
would be.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sky_net.matching.mapped import mapped
from sky_net.matching.vocabulary import UNKNOWN, Numbers

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

SHARE = 0.15
"""Of the rows: a term that more of them have becomes a column. Of 0.06 to 0.3 it was the quickest among 100,000 rows and among 20,000."""

_TERMS_AT_ONCE = 24  # terms of like weight share the 16 bits of a sum; the more of them, the coarser
_LARGEST_SUM = float(np.iinfo(np.uint16).max)
_FILES = ("column_terms", "column_most", "columns")


class ColumnWriter:
    """Fills the columns of a folder, the rows in any order; `close` it afterwards."""

    def __init__(self, folder: Path, held: Numbers, documents: int) -> None:
        """`held` are the rows that have each term."""
        terms = np.flatnonzero(held > SHARE * documents)
        self._folder = folder
        self._place = np.full(len(held), UNKNOWN)
        self._place[terms] = np.arange(len(terms))
        shape = (len(terms), documents)
        self._columns: Bytes = np.zeros(shape, np.uint8)
        if self._columns.size:  # nothing cannot be mapped
            self._columns = np.lib.format.open_memmap(self._path("columns"), "w+", np.uint8, shape)
        np.save(self._path("column_terms"), terms)

    def take(self, terms: Numbers, rows: Numbers, worth: Bytes) -> npt.NDArray[np.bool_]:
        """Keep the entries whose terms have a column; which ones have none."""
        places = self._place[terms]
        is_listed: npt.NDArray[np.bool_] = places == UNKNOWN
        self._columns[places[~is_listed], rows[~is_listed]] = worth[~is_listed]
        return is_listed

    def is_listed(self) -> npt.NDArray[np.bool_]:
        """Of every term whether it has no column."""
        is_listed: npt.NDArray[np.bool_] = self._place == UNKNOWN
        return is_listed

    def close(self) -> None:
        """Write what is left to write."""
        if not self._columns.size:
            np.save(self._path("columns"), self._columns)
        np.save(self._path("column_most"), self._columns.max(axis=1, initial=0))

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.npy"


class Weighed(NamedTuple):
    """Some columns, each at so much a unit.

    The scale that they share is such that the largest sum has as many steps as 16 bits can count. `bound` is the most that they bring any row,
    `lacking` by how much whole steps may be too little.
    """

    places: Numbers
    units: Floats
    step: float
    bound: float
    lacking: float


class Columns:
    """The columns of a folder, mapped. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """OSError or ValueError: not such a folder."""
        self._terms, self._most, self._worth = (mapped(folder / f"{name}.npy") for name in _FILES)

    def places(self, terms: Numbers) -> Numbers:
        """The column of each term, UNKNOWN where it has none."""
        if not len(self._terms):
            return np.full(len(terms), UNKNOWN)
        places = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
        return np.where(self._terms[places] == terms, places, UNKNOWN)

    def of(self, weighed: Sequence["Weighed"], rows: Numbers) -> Floats:
        """What these bring the rows, (len(rows),): every row by itself, which a few of them are quicker for."""
        if not weighed:
            return np.zeros(len(rows), np.float32)
        units = np.concatenate([each.units for each in weighed])
        places = np.concatenate([each.places for each in weighed])
        worth = self._worth.reshape(-1).take(places[:, None] * self._worth.shape[1] + rows)
        found: Floats = np.einsum("c,cr->r", units, worth.astype(np.float32))
        return found

    def add(self, scores: Floats, weighed: "Weighed") -> None:
        """Add to every row's score what these bring it, in whole steps of their scale: never too much."""
        weights = (weighed.units / weighed.step).astype(np.uint16)[:, None]
        sums, product = np.zeros(len(scores), np.uint16), np.empty(len(scores), np.uint16)
        for place, weight in zip(weighed.places.tolist(), weights, strict=True):
            np.multiply(self._worth[place], weight, out=product)
            np.add(sums, product, out=sums)
        scores += sums * np.float32(weighed.step)

    def weighed(self, places: Numbers, units: Floats) -> list["Weighed"]:
        """The columns at so much a unit, the heaviest first, some at a time."""
        heaviest = np.argsort(-units, kind="stable")
        starts = range(0, len(places), _TERMS_AT_ONCE)
        groups = (heaviest[start : start + _TERMS_AT_ONCE] for start in starts)
        return [self._weighed(places[some], units[some]) for some in groups]

    def _weighed(self, places: Numbers, units: Floats) -> "Weighed":
        most = self._most[places].astype(np.float64)
        reach = units * most
        bound = float(reach.sum())
        step = float(np.float32(bound / _LARGEST_SUM)) or 1.0  # units are divided by it in single precision
        counted = step * most * (units / step).astype(np.uint16)
        return Weighed(places, units, step, bound, float((reach - counted).sum()))
