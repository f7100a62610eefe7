"""As even as is asked for and no more: the least evenness that spreads exposure enough, at no more than the nDCG allowed.

Pure. `evenness` is searched by halving on a scale of doublings: exposure gets evener and nDCG smaller as it grows, up to
the steps of whole needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sky_net.assignments.exposure import load, ndcg_kept, unevenness
from sky_net.assignments.flow import flow
from sky_net.assignments.table import Chosen, Table, best_first, standing

GINI_AT_MOST = 0.6
"""The Gini of exposure that is aimed at, as a share of plain top-k's."""
NDCG_AT_LEAST = 0.97
"""The share of plain top-k's nDCG below which no evenness is bought; quotas may cost more than that."""
NOTHING_SUITABLE, QUOTAS_SPENT, NO_PLACE = "nothing_suitable", "quotas_spent", "no_place"
REASONS = (NOTHING_SUITABLE, QUOTAS_SPENT, NO_PLACE)
"""Why a need is offered to nobody: no candidate; every candidate has its quota; as many as wanted were asked before."""
_LEAST, _MOST, _HALVINGS = -10.0, 0.0, 9  # powers of two: a thousandth of a need's list to all of it


@dataclass(frozen=True)
class Offer:
    """One need offered to one institute, at a place from 1."""

    need: str
    institute: str
    rank: int
    score: float


@dataclass(frozen=True)
class Assignment:
    """What a day comes to, beside plain top-k."""

    table: Table
    chosen: Chosen
    evenness: float

    @cached_property
    def plain(self) -> Chosen:
        """Plain top-k of the same table."""
        return best_first(self.table)

    @cached_property
    def ndcg_kept(self) -> float:
        """See `exposure.ndcg_kept`."""
        return ndcg_kept(self.table, self.chosen)

    @cached_property
    def gini(self) -> float:
        """See `exposure.unevenness`."""
        return unevenness(self.table, self.chosen)

    @cached_property
    def gini_plain(self) -> float:
        """The same of plain top-k."""
        return unevenness(self.table, self.plain)

    @property
    def gini_ratio(self) -> float:
        """Of both; 1.0 where plain top-k is perfectly even, since nothing could be gained."""
        return self.gini / self.gini_plain if self.gini_plain > 0 else 1.0

    @property
    def quotas_broken(self) -> int:
        """Institutes with more needs than they can take: always 0, and counted all the same."""
        return int(np.count_nonzero(load(self.table, self.chosen) > self.table.quotas))

    @property
    def wanted(self) -> int:
        """Places that plain top-k would fill."""
        return int(np.count_nonzero(self.plain))

    @property
    def offered(self) -> int:
        """Places that are filled."""
        return int(np.count_nonzero(self.chosen))

    def offers(self) -> Iterator[Offer]:
        """Every offer, by need, best first."""
        table, kept = self.table, np.flatnonzero(self.chosen)
        for at, place in zip(kept, standing(table.need[kept]), strict=True):
            need, institute = table.needs[table.need[at]], table.institutes[table.institute[at]]
            yield Offer(need, institute, int(place) + 1, float(table.score[at]))

    def unserved(self) -> dict[str, str]:
        """The needs that are offered to nobody, each with one of REASONS."""
        table = self.table
        served = np.bincount(table.need[self.chosen], minlength=len(table.needs))
        has_candidates = table.candidates_of_needs > 0
        return {
            table.needs[at]: NO_PLACE if not table.places[at] else QUOTAS_SPENT if has_candidates[at] else NOTHING_SUITABLE
            for at in np.flatnonzero(served == 0)
        }  # fmt: skip

    def busiest(self, most: int) -> list[tuple[str, int, int]]:
        """The institutes with the most needs under plain top-k: (institute, needs there, needs here)."""
        before, after = load(self.table, self.plain), load(self.table, self.chosen)
        order = sorted(range(len(before)), key=lambda at: (-before[at], self.table.institutes[at]))
        return [(self.table.institutes[at], int(before[at]), int(after[at])) for at in order[:most]]


def assign(
    table: Table, *, gini_at_most: float = GINI_AT_MOST, ndcg_at_least: float = NDCG_AT_LEAST
) -> Assignment:
    """The assignment of the least evenness that reaches `gini_at_most`, or else of the most that keeps `ndcg_at_least`.

    Where the quotas alone cost more than that, the assignment of the best scores within them.
    """
    found = Assignment(table, flow(table), 0.0)
    if found.gini_plain == 0 or found.gini_ratio <= gini_at_most or found.ndcg_kept < ndcg_at_least:
        return found
    least, most = _LEAST, _MOST
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        tried = Assignment(table, flow(table, 2.0**middle), 2.0**middle)
        is_dear, is_even = tried.ndcg_kept < ndcg_at_least, tried.gini_ratio <= gini_at_most
        if not is_dear and (is_even or found.gini_ratio > gini_at_most):
            found = tried
        least, most = (least, middle) if is_dear or is_even else (middle, most)
    return found


__all__ = ["Assignment", "Offer", "assign"]
