"""What is written as a file: rows under headings in Chinese and English, and what they are about. Values only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backbone.errors import Bilingual

Cell = str | int | float | None
Answer = Mapping[str, Any]
"""What is exported, as it was dumped for JSON."""


@dataclass(frozen=True)
class Column:
    """A heading, and where the value stands in a row of the answer ("tally.states.met")."""

    path: str
    heading: Bilingual

    def of(self, row: Answer) -> Cell:
        """The value, None where there is none."""
        within: Any = row
        for step in self.path.split("."):
            within = None if within is None else within.get(step)
        found: Cell = within
        return found


@dataclass(frozen=True)
class Table:
    """What is exported: `facts` say of what, when and by which definition. The same table is the same file, made `at`."""

    name: str
    at: datetime
    title: Bilingual
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    facts: Sequence[tuple[Bilingual, str]] = field(default_factory=tuple)

    @property
    def headings(self) -> list[str]:
        """Chinese and English in one cell."""
        return [f"{column.heading.zh} {column.heading}".strip() for column in self.columns]
