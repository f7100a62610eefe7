"""The score of an application from its reviews, exactly. Pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

MOST = 100
"""Points for one criterion."""
HUNDREDTHS = 100
HIGHEST_SCORE = MOST * HUNDREDTHS


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


BELOW = "评审得分 {score:.2f}，低于入选线 {mark:.2f} / its score of {score:.2f} is below the pass mark of {mark:.2f}"


def passes(score: int | None, pass_mark: int | None) -> bool:
    """Whether so many hundredths of a point are enough to be funded; what has no score has none."""
    return pass_mark is None or (score or 0) >= pass_mark


def why_below(score: int | None, pass_mark: int | None) -> str | None:
    """What somebody who was scored and stays below the mark reads; None for everybody else."""
    if score is None or pass_mark is None or passes(score, pass_mark):
        return None
    return BELOW.format(score=score / HUNDREDTHS, mark=pass_mark / HUNDREDTHS)
