"""The terms of each row of a generation: scores a few rows by many terms in a time that does not grow with the catalogue.

An index goes from terms to rows and has to pass over every row of hundreds of terms to score a hundred of them. Terms
stand as 32-bit digests: one of a billion pairs of different terms counts as the same, which no order notices.
"""

import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import Clause
from sky_net.matching.bm25 import impacts, rounded_length
from sky_net.matching.terms import FIELDS

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Tokens = Mapping[str, Sequence[str]]
Beside = TypeVar("Beside")

_MOST_COUNTED = 255
_SIEVE = 1 << 16
_FILES = ("terms", "counts", "starts", "lengths")


class ForwardWriter:
    """Notes tokens while they pass by on their way into the index, then writes them to a folder."""

    def __init__(self) -> None:
        self._terms, self._counts, self._starts = array("I"), array("B"), array("q", [0])
        self._lengths = array("i")
        self._digests: dict[str, int] = {}

    def noting(self, documents: Iterable[tuple[Tokens, Beside]]) -> Iterator[tuple[Tokens, Beside]]:
        """The documents as they come."""
        for tokens, beside in documents:
            for field in FIELDS:
                self._note(tokens[field])
            yield tokens, beside

    def _note(self, tokens: Sequence[str]) -> None:
        for term, count in Counter(tokens).items():
            digest = self._digests.get(term)
            if digest is None:
                digest = self._digests[term] = _digest(term)
            self._terms.append(digest)
            self._counts.append(min(count, _MOST_COUNTED))
        self._starts.append(len(self._terms))
        self._lengths.append(rounded_length(len(tokens)))

    def write(self, folder: Path) -> None:
        """Into an empty folder."""
        kinds = (np.uint32, np.uint8, np.int64, np.int32)
        held = (self._terms, self._counts, self._starts, self._lengths)
        for name, kind, values in zip(_FILES, kinds, held, strict=True):
            np.save(folder / f"{name}.npy", np.frombuffer(values, kind) if len(values) else np.zeros(0, kind))


class ForwardIndex:
    """A written folder, mapped; safe to share between threads."""

    def __init__(self, folder: Path, averages: Mapping[str, float]) -> None:
        """`averages` are the mean field lengths of the index beside it. ValueError: not such a folder."""
        self._terms, self._counts, self._starts, self._lengths = (
            _mapped(folder / f"{name}.npy") for name in _FILES
        )
        self._averages = averages

    def scores(self, clauses: Iterable[Clause], rows: Rows) -> Scores:
        """For each row the sum over the clauses of boost × idf × impact, as the index gives it up to rounding."""
        wanted: dict[str, dict[int, float]] = {}
        for clause in clauses:
            of_field = wanted.setdefault(clause.field, {})
            digest = _digest(clause.term)
            of_field[digest] = of_field.get(digest, 0.0) + clause.boost * clause.idf
        found = np.zeros(len(rows))
        for number, field in enumerate(FIELDS):
            if field in wanted and len(rows):
                found += self._of_field(wanted[field], rows * len(FIELDS) + number, self._averages[field])
        return found

    def _of_field(self, wanted: Mapping[int, float], cells: Rows, average: float) -> Scores:
        terms = np.array(sorted(wanted), np.uint32)
        worth = np.array([wanted[term] for term in terms.tolist()], np.float64)
        starts = self._starts[cells]
        counts = self._starts[cells + 1] - starts
        shifts = starts - (np.cumsum(counts) - counts)
        entries = np.arange(counts.sum()) + np.repeat(shifts, counts)
        own = np.repeat(np.arange(len(cells)), counts)
        digests = self._terms[entries]
        sieve = np.zeros(_SIEVE, bool)
        sieve[terms % _SIEVE] = True
        places = np.flatnonzero(
            sieve[digests % _SIEVE]
        )  # few entries get further, and comparing takes the time
        at = np.minimum(np.searchsorted(terms, digests[places]), len(terms) - 1)
        is_same = terms[at] == digests[places]
        places, at = places[is_same], at[is_same]
        occurrences = self._counts[entries[places]].astype(np.float64)
        lengths = self._lengths[cells[own[places]]].astype(np.float64)
        weighed = worth[at] * impacts(occurrences, lengths, average)
        return np.bincount(own[places], weighed, len(cells)).astype(np.float64)


def _digest(term: str) -> int:
    return zlib.crc32(term.encode())


def _mapped(path: Path) -> npt.NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
