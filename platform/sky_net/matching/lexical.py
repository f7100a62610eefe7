"""Term search in tantivy: our own tokens, one field per view, term queries built by hand, row number = position.

tantivy's query parser is never used: it raises on brackets and quotes that people write in their needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

from sky_net.matching.blend import Clause
from sky_net.matching.documents import Filters
from sky_net.matching.terms import FIELDS

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]

_FACET = "facet"
_ROW = "row"
# One thread and room for some 100k documents keep one segment; past that the row field says which row a hit is.
_WRITER_MEMORY = 1_000_000_000

_FREQUENCIES_REMEMBERED = 8192  # one search asks for the same terms up to three times, some thousand at most

_SHOULD, _MUST, _NOT = tantivy.Occur.Should, tantivy.Occur.Must, tantivy.Occur.MustNot


def write_index(
    directory: Path, documents: Iterable[tuple[Mapping[str, Sequence[str]], frozenset[str]]]
) -> dict[str, float]:
    """Index (tokens per field, facets) in the given order into an empty directory; the mean length of every field."""
    index = tantivy.Index(_schema(), path=str(directory))
    writer = index.writer(heap_size=_WRITER_MEMORY, num_threads=1)
    totals = dict.fromkeys(FIELDS, 0)
    count = 0
    for tokens, facets in documents:
        entry = tantivy.Document()
        for field in FIELDS:
            entry.add_text(field, " ".join(tokens[field]))
            totals[field] += len(tokens[field])
        for facet in facets:
            entry.add_text(_FACET, facet)
        entry.add_unsigned(_ROW, count)
        writer.add_document(entry)
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    return {field: total / max(count, 1) for field, total in totals.items()}


class LexicalIndex:
    """A finished index, open for searching only; gives the statistics its scores depend on (`bm25.Statistics`)."""

    def __init__(self, directory: Path, averages: Mapping[str, float]) -> None:
        """`averages` are what `write_index` returned: tantivy keeps them to itself. ValueError: not such an index."""
        index = tantivy.Index.open(str(directory))
        self._schema = index.schema
        self._searcher = index.searcher()
        self._averages = dict(averages)
        self._frequency = lru_cache(_FREQUENCIES_REMEMBERED)(self._searcher.doc_freq)
        self.documents: int = self._searcher.num_docs

    def average_length(self, field: str) -> float:
        """Mean number of tokens in the field."""
        return self._averages[field]

    def frequencies(self, field: str, terms: Iterable[str]) -> list[int]:
        """For each term the number of documents whose field contains it."""
        return [self._frequency(field, term) for term in terms]

    def search(
        self,
        clauses: Sequence[Clause],
        depth: int,
        filters: Filters | None = None,
        without: Sequence[int] = (),
        only: Sequence[int] | None = None,
    ) -> tuple[Rows, Scores]:
        """The best `depth` rows that have a term, best first, with their scores; rows with no term are left out.

        `filters` and `only` (row numbers) narrow the search without touching a score; `without` are rows to skip.
        """
        if not clauses or not self.documents or (only is not None and not len(only)):
            return np.zeros(0, np.int64), np.zeros(0)
        parts = [(_MUST, self._any(clauses))]
        for choices in filters.required if filters else ():
            parts.append((_MUST, self._unscored(_FACET, sorted(choices))))
        if only is not None:
            parts.append((_MUST, self._unscored(_ROW, only)))
        if len(without):
            parts.append((_NOT, tantivy.Query.term_set_query(self._schema, _ROW, list(map(int, without)))))
        query = parts[0][1] if len(parts) == 1 else tantivy.Query.boolean_query(parts)
        hits = self._searcher.search(query, min(depth, self.documents), count=False).hits
        return self._rows([address for _, address in hits]), np.array(
            [score for score, _ in hits], np.float64
        )

    def _any(self, clauses: Sequence[Clause]) -> tantivy.Query:
        terms = [
            tantivy.Query.boost_query(
                tantivy.Query.term_query(self._schema, clause.field, clause.term, "freq"), clause.boost
            )
            for clause in clauses
        ]
        return tantivy.Query.boolean_query([(_SHOULD, term) for term in terms])

    def _unscored(self, field: str, values: Sequence[str] | Sequence[int]) -> tantivy.Query:
        wanted = [int(value) if field == _ROW else value for value in values]
        return tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, field, wanted), 0.0)

    def _rows(self, addresses: list[tantivy.DocAddress]) -> Rows:
        if (
            self._searcher.num_segments == 1
        ):  # one writer thread, one segment: documents lie in the order they came
            return np.array([address.doc for address in addresses], np.int64)
        return np.array(self._searcher.fast_field_values(_ROW, addresses), np.int64)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in FIELDS:
        builder = builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder = builder.add_text_field(_FACET, tokenizer_name="raw", index_option="basic")
    return builder.add_unsigned_field(_ROW, indexed=True, fast=True).build()
