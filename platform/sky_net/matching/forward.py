"""The terms of each row of a generation: scores a few rows by many terms in a time that does not grow with the catalogue.

An index goes from terms to rows and has to pass over every row of hundreds of terms to score a hundred of them.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import Clause
from sky_net.matching.bm25 import MOST_COUNTED, impacts, rounded_length
from sky_net.matching.mapped import mapped
from sky_net.matching.terms import FIELDS
from sky_net.matching.vocabulary import Numbers, Vocabulary, write_vocabulary

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Tokens = Mapping[str, Sequence[str]]

_SIEVE = 1 << 16  # what two bytes of a number tell apart
_FILES = ("terms", "counts", "starts", "lengths")


class ForwardWriter:
    """Notes the tokens of documents in their order, then writes them to a folder."""

    def __init__(self) -> None:
        self._terms, self._counts, self._starts = array("I"), array("B"), array("q", [0])
        self._lengths = array("i")
        self._numbers: dict[str, dict[str, int]] = {field: {} for field in FIELDS}
        self._totals = dict.fromkeys(FIELDS, 0)
        self._known = 0

    def note(self, tokens: Tokens) -> None:
        """The next document's tokens of every field."""
        for field in FIELDS:
            self._note(field, tokens[field])

    def _note(self, field: str, tokens: Sequence[str]) -> None:
        numbers = self._numbers[field]
        for term, count in Counter(tokens).items():
            number = numbers.get(term)
            if number is None:
                number = numbers[term] = self._known
                self._known += 1
            self._terms.append(number)
            self._counts.append(min(count, MOST_COUNTED))
        self._starts.append(len(self._terms))
        self._lengths.append(rounded_length(len(tokens)))
        self._totals[field] += len(tokens)

    def write(self, folder: Path) -> dict[str, float]:
        """Into an empty folder; the mean length of every field."""
        final = write_vocabulary(folder, self._numbers)
        kinds = (np.uint32, np.uint8, np.int64, np.int32)
        held = (self._terms, self._counts, self._starts, self._lengths)
        for name, kind, values in zip(_FILES, kinds, held, strict=True):
            column = np.frombuffer(values, kind) if len(values) else np.zeros(0, kind)
            np.save(folder / f"{name}.npy", final[column].astype(kind) if name == "terms" else column)
        documents = len(self._lengths) // len(FIELDS)
        return {field: total / max(documents, 1) for field, total in self._totals.items()}


class Sieve:
    """Finds a few hundred terms among the many of some rows: few entries get past its holes, and comparing takes the time."""

    def __init__(self, terms: Numbers) -> None:
        """`terms` are ascending, and none is UNKNOWN."""
        self._terms = terms.astype(np.uint32)
        self._holes = np.zeros(_SIEVE, bool)
        self._holes[self._terms.astype(np.uint16)] = True

    def found_in(self, numbers: npt.NDArray[np.uint32]) -> tuple[Rows, Rows]:
        """The places in `numbers` that hold one of the terms, and which it is."""
        places = np.flatnonzero(self._holes[numbers.astype(np.uint16)])
        left = numbers[places]
        at = np.minimum(np.searchsorted(self._terms, left), len(self._terms) - 1)
        is_same = self._terms[at] == left
        return places[is_same], at[is_same]


class ForwardIndex:
    """A written folder, mapped; safe to share between threads."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, averages: Mapping[str, float]) -> None:
        """`averages` are what `write` returned. OSError or ValueError: not such a folder."""
        self.terms, self._counts, self._starts, self._lengths = (
            mapped(folder / f"{name}.npy") for name in _FILES
        )
        self.documents = len(self._lengths) // len(FIELDS)
        self._averages = np.array([averages[field] for field in FIELDS])
        self._vocabulary = vocabulary

    def occurrences(self, sought: "Sieve", row: int) -> Iterator[tuple[int, int]]:
        """Which of the sought terms the row has, by place, each with how often, field by field in text order."""
        span = slice(*self._starts[[row * len(FIELDS), (row + 1) * len(FIELDS)]].tolist())
        places, at = sought.found_in(self.terms[span])
        return zip(at.tolist(), self._counts[span][places].tolist(), strict=True)

    def lengths_of(self, row: int) -> dict[str, int]:
        """The (rounded) number of tokens of each field."""
        lengths = self._lengths[row * len(FIELDS) : (row + 1) * len(FIELDS)].tolist()
        return dict(zip(FIELDS, lengths, strict=True))

    def entries(self, start: int, stop: int) -> tuple[Rows, Numbers, Scores]:
        """Row, term and impact of every entry of these rows, in their order."""
        cells = np.arange(start * len(FIELDS), min(stop, self.documents) * len(FIELDS))
        sizes = self._starts[cells + 1] - self._starts[cells]
        span = slice(int(self._starts[cells[0]]), int(self._starts[cells[-1] + 1]))
        own = np.repeat(cells, sizes)
        impact = self._impacts(own, self._counts[span].astype(np.float64))
        return own // len(FIELDS), self.terms[span].astype(np.int64), impact

    def scores(self, clauses: Sequence[Clause], rows: Rows) -> Scores:
        """For each row the sum over the clauses' terms of worth × impact."""
        found: Scores = self.by_field(clauses, rows).sum(axis=1)
        return found

    def by_field(self, clauses: Sequence[Clause], rows: Rows) -> Scores:
        """The same in parts, (len(rows), len(FIELDS))."""
        terms, worth = self._vocabulary.numbered(clauses)
        own, at, occurrences = self._held(terms, rows)
        cells = rows[own // len(FIELDS)] * len(FIELDS) + own % len(FIELDS)
        weighed = worth[at] * self._impacts(cells, occurrences)
        sums: Scores = np.bincount(own, weighed, len(rows) * len(FIELDS))  # type: ignore[assignment]  # with weights it gives floats; the stub says counts
        return sums.reshape(len(rows), len(FIELDS))

    def _impacts(self, cells: Rows, occurrences: Scores) -> Scores:
        """What so many occurrences in these cells, row × len(FIELDS) + field, are worth."""
        return impacts(
            occurrences, self._lengths[cells].astype(np.float64), self._averages[cells % len(FIELDS)]
        )

    def _held(self, terms: Numbers, rows: Rows) -> tuple[Rows, Rows, Scores]:
        """Of every (row, field, term) that is there: place × len(FIELDS) + field, which of the ascending terms, how often."""
        bounds = self._starts[rows[:, None] * len(FIELDS) + np.arange(len(FIELDS) + 1)]
        starts, ends = bounds[:, 0], bounds[:, -1]
        spans = [slice(*span) for span in zip(starts.tolist(), ends.tolist(), strict=True)]
        if not spans or not len(terms):
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        places, at = Sieve(terms).found_in(np.concatenate([self.terms[span] for span in spans]))
        sizes = np.diff(bounds, axis=1).ravel()
        own = np.repeat(np.arange(len(sizes)), sizes)[places]
        shifts = starts - (np.cumsum(ends - starts) - (ends - starts))
        entries = places + shifts[own // len(FIELDS)]
        return own, at, self._counts[entries].astype(np.float64)
