"""The score of an application from its reviews, exactly. Pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

MOST = 100
"""Points for one criterion."""
HUNDREDTHS = 100


def score_of(weights: Mapping[str, int], reviews: Sequence[Mapping[str, int]]) -> int:
    """In hundredths of a point: criteria by their weights, reviews alike, halves up; ValueError without reviews or weights.

    Exact until it is rounded once, so that no order of adding up decides who is funded.
    """
    if not reviews or sum(weights.values()) <= 0:
        raise ValueError("nothing to add up")
    whole = sum(weights.values())
    points = (Fraction(sum(weights[key] * review[key] for key in weights), whole) for review in reviews)
    mean = sum(points, Fraction()) / len(reviews)
    return int(mean * HUNDREDTHS + Fraction(1, 2))
