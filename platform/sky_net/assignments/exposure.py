"""What an assignment costs and whom it shows: nDCG kept, exposure of institutes, and how unevenly that is spread. Pure.

The gain of an offer is its score and a place further down counts less, by 1 / log2(place + 1): for the need (Järvelin &
Kekäläinen 2002) and as the institute's exposure (Singh & Joachims 2018).
"""

import numpy as np

from sky_net.assignments.table import Chosen, Real, Table, Whole, best_first, standing


def discounts(places: Whole) -> Real:
    """What a place counts, from 0: 1, 0.63, 0.5, ..."""
    weights: Real = 1 / np.log2(places + 2)
    return weights


def worth(table: Table, chosen: Chosen) -> Real:
    """(needs,) the DCG of each need's offers, best first, with scores as gains."""
    need = table.need[chosen]
    weights = discounts(standing(need)) * table.score[chosen]
    return _sums(need, weights, len(table.needs))


def ndcg_kept(table: Table, chosen: Chosen) -> float:
    """The mean over needs of their DCG to that of plain top-k; 1.0 where no need has a candidate and a place."""
    ideal = worth(table, best_first(table))
    counted = ideal > 0
    if not counted.any():
        return 1.0
    return float(np.mean(worth(table, chosen)[counted] / ideal[counted]))


def exposure(table: Table, chosen: Chosen) -> Real:
    """(institutes,) the sum of what the places count at which each is named."""
    weights = discounts(standing(table.need[chosen]))
    return _sums(table.institute[chosen], weights, len(table.institutes))


def load(table: Table, chosen: Chosen) -> Whole:
    """(institutes,) how many needs each is offered."""
    return np.bincount(table.institute[chosen], minlength=len(table.institutes))


def unevenness(table: Table, chosen: Chosen) -> float:
    """The Gini coefficient of exposure over the institutes that could be offered anything at all."""
    return gini(exposure(table, chosen)[table.candidates_of_institutes > 0])


def gini(values: Real) -> float:
    """0 where all have the same, towards 1 where one has everything; 0 for none, and where nobody has anything."""
    total = float(values.sum())
    if total <= 0:
        return 0.0
    count = len(values)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return float(np.dot(ranks, np.sort(values)) / (count * total))


def _sums(at: Whole, weights: Real, count: int) -> Real:
    """(count,) the weights summed by position."""
    sums: Real = np.bincount(at, weights, minlength=count).astype(np.float64)
    return sums
