"""Who stands in which row of an index: id, owner and facets, and which rows a filter lets through."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sky_net.matching.documents import Document, Filters

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Roster:
    """Rows in index order; `facets` maps a facet to the ascending rows that carry it."""

    ids: Sequence[str]
    owners: Sequence[str]
    facets: Mapping[str, npt.NDArray[np.int64]]

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

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row by id."""
        return {each: row for row, each in enumerate(self.ids)}

    def admitted(self, filters: Filters | None) -> Mask | None:
        """True for the rows that pass; None when nothing is asked for and every row passes."""
        if not filters or not filters.required:
            return None
        mask = np.ones(len(self.ids), bool)
        for choices in filters.required:
            one_of = np.zeros(len(self.ids), bool)
            for facet in choices & self.facets.keys():
                one_of[self.facets[facet]] = True
            mask &= one_of
        return mask

    def write(self, path: Path) -> None:
        """Store as JSON; `read` gives it back."""
        facets = {facet: rows.tolist() for facet, rows in sorted(self.facets.items())}
        stored = {"ids": list(self.ids), "owners": list(self.owners), "facets": facets}
        path.write_text(json.dumps(stored, ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, path: Path) -> "Roster":
        """The roster of a file that `write` wrote."""
        stored = json.loads(path.read_text("utf-8"))
        facets = {facet: np.array(rows, np.int64) for facet, rows in stored["facets"].items()}
        return cls(stored["ids"], stored["owners"], facets)
