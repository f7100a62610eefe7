"""BM25 exactly as tantivy computes it, so that rows outside the index are scored by the index's own formula.

Source: tantivy `query/bm25.rs` and `fieldnorm/code.rs`. A field's length is stored in one byte, so both sides
see the same rounded length; the tests compare the scores with tantivy's own.
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Protocol

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.75
MOST_COUNTED = 255
"""Occurrences of a term in a field that count, so that a byte holds them: more are worth no hundredth more."""

_EXACT_LENGTHS = 24


def _length_of(code: int) -> int:
    """The length that one byte stands for: 24 exact values, then a float of 3 bits mantissa on top of them."""
    beyond = code - _EXACT_LENGTHS
    if beyond < 0:
        return code
    mantissa, shift = beyond & 7, (beyond >> 3) - 1
    return _EXACT_LENGTHS + (mantissa if shift < 0 else (mantissa | 8) << shift)


LENGTHS: tuple[int, ...] = tuple(_length_of(code) for code in range(256))
"""The 256 field lengths that an index can tell apart, ascending; any other is rounded down to one of them."""


def rounded_length(tokens: int) -> int:
    """The length that the index remembers for a field of so many tokens."""
    return LENGTHS[bisect_right(LENGTHS, tokens) - 1]


def idf(documents: int, frequencies: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Inverse document frequency of terms that so many out of `documents` documents contain; never negative."""
    rarity: npt.NDArray[np.float64] = np.log1p((documents - frequencies + 0.5) / (frequencies + 0.5))
    return rarity


def impacts(
    occurrences: npt.NDArray[np.float64],
    lengths: npt.NDArray[np.float64],
    average: float | npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """What occurrences of a term in fields of (rounded) lengths are worth before idf: from 0 up to 1 + K1.

    `average` is the mean unrounded length of that field over the corpus, in tokens, one for all or one for each. 1 is the worth of one
    occurrence in a field of average length.
    """
    means = np.broadcast_to(np.asarray(average, np.float64), lengths.shape)
    relative = np.divide(lengths, means, out=np.ones_like(lengths), where=means > 0)
    occurrences = np.minimum(occurrences, MOST_COUNTED)
    worth: npt.NDArray[np.float64] = (1 + K1) * occurrences / (occurrences + K1 * (1 - B + B * relative))
    return worth


class Statistics(Protocol):
    """What a score depends on besides the query and the document."""

    @property
    def documents(self) -> int:
        """Number of documents in the corpus."""

    def average_length(self, field: str) -> float:
        """Mean number of tokens in that field, over all documents."""

    def frequencies(self, field: str, terms: Iterable[str]) -> list[int]:
        """For each term the number of documents whose field contains it."""
