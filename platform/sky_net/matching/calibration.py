"""How likely a hit is to be of use, told from its score and from how much the need says.

A page finds more words in common with whatever it is compared with than a bare title does, so the same score means the more the
less was looked for. A logistic curve over the two says how much more; `fit` finds it, `reliability` holds it against what
was of use. The stored curve is that of the demo catalogue, whose answers are those that a broker would propose: 42 needs,
each as a title, with its problem and in full, and the ten best hits of each. `python -m bench.calibration` makes it again.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sky_net.matching.documents import Query
from sky_net.matching.terms import query_terms

Floats = npt.NDArray[np.float64]

FEWEST_TERMS, MOST_TERMS = 24, 640
"""Shorter and longer needs than the curve was fitted on are taken for such: it says nothing of how it goes on."""
PULL = 0.5
"""Strength of the pull towards a flat curve, in hits: few needs must not make a steep one."""
BINS = 10
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Curve:
    """log odds = `intercept` + `score` × score + `terms` × ln(terms looked for)."""

    intercept: float
    score: float
    terms: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Hits whose probability lies between two tenths: how many, what was told of them and what share was of use."""

    low: float
    hits: int
    told: float
    useful: float


CURVE = Curve(intercept=-0.815, score=31.6, terms=-1.379)


def likelihood(query: Query, curve: Curve = CURVE) -> Callable[[float], float]:
    """For one query the function from a hit's score to the probability, 0 to 1, that it is of use; it never falls."""
    base = curve.intercept + curve.terms * math.log(terms_of(query))

    def of(score: float) -> float:
        odds = base + curve.score * score
        return round(1 / (1 + math.exp(-odds)) if odds > -700 else 0.0, 4)

    return of


def terms_of(query: Query) -> int:
    """How many different stretches of one to three characters the need says."""
    return min(max(len(query_terms(query)["grams"]), FEWEST_TERMS), MOST_TERMS)


def fit(scores: Floats, terms: Floats, useful: Floats) -> Curve:
    """The curve of hits (n,) with these scores, terms looked for, and 1 where it was of use; by Newton's method."""
    table = np.column_stack([np.ones(len(scores)), 10 * scores, np.log(terms)])
    pull = PULL * np.diag([1e-6, 1.0, 1.0])
    weights = np.zeros(3)
    for _ in range(_STEPS):
        told = _logistic(table @ weights)
        slope = table.T @ (told - useful) + pull @ weights
        bend = (table * (told * (1 - told))[:, None]).T @ table + pull
        weights = weights - np.linalg.solve(bend, slope)
    return Curve(float(weights[0]), float(10 * weights[1]), float(weights[2]))


def probabilities(curve: Curve, scores: Floats, terms: Floats) -> Floats:
    """As `likelihood`, of many hits at once."""
    return _logistic(curve.intercept + curve.score * scores + curve.terms * np.log(terms))


def reliability(told: Floats, useful: Floats) -> list[Bin]:
    """What was told against what came of it, by tenths; empty ones are left out."""
    place = np.minimum((told * BINS).astype(int), BINS - 1)
    return [
        Bin(at / BINS, int((place == at).sum()), float(told[place == at].mean()), float(useful[place == at].mean()))
        for at in range(BINS)
        if (place == at).any()
    ]  # fmt: skip


def expected_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean distance of the told from the true, each bin by its hits."""
    return sum(each.hits * abs(each.told - each.useful) for each in bins) / sum(each.hits for each in bins)


def _logistic(odds: Floats) -> Floats:
    found: Floats = np.exp(-np.logaddexp(0, -odds))
    return found
