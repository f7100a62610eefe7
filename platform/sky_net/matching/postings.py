"""A small inverted index in memory, for documents that no generation holds: same formula, no files."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

import numpy as np
import numpy.typing as npt

from sky_net.matching.blend import Clause
from sky_net.matching.bm25 import impacts, rounded_length
from sky_net.matching.terms import FIELDS

Tokens = Mapping[str, Sequence[str]]
Column = npt.NDArray[np.int64]


class Postings:
    """Scores every document, in the order in which they came in; serves as its own `bm25.Statistics`.

    Terms of all fields are numbered through; entries `starts[number] : starts[number + 1]` are a term's (row, worth).
    """

    def __init__(self, documents: Sequence[Tokens], averages: Mapping[str, float] | None = None) -> None:
        """`documents` hold the tokens of every field (`terms.document_terms`).

        `averages` are the mean field lengths of the corpus that the scores must agree with; by default of these
        documents themselves.
        """
        self.documents = len(documents)
        own = {
            name: sum(len(tokens[name]) for tokens in documents) / max(len(documents), 1) for name in FIELDS
        }
        self._averages = own if averages is None else averages
        self._numbers: dict[str, dict[str, int]] = {}
        self._frequencies: dict[str, dict[str, int]] = {}
        columns = [self._entries(name, [tokens[name] for tokens in documents]) for name in FIELDS]
        terms, rows, worth = (np.concatenate(column) for column in zip(*columns, strict=True))
        order = np.argsort(terms, kind="stable")
        self._rows, self._worth = rows[order], worth[order]
        size = sum(len(numbers) for numbers in self._numbers.values())
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(terms, minlength=size))])

    def average_length(self, field: str) -> float:
        """Mean number of tokens that lengths are measured against."""
        return self._averages[field]

    def frequencies(self, field: str, terms: Iterable[str]) -> list[int]:
        """For each term the number of these documents whose field contains it."""
        return list(map(self._frequencies[field].get, terms, repeat(0)))

    def scores(self, clauses: Iterable[Clause]) -> npt.NDArray[np.float64]:
        """For every document the sum over the clauses' terms of worth × impact."""
        asked = [
            (clause.worth, [*map(self._numbers[clause.field].get, clause.terms, repeat(-1))])
            for clause in clauses
        ]
        numbers = np.array([number for _, those in asked for number in those], np.int64)
        factors = np.concatenate([*(worth for worth, _ in asked), np.zeros(0)])
        is_known = numbers >= 0
        numbers, factors = numbers[is_known], factors[is_known]
        if not len(numbers):
            return np.zeros(self.documents)
        counts = self._starts[numbers + 1] - self._starts[numbers]
        shifts = self._starts[numbers] - (np.cumsum(counts) - counts)
        entries = np.arange(counts.sum()) + np.repeat(shifts, counts)
        worth = self._worth[entries] * np.repeat(factors, counts)
        sums: npt.NDArray[np.float64] = np.bincount(self._rows[entries], worth, self.documents)  # type: ignore[assignment]  # with weights it gives floats; the stub says counts
        return sums

    def _entries(
        self, field: str, documents: Sequence[Sequence[str]]
    ) -> tuple[Column, Column, npt.NDArray[np.float64]]:
        """Term numbers, rows and worth of every (document, term) of one field; numbers the field's terms."""
        first = sum(len(numbers) for numbers in self._numbers.values())
        numbers: dict[str, int] = {}
        frequencies: Counter[str] = Counter()
        terms: list[int] = []
        occurrences: list[int] = []
        sizes: list[int] = []
        for tokens in documents:
            counted = Counter(tokens)
            frequencies.update(counted.keys())
            terms.extend(numbers.setdefault(term, first + len(numbers)) for term in counted)
            occurrences.extend(counted.values())
            sizes.append(len(counted))
        self._numbers[field], self._frequencies[field] = numbers, frequencies
        rows = np.repeat(np.arange(len(documents)), sizes)
        lengths = np.array([rounded_length(len(tokens)) for tokens in documents], np.float64)[rows]
        worth = impacts(np.array(occurrences, np.float64), lengths, self._averages[field])
        return np.array(terms, np.int64), rows, worth
