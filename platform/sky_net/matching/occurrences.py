"""Which of some tokens a document has, how often, and how long its fields are: all that explaining a hit needs of its text.

A document of the generation is not cut into tokens anew: the forward index has them. But only where its text is the one
that was indexed, since a hit is read anew from the database and may have changed in between.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from sky_net.matching.bm25 import MOST_COUNTED, rounded_length
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document
from sky_net.matching.forward import Sieve


@dataclass(frozen=True, slots=True)
class Held:
    """By field: how often each of the tokens is there, in text order and up to MOST_COUNTED, and the (rounded) length."""

    counts: Mapping[str, Mapping[str, int]]
    lengths: Mapping[str, int]


class Occurrences:
    """Looks for the same tokens in one document after another."""

    def __init__(self, wanted: Mapping[str, Collection[str]], corpus: Corpus) -> None:
        """`wanted` are tokens by field."""
        self._wanted = {field: frozenset(tokens) for field, tokens in wanted.items()}
        self._corpus = corpus
        named: dict[int, tuple[str, str]] = {}
        if corpus.generation is not None:
            for field, tokens in self._wanted.items():
                terms = list(tokens)
                numbers = corpus.generation.vocabulary.numbers(field, terms).tolist()
                named |= {
                    number: (field, term) for number, term in zip(numbers, terms, strict=True) if number >= 0
                }
        self._names = [named[number] for number in sorted(named)]
        self._sieve = Sieve(np.array(sorted(named), np.int64))

    def of(self, document: Document) -> Held:
        """What the document has of them."""
        generation = self._corpus.generation
        row = None if generation is None else generation.row_of(document)
        if generation is None or row is None:
            return self._cut(document)
        counts: dict[str, dict[str, int]] = {field: {} for field in self._wanted}
        for at, count in generation.forward.occurrences(self._sieve, row):
            field, term = self._names[at]
            counts[field][term] = count
        return Held(counts, generation.forward.lengths_of(row))

    def _cut(self, document: Document) -> Held:
        tokens = self._corpus.tokens_of(document)
        counts = {
            field: Counter(token for token in tokens[field] if token in wanted)
            for field, wanted in self._wanted.items()
        }
        return Held(
            {
                field: {token: min(count, MOST_COUNTED) for token, count in found.items()}
                for field, found in counts.items()
            },
            {field: rounded_length(len(tokens[field])) for field in tokens},
        )
