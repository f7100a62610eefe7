"""The segments of a chain, needs beside achievements: where somebody asks and nobody offers, and the reverse. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from backbone.chinese import fold

NO_ACHIEVEMENT, NO_NEED = GAPS = ("no_achievement", "no_need")
Counts = Mapping[str | None, int]


@dataclass(frozen=True)
class Segment:
    """One segment of a chain; the name is None for what says no segment."""

    name: str | None
    needs: int
    achievements: int

    @property
    def gap(self) -> str | None:
        """What is missing where one side alone is there; None for what says no segment, which is no place to look."""
        if self.name is None or (self.needs and self.achievements):
            return None
        return NO_ACHIEVEMENT if self.needs else NO_NEED


def segments(needs: Counts, achievements: Counts) -> list[Segment]:
    """The segments by name, spellings that fold alike taken as one under the first of them; what says none comes last."""
    spelled: dict[str | None, str | None] = {}
    for name in sorted(name for name in {*needs, *achievements} if name is not None):
        spelled.setdefault(_folded(name), name)
    both = [_by_folded(counts) for counts in (needs, achievements)]
    if any(counts[None] for counts in both):
        spelled[None] = None
    return [Segment(name, both[0][key], both[1][key]) for key, name in spelled.items()]


def _by_folded(counts: Counts) -> Counter[str | None]:
    found: Counter[str | None] = Counter()
    for name, count in counts.items():
        found[None if name is None else _folded(name)] += count
    return found


def _folded(name: str) -> str:
    return " ".join(fold(name).split())
