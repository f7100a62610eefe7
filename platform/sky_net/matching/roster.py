"""Who stands in which row of an index: id, owner and facets, and which rows a filter lets through."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sky_net.matching.documents import Document, Filters
from sky_net.matching.mapped import Carriers, Column, Repeated, Texts, read_columns, write_columns

Mask = npt.NDArray[np.bool_]

_COLUMNS = ("ids", "by_id", "owner_names", "owners", "facet_names", "facet_starts", "facet_rows")


@dataclass(frozen=True)
class Roster:
    """Rows in index order; `facets` maps a facet to the ascending rows that carry it.

    Of a generation all three lie in mapped files, and `by_id`, the rows in order of their ids, makes ids findable
    without a table of them in every process.
    """

    ids: Sequence[str]
    owners: Sequence[str]
    facets: Mapping[str, Column]
    by_id: Column | None = None

    @classmethod
    def of(cls, documents: Iterable[Document]) -> "Roster":
        """Number the documents; ValueError on a second one with the same id."""
        ids: list[str] = []
        owners: list[str] = []
        carriers: dict[str, list[int]] = {}
        for row, document in enumerate(documents):
            ids.append(document.id)
            owners.append(document.owner)
            for facet in sorted(document.facets):
                carriers.setdefault(facet, []).append(row)
        if len(set(ids)) < len(ids):
            raise ValueError("two documents have the same id")
        return cls(ids, owners, {facet: np.array(rows, np.int64) for facet, rows in carriers.items()})

    def rows_of(self, ids: Collection[str]) -> list[int]:
        """The rows of those of the ids that are here, ascending."""
        if self.by_id is None or not isinstance(self.ids, Texts):
            return sorted(self._rows[each] for each in ids if each in self._rows)
        if not ids or not len(self.ids):
            return []
        wanted = Texts.of(sorted(ids)).encoded
        places = np.searchsorted(self.ids.encoded, wanted, sorter=self.by_id)
        rows = self.by_id[np.minimum(places, len(self.ids) - 1)]
        return sorted(rows[self.ids.encoded[rows] == wanted].tolist())

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {each: row for row, each in enumerate(self.ids)}

    def admitted(self, filters: Filters | None) -> Mask | None:
        """True for the rows that pass; None when nothing is asked for and every row passes."""
        if not filters or not filters.required:
            return None
        mask = np.ones(len(self.ids), bool)
        for choices in filters.required:
            one_of = np.zeros(len(self.ids), bool)
            for facet in choices:
                if facet in self.facets:
                    one_of[self.facets[facet]] = True
            mask &= one_of
        return mask

    def write(self, folder: Path) -> None:
        """Store as columns in a new folder; `read` maps them."""
        ids, owners, facets = Texts.of(self.ids), Repeated.of(self.owners), Carriers.of(self.facets)
        columns: list[Column] = [
            ids.encoded, np.argsort(ids.encoded, kind="stable").astype(np.int32), owners.names.encoded, owners.numbers,
            facets.names.encoded, facets.starts, facets.rows,
        ]  # fmt: skip
        write_columns(folder, dict(zip(_COLUMNS, columns, strict=True)))

    @classmethod
    def read(cls, folder: Path) -> "Roster":
        """The roster of a folder that `write` wrote; OSError or ValueError for another."""
        ids, by_id, owner_names, owners, facet_names, starts, rows = read_columns(folder, _COLUMNS)
        return cls(
            Texts(ids),
            Repeated(owners, Texts(owner_names)),
            Carriers(Texts(facet_names), starts, rows),
            by_id,
        )
