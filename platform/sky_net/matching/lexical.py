"""Term search over a generation: for each term the rows that have it and what it is worth to each, one number a row.

What a term is worth to a row does not depend on the query (`bm25.impacts`), so it is worked out when the index is made and
kept in 255 steps, rounded down. A search adds the steps up over all rows: an estimate that is never too high, and too low by no
more than it says. Whoever needs a score exactly asks the forward index for the few rows that can still win.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import _sparsetools

from sky_net.matching.blend import Clause
from sky_net.matching.bm25 import K1
from sky_net.matching.columns import Columns, ColumnWriter, Weighed
from sky_net.matching.forward import ForwardIndex
from sky_net.matching.mapped import mapped
from sky_net.matching.vocabulary import UNKNOWN, Numbers, Vocabulary

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

STEP = (1 + K1) / 255
"""What one step is worth; no impact reaches 1 + K1."""

ALONE = 0.04
"""Of the rows: where no more of them can still matter, a column is read at each of them instead of from end to end."""

_DOCUMENTS_AT_ONCE = 8_192
_ROUNDING = 1e-6  # sums in single precision
_FILES = ("held", "first", "rows", "worth")


def write_index(folder: Path, forward: ForwardIndex, terms: int) -> None:
    """Turn the rows' terms into the terms' rows, in the same folder; `terms` is the size of the vocabulary.

    Some of the entries at a time, so that a catalogue of a million needs little more memory than its files.
    """
    held = np.bincount(forward.terms, minlength=terms)
    columns = ColumnWriter(folder, held, forward.documents)
    first = np.concatenate([[0], np.cumsum(np.where(columns.is_listed(), held, 0))])
    # SciPy wants the places of entries in the type of the rows, or it copies all of them.
    kind = np.int32 if first[-1] <= np.iinfo(np.int32).max else np.int64
    rows, worth = np.zeros(first[-1], kind), np.zeros(first[-1], np.float32)
    free = first[:-1].copy()
    for start in range(0, forward.documents, _DOCUMENTS_AT_ONCE):
        own, numbers, impact = forward.entries(start, start + _DOCUMENTS_AT_ONCE)
        steps = (impact // STEP).astype(np.uint8)
        is_listed = columns.take(numbers, own, steps)
        own, numbers, steps = own[is_listed], numbers[is_listed], steps[is_listed]
        order = np.argsort(numbers, kind="stable")
        met, begins, counts = np.unique(numbers[order], return_index=True, return_counts=True)
        places = np.repeat(free[met] - begins, counts) + np.arange(len(numbers))
        rows[places], worth[places] = own[order], steps[order]
        free[met] += counts
    columns.close()
    held = np.append(held, 0).astype(np.int32)  # the last is what UNKNOWN leads to
    for name, column in zip(_FILES, (held, first.astype(kind), rows, worth), strict=True):
        np.save(folder / f"{name}.npy", column)


class Estimates:
    """What some clauses bring the rows of an index, added up no further than somebody asks.

    An estimate is never too high, and too low by `lacking` at most. The terms that few rows have are added up for all rows, since their
    lists are in no order that would help; a column is read for all rows only while too many of them can still matter.
    """

    def __init__(self, listed: Floats, columns: Columns, left: Sequence[Weighed], rounded: float) -> None:
        """`listed` are the sums so far, `left` what is to be added to them, `rounded` what all steps together lack."""
        self._sums, self._columns, self._left = listed, columns, list(left)
        self.lacking = rounded + sum(each.lacking for each in left) + _ROUNDING

    def so_far(self, rows: Numbers) -> Floats:
        """What has been added up of these rows' estimates."""
        found: Floats = self._sums[rows]
        return found

    def of(self, rows: Numbers) -> Floats:
        """The estimates of these rows, in their order."""
        found: Floats = self._sums[rows] + self._columns.of(self._left, rows)
        return found

    def among(self, rows: Numbers, least: Scores) -> tuple[Numbers, Floats]:
        """The places of those of the rows with an estimate of `least` or more, which may differ by row; and the estimates."""
        places = np.flatnonzero(self._sums[rows] >= least - self._most_left())
        estimates = self.of(rows[places])
        is_reaching = estimates >= least[places]
        return places[is_reaching], estimates[is_reaching]

    def reaching(self, least: float, allowed: Mask) -> tuple[Numbers, Floats]:
        """The rows with an estimate of `least` or more among those whose place in `allowed` is true, ascending; and the estimates."""
        while (
            np.count_nonzero(can_reach := self._can_reach(least, allowed)) > ALONE * len(allowed)
            and self._left
        ):
            self._columns.add(self._sums, self._left.pop(0))
        rows = np.flatnonzero(can_reach)
        estimates = self.of(rows)
        is_reaching = estimates >= least
        return rows[is_reaching], estimates[is_reaching]

    def _can_reach(self, least: float, allowed: Mask) -> Mask:
        can_reach: Mask = self._sums >= least - self._most_left()
        can_reach &= allowed
        return can_reach

    def _most_left(self) -> float:
        """What is left brings no row more."""
        return sum(each.bound for each in self._left)


class LexicalIndex:
    """A written index, mapped; gives the statistics that scores depend on (`bm25.Statistics`). Safe to share between threads."""

    def __init__(
        self, folder: Path, vocabulary: Vocabulary, averages: Mapping[str, float], documents: int
    ) -> None:
        """OSError or ValueError: not such a folder."""
        self._held, self._first, self._rows, self._worth = (mapped(folder / f"{name}.npy") for name in _FILES)
        self._columns = Columns(folder)
        self._vocabulary = vocabulary
        self._averages = dict(averages)
        self.documents = documents

    def average_length(self, field: str) -> float:
        """Mean number of tokens in the field."""
        return self._averages[field]

    def frequencies(self, field: str, terms: Iterable[str]) -> list[int]:
        """For each term the number of documents whose field contains it."""
        counts: list[int] = self._held[self._vocabulary.numbers(field, list(terms))].tolist()
        return counts

    def estimates(self, clauses: Sequence[Clause]) -> Estimates:
        """What the clauses bring the rows."""
        numbers, worth = self._vocabulary.numbered(clauses)
        units = (worth * STEP).astype(np.float32)
        listed = self._listed(numbers, units)  # the list of a term that has a column is empty
        places = self._columns.places(numbers)
        has_column = places != UNKNOWN
        weighed = self._columns.weighed(places[has_column], units[has_column])
        rounded = float(units.sum())  # each step was rounded down by less than one
        return Estimates(listed, self._columns, weighed, rounded)

    def _listed(self, numbers: Numbers, units: Floats) -> Floats:
        """What the lists bring every row, (documents,): the product of the matrix whose columns they are with the units.

        SciPy's own way to some columns copies them first, which takes as long as the product does. Its product reads the entries
        from where one column starts to where the next one does: backwards, between any two lists, there are none. The steps lie
        on the disk as the sums are, or they would be copied here.
        """
        starts = np.zeros(2 * len(numbers) + 1, self._first.dtype)
        starts[0:-1:2], starts[1::2] = self._first[numbers[::-1]], self._first[numbers[::-1] + 1]
        weights = np.zeros(2 * len(numbers), np.float32)
        weights[::2] = units[::-1]
        sums = np.zeros(self.documents, np.float32)
        _sparsetools.csc_matvec(self.documents, len(weights), starts, self._rows, self._worth, weights, sums)
        return sums
