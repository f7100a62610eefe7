"""What a day's assignment starts from: needs with places, institutes with quotas, and the scores between them. Pure.

Needs and institutes stand in order of id, and the candidates of a need best first, so that the same day gives the same
table in whatever order it was read, and hence the same assignment.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Chosen = npt.NDArray[np.bool_]
"""For each candidate of a table: whether the need is offered to the institute."""
_ENOUGH = 2**31 - 1  # more of anything than there ever is, and their sum stays within 64 bits


@dataclass(frozen=True)
class Table:
    """The day as arrays; a candidate is a pair of a need and an institute that could answer it.

    `places`: (needs,) institutes wanted. `quotas`: (institutes,) needs that can still be taken. `need`, `institute`,
    `score`: (candidates,) positions and a score above 0, by need, best first, equal scores in order of the institute's id.
    """

    needs: tuple[str, ...]
    institutes: tuple[str, ...]
    places: Whole
    quotas: Whole
    need: Whole
    institute: Whole
    score: Real

    @property
    def candidates_of_needs(self) -> Whole:
        """(needs,) how many candidates each has."""
        return np.bincount(self.need, minlength=len(self.needs))

    @property
    def candidates_of_institutes(self) -> Whole:
        """(institutes,) for how many needs each is one."""
        return np.bincount(self.institute, minlength=len(self.institutes))


def table_of(
    places: Mapping[str, int], quotas: Mapping[str, int], scores: Iterable[tuple[str, str, float]]
) -> Table:
    """The table of (need, institute, score); a score of 0 or less is no candidate.

    ValueError for a negative place or quota, a score that is no number, an id that is not in `places` or `quotas`, or a
    pair that is given twice.
    """
    if any(each < 0 for each in (*places.values(), *quotas.values())):
        raise ValueError("places and quotas are 0 or more")
    needs, institutes = tuple(sorted(places)), tuple(sorted(quotas))
    row, column = _positions(needs), _positions(institutes)
    found: dict[tuple[int, int], float] = {}
    for need, institute, score in scores:
        if not math.isfinite(score):
            raise ValueError(f"the score of {need} and {institute} is {score}")
        if need not in row or institute not in column:
            raise ValueError(f"{need} or {institute} has no places or no quota")
        pair = row[need], column[institute]
        if pair in found:
            raise ValueError(f"{need} and {institute} are given twice")
        found[pair] = score
    kept = sorted((need, -score, institute) for (need, institute), score in found.items() if score > 0)
    return Table(
        needs,
        institutes,
        np.array([min(places[each], _ENOUGH) for each in needs], np.int64),
        np.array([min(quotas[each], _ENOUGH) for each in institutes], np.int64),
        _column(kept, 0, np.int64),
        _column(kept, 2, np.int64),
        -_column(kept, 1, np.float64),
    )


def best_first(table: Table) -> Chosen:
    """Plain top-k: every need to its best institutes, quotas and everybody else's needs left aside."""
    chosen: Chosen = standing(table.need) < table.places[table.need]
    return chosen


def standing(need: Whole) -> Whole:
    """For pairs in order of need: the place of each within its need, from 0."""
    starts = np.flatnonzero(np.r_[True, need[1:] != need[:-1]]) if len(need) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[starts, len(need)])
    placed: Whole = np.arange(len(need)) - np.repeat(starts, lengths)
    return placed


def _positions(ids: tuple[str, ...]) -> dict[str, int]:
    return {each: position for position, each in enumerate(ids)}


def _column(rows: list[tuple[int, float, int]], at: int, kind: Any) -> Any:
    return np.array([row[at] for row in rows], kind)
