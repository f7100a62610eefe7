"""The maturity (TRL) that the words of a note fix, as lowest and highest level; the rules are those of the table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ground_net.leads.extraction.fields import Evidence
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.tables import any_of, cues, table

_BEFORE, _BEHIND = 10, 8


@dataclass(frozen=True, slots=True)
class _Said:
    level: tuple[int, int]
    evidence: Evidence
    is_new: bool


def level_in(note: Note) -> tuple[tuple[int, int], Evidence] | None:
    """Of several that are said: the new product's before the old one's, series in small numbers before series, else the highest."""
    found = list(_said(note))
    if not found:
        return None
    new = [each for each in found if each.is_new] or found
    levels = {each.level for each in new}
    chosen = _chosen(levels)
    return chosen, next(each.evidence for each in new if each.level == chosen)


def _chosen(levels: set[tuple[int, int]]) -> tuple[int, int]:
    if (8, 8) in levels:
        return 8, 8
    if (9, 9) in levels and levels & {(1, 2), (3, 4)}:
        return min(levels)
    return max(levels)


def _said(note: Note) -> Iterator[_Said]:
    for level, pattern in _levels():
        for found in pattern.finditer(note.plain):
            clause = note.clause_at(found.start())
            whole = note.plain[clause.start : found.start()]
            if _is_said_of_it(whole, note.plain[found.end() : clause.end]):
                is_new = cues("new_product").search(whole) is not None
                yield _Said(level, note.evidence(found.start(), found.end()), is_new)


def _is_said_of_it(before: str, behind: str) -> bool:
    """Not of a plan, of what is missing, or of another product."""
    if cues("not_yet").search(before[-_BEFORE:]) or cues("not_yet_behind").match(behind[:_BEHIND]):
        return False
    return cues("old_product").search(before) is None


@cache
def _levels() -> tuple[tuple[tuple[int, int], re.Pattern[str]], ...]:
    rows = table("levels")["levels"]
    return tuple(((row["low"], row["high"]), re.compile(any_of(row["words"]))) for row in rows)
