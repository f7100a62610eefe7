"""Term search over a generation: for each term the rows that have it and what it is worth to each, one number a row.

What a term is worth to a row does not depend on the query (`bm25.impacts`), so it is worked out when the index is made and
kept in a byte, rounded down. A search adds the bytes up over all rows: an estimate that is never too high, and too low by no
more than it says. Whoever needs a score exactly asks the forward index for the few rows that can still win.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import Clause
from sky_net.matching.bm25 import K1
from sky_net.matching.forward import ForwardIndex
from sky_net.matching.mapped import mapped
from sky_net.matching.vocabulary import UNKNOWN, Numbers, Vocabulary

Estimates = npt.NDArray[np.float32]

STEP = (1 + K1) / 255
"""What one unit of a stored byte is worth; no impact reaches 1 + K1."""
LEFT_OUT = 0.005
"""The points of a score that may be left out of an estimate: the terms that nearly every row has take most of the time, and
decide nothing before the last few rows are scored exactly."""

_DOCUMENTS_AT_ONCE = 8_192
_ENTRIES_AT_ONCE = 1 << 18
_CELLS_AT_ONCE = 1 << 25  # 128 MB of columns
# Measured on one core: adding one entry, making one cell of a column, multiplying one cell for one query.
_ENTRY_NS, _CELL_NS, _PRODUCT_NS = 2.5, 0.5, 0.03
_ROUNDING = 1e-6  # sums in single precision
_FILES = ("first", "rows", "worth", "most")


def write_index(folder: Path, forward: ForwardIndex, terms: int) -> None:
    """Turn the rows' terms into the terms' rows, in the same folder; `terms` is the size of the vocabulary.

    Some of the entries at a time, so that a catalogue of a million needs little more memory than its files.
    """
    first = np.concatenate([[0], np.cumsum(np.bincount(forward.terms, minlength=terms))]).astype(np.int64)
    rows, worth = np.zeros(first[-1], np.int32), np.zeros(first[-1], np.uint8)
    free = first[:-1].copy()
    for start in range(0, forward.documents, _DOCUMENTS_AT_ONCE):
        own, numbers, impact = forward.entries(start, start + _DOCUMENTS_AT_ONCE)
        order = np.argsort(numbers, kind="stable")
        met, begins, counts = np.unique(numbers[order], return_index=True, return_counts=True)
        places = np.repeat(free[met] - begins, counts) + np.arange(len(numbers))
        rows[places], worth[places] = own[order], impact[order] // STEP
        free[met] += counts
    most = np.maximum.reduceat(worth, first[:-1]) if len(worth) else np.zeros(0, np.uint8)
    for name, column in zip(_FILES, (first, rows, worth, most), strict=True):
        np.save(folder / f"{name}.npy", column)


class _Kept(NamedTuple):
    """Terms, what one unit of a byte of each brings, and by how much what they bring may be too low."""

    numbers: Numbers
    units: Estimates
    lacking: float


class LexicalIndex:
    """A written index, mapped; gives the statistics that scores depend on (`bm25.Statistics`). Safe to share between threads."""

    def __init__(
        self, folder: Path, vocabulary: Vocabulary, averages: Mapping[str, float], documents: int
    ) -> None:
        """OSError or ValueError: not such a folder."""
        self._first, self._rows, self._worth, self._most = (mapped(folder / f"{name}.npy") for name in _FILES)
        self._vocabulary = vocabulary
        self._averages = dict(averages)
        self.documents = documents

    @property
    def at_once(self) -> int:
        """Queries whose estimates together take 64 MB."""
        return max((1 << 24) // max(self.documents, 1), 1)

    def average_length(self, field: str) -> float:
        """Mean number of tokens in the field."""
        return self._averages[field]

    def frequencies(self, field: str, terms: Iterable[str]) -> list[int]:
        """For each term the number of documents whose field contains it."""
        numbers = self._vocabulary.numbers(field, list(terms))
        held = numbers != UNKNOWN
        found = np.zeros(len(numbers), np.int64)
        found[held] = self._first[numbers[held] + 1] - self._first[numbers[held]]
        counts: list[int] = found.tolist()
        return counts

    def estimates(self, clauses: Sequence[Clause]) -> tuple[Estimates, float]:
        """For every row what the clauses bring it, (documents,), and by how much that may be too low; it is never too high."""
        scores = np.zeros(self.documents, np.float32)
        kept = self._kept(clauses)
        self._add(scores, kept.numbers, kept.units)
        return scores, kept.lacking

    def estimates_of_many(self, asked: Sequence[Sequence[Clause]]) -> list[tuple[Estimates, float]]:
        """The same for each of some queries at once: what many of them ask for and many rows have becomes a matrix product."""
        kept = [self._kept(clauses) for clauses in asked]
        frequent = self._frequent(kept)
        shares = np.zeros((len(kept), len(frequent)), np.float32)
        rare = []
        for share, (numbers, units, _) in zip(shares, kept, strict=True):
            places = np.minimum(np.searchsorted(frequent, numbers), len(frequent) - 1)
            is_frequent = frequent[places] == numbers if len(frequent) else np.zeros(len(numbers), bool)
            np.add.at(share, places[is_frequent], units[is_frequent])
            rare.append((numbers[~is_frequent], units[~is_frequent]))
        scores = shares @ self._columns(frequent)
        for row, (numbers, units) in zip(scores, rare, strict=True):
            self._add(row, numbers, units)
        return [(row, each.lacking) for row, each in zip(scores, kept, strict=True)]

    def _kept(self, clauses: Sequence[Clause]) -> _Kept:
        """The clauses that are worth their time."""
        numbers, factors = self._vocabulary.numbered(clauses)
        numbers, factors = numbers[numbers != UNKNOWN], factors[numbers != UNKNOWN]
        most = factors * STEP * (self._most[numbers] + 1.0)
        cheapest = np.argsort(most / (self._first[numbers + 1] - self._first[numbers]), kind="stable")
        left = cheapest[np.cumsum(most[cheapest]) <= LEFT_OUT]
        is_kept = np.ones(len(numbers), bool)
        is_kept[left] = False
        lacking = most[left].sum() + STEP * factors[is_kept].sum() + _ROUNDING
        return _Kept(numbers[is_kept], (factors[is_kept] * STEP).astype(np.float32), float(lacking))

    def _add(self, scores: Estimates, numbers: Numbers, units: Estimates) -> None:
        """Some terms at a time: one call a term costs more than the entries of a rare one; `at` is quick with intp alone."""
        starts, sizes = self._first[numbers], self._first[numbers + 1] - self._first[numbers]
        cuts = np.flatnonzero(np.diff(np.cumsum(sizes) // _ENTRIES_AT_ONCE)) + 1
        for some in np.split(np.arange(len(numbers)), cuts):
            spans = [
                slice(start, start + size)
                for start, size in zip(starts[some].tolist(), sizes[some].tolist(), strict=True)
            ]
            if spans:
                rows = np.concatenate([self._rows[span] for span in spans], dtype=np.intp)
                worth = np.concatenate([self._worth[span] for span in spans])
                np.add.at(scores, rows, worth * np.repeat(units[some], sizes[some]))

    def _frequent(self, kept: Sequence[_Kept]) -> Numbers:
        """The terms, ascending, that are cheaper as a column of a product than row by row for each query that asks for them."""
        terms, uses = np.unique(np.concatenate([each.numbers for each in kept]), return_counts=True)
        held = self._first[terms + 1] - self._first[terms]
        saved = _ENTRY_NS * held * (uses - 1.0) - self.documents * (_CELL_NS + _PRODUCT_NS * len(kept))
        most = max(_CELLS_AT_ONCE // max(self.documents, 1), 1)
        best = np.argsort(-saved, kind="stable")[:most]
        found: Numbers = np.sort(terms[best[saved[best] > 0]])
        return found

    def _columns(self, terms: Numbers) -> Estimates:
        """What each term is worth to every row, in bytes' units: (len(terms), documents)."""
        columns = np.zeros((len(terms), self.documents), np.float32)
        spans = zip(self._first[terms].tolist(), self._first[terms + 1].tolist(), strict=True)
        for column, (start, end) in zip(columns, spans, strict=True):
            column[self._rows[start:end]] = self._worth[start:end]
        return columns
