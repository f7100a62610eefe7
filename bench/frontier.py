"""How even a day could be made at all: a Gini of exposure below which no assignment goes that keeps so much nDCG.

The Gini coefficient is the largest of all sums Σ r·exposure with r of antisymmetric pairs, so any such r gives a bound, and with r
fixed the rest is a choice of each need for itself: Lagrange's μ weighs the nDCG. Candidates may be named in parts, in any order
and beyond every quota, which makes the bound no larger than what any assignment reaches, drawn by lot or not. The r are found by
Frank and Wolfe's steps towards the evenest of such mixtures, whose Gini stands above the bound and says how tight it is.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sky_net.assignments.exposure import discounts, gini, worth
from sky_net.assignments.table import Table, best_first, standing

Real = npt.NDArray[np.float64]
_DEAREST, _HALVINGS = 64.0, 30


@dataclass(frozen=True)
class Frontier:
    """`least`: no Gini is below it. `mixed`: reached by a mixture."""

    least: float
    mixed: float


class _Lists:
    """The candidates of every need side by side; (needs, most candidates) each."""

    def __init__(self, table: Table) -> None:
        place, needs = standing(table.need), len(table.needs)
        shape = needs, int(table.candidates_of_needs.max())
        ideal = worth(table, best_first(table))
        self.is_one = np.zeros(shape, np.bool_)
        self.share, self.institute = np.zeros(shape), np.zeros(shape, np.int64)
        self.is_one[table.need, place] = True
        of_need = np.where(ideal > 0, ideal, np.inf)[table.need]
        self.share[table.need, place] = table.score / of_need / np.count_nonzero(ideal)
        able = np.cumsum(table.candidates_of_institutes > 0) - 1
        self.institute[table.need, place] = able[table.institute]
        self.institutes = int(able[-1]) + 1
        taken = np.minimum(table.places, table.candidates_of_needs)
        places = np.arange(int(taken.max()))
        self.counts = (places < taken[:, None]) * discounts(places)

    def chosen(self, price: Real, mu: float) -> tuple[Real, float]:
        """(exposure, nDCG) of each need's own best lists, where an institute costs its price."""
        worths = np.where(self.is_one, mu * self.share - price[self.institute], -np.inf)
        best = np.argsort(-worths, axis=1, kind="stable")[:, : self.counts.shape[1]]
        exposed = np.take_along_axis(self.institute, best, axis=1)
        kept = float((np.take_along_axis(self.share, best, axis=1) * self.counts).sum())
        exposure: Real = np.bincount(exposed.ravel(), self.counts.ravel(), self.institutes).astype(np.float64)
        return exposure, kept


def frontier(table: Table, ndcg_at_least: float, steps: int = 150) -> Frontier:
    """Of a table with candidates and places; more steps bring the two nearer together."""
    lists, least = _Lists(table), 0.0
    exposure, _ = lists.chosen(np.zeros(lists.institutes), 1.0)
    for step in range(steps):
        width = exposure.mean() * max(2 / (1 + step / 15), 0.05)
        pairs = np.clip((exposure[:, None] - exposure[None, :]) / width, -1, 1)
        bound, towards = _bounded(lists, pairs.sum(axis=1), ndcg_at_least)
        least = max(least, bound)
        exposure = exposure + (towards - exposure) * 2 / (step + 3)
    return Frontier(least, gini(exposure))


def _bounded(lists: _Lists, pairs: Real, ndcg_at_least: float) -> tuple[float, Real]:
    """The bound that these pairs give, and the exposure of the mixture that keeps just so much nDCG."""
    prices = pairs / (lists.institutes * lists.counts.sum())
    low, high = 0.0, _DEAREST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        _, kept = lists.chosen(prices, middle)
        low, high = (low, middle) if kept >= ndcg_at_least else (middle, high)
    (even, less), (dear, more) = (lists.chosen(prices, mu) for mu in (low, high))
    bounds = [
        float(prices @ each) - mu * (kept - ndcg_at_least)
        for each, kept, mu in ((even, less, low), (dear, more, high))
    ]
    share = (ndcg_at_least - less) / (more - less) if more > less else 1.0
    return max(bounds), share * dear + (1 - share) * even
