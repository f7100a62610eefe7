"""An ordinal ranker learned from grades, pulled towards the blend, and the proof that it ranks unseen needs better.

Within a need every achievement should score above those with a lower grade; how far apart the grades are weighs the pair.
The logistic loss over such pairs with a quadratic pull has one minimum, which Newton's method finds in a few steps.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FOLDS = 5
FEWEST_NEEDS = 20
"""Needs with unequal grades below which nothing is learned: the interval over fewer says nothing."""
CUT = 10
PULL = 2.0
"""Strength of the pull towards the blend, in needs: so many needs would have to speak with one voice to outweigh it."""
SHARPNESS = 20.0
"""What the blend's score is multiplied by to be a logit: a difference of .05 is one."""
MOST_STEPS = 100
ENOUGH = 1e-9
_LEAST = 1e-6
DRAWS = 4000
SEED = 20261126


@dataclass(frozen=True)
class Judged:
    """One need's judged achievements: their signals (n, signals), the blend's score first, and grades (n,), 0 to 3."""

    need_id: str
    signals: Floats
    grades: Floats


@dataclass(frozen=True)
class Ranker:
    """Weights of the signals, of which the first is the blend's score."""

    weights: Floats

    def scores(self, signals: Floats) -> Floats:
        """Between 0 and 1, in the order of preference."""
        return _logistic(signals @ self.weights)


@dataclass(frozen=True)
class Trial:
    """What the learned ranker came to on needs that it had not seen; `low` is the lower end of the 95 % interval."""

    needs: int
    before: float
    after: float
    low: float

    @property
    def is_better(self) -> bool:
        """Whether it may take the blend's place."""
        return self.low > 0


def plain(signals: int) -> Ranker:
    """The blend itself, over so many signals."""
    return Ranker(_start(signals))


def learn(judged: Sequence[Judged]) -> Ranker:
    """The ranker that these needs teach; the blend itself where no grades differ.

    A signal that is the same for all of a need's pairs, such as a feature that nobody knows, keeps the weight it starts with.
    """
    pairs = [_pairs(one) for one in judged]
    if not sum(len(shares) for _, shares in pairs):
        return plain(judged[0].signals.shape[1] if judged else 1)
    differences = np.concatenate([found for found, _ in pairs])
    shares = np.concatenate([share for _, share in pairs])
    scale = _scale(differences)
    lesson = _Lesson(differences, shares, PULL * scale**2)
    weights = _start(len(scale))
    for _ in range(MOST_STEPS):
        slope, curve = lesson.slope(weights), lesson.curve(weights)
        step = np.asarray(np.linalg.solve(curve, slope), np.float64)
        weights, moved = lesson.descended(weights, step, float(slope @ step))
        if np.abs(moved * scale).max() < ENOUGH:
            break
    return Ranker(weights)


@dataclass(frozen=True)
class _Lesson:
    """The loss that has one minimum, with its derivatives; `pull` is in units of each signal, so that none is cheap to move."""

    differences: Floats
    shares: Floats
    pull: Floats

    def loss(self, weights: Floats) -> float:
        away = weights - _start(len(weights))
        return float(
            self.shares @ np.logaddexp(0, -(self.differences @ weights)) + (self.pull * away) @ away / 2
        )

    def slope(self, weights: Floats) -> Floats:
        wrong = self.shares * (1 - _logistic(self.differences @ weights))
        return np.asarray(self.pull * (weights - _start(len(weights))) - self.differences.T @ wrong)

    def curve(self, weights: Floats) -> Floats:
        chance = _logistic(self.differences @ weights)
        bends = self.shares * chance * (1 - chance)
        return np.asarray(np.diag(self.pull) + (self.differences * bends[:, None]).T @ self.differences)

    def descended(self, weights: Floats, step: Floats, promised: float) -> tuple[Floats, Floats]:
        """The weights after as much of the step as lowers the loss: where the logistic is flat, Newton's step is too long."""
        before, share = self.loss(weights), 1.0
        while share > ENOUGH and self.loss(weights - share * step) > before - 1e-4 * share * promised:
            share /= 2
        return weights - share * step, share * step


def telling_of(judged: Sequence[Judged]) -> list[Judged]:
    """Those whose grades are not all the same: no order of the others is better than another."""
    return [one for one in judged if len(np.unique(one.grades)) > 1]


def try_out(judged: Sequence[Judged], rival: Ranker | None = None) -> Trial | None:
    """Learn from four fifths of the needs and rank the last, five times; None where too few needs have unequal grades.

    A need's grades are all on one side, and which is drawn from the ids alone. What was learned is held against `rival`, the
    blend unless one is given. A rival that was itself learned has seen some of these needs, which makes it no easier to beat.
    """
    telling = sorted(telling_of(judged), key=_drawn)
    if len(telling) < FEWEST_NEEDS:
        return None
    rival = rival or plain(telling[0].signals.shape[1])
    before, after = [], []
    for fold in range(FOLDS):
        ranker = learn([one for place, one in enumerate(telling) if place % FOLDS != fold])
        for one in telling[fold::FOLDS]:
            before.append(ndcg(rival.scores(one.signals), one.grades))
            after.append(ndcg(ranker.scores(one.signals), one.grades))
    gains = np.array(after) - np.array(before)
    drawn = gains[np.random.default_rng(SEED).integers(0, len(gains), (DRAWS, len(gains)))].mean(axis=1)
    return Trial(len(gains), float(np.mean(before)), float(np.mean(after)), float(np.quantile(drawn, 0.025)))


def ndcg(scores: Floats, grades: Floats, cut: int = CUT) -> float:
    """Normalised discounted cumulative gain of the first `cut` with gains 2^grade − 1; 1 where no grade is above 0."""
    discounts = 1 / np.log2(np.arange(2, min(cut, len(grades)) + 2))
    gains = 2.0**grades - 1
    best = float(np.sort(gains)[::-1][: len(discounts)] @ discounts)
    order = np.argsort(-scores, kind="stable")[: len(discounts)]
    return float(gains[order] @ discounts) / best if best else 1.0


def _scale(differences: Floats) -> Floats:
    """How far each signal varies. One that parts all pairs alike does not, and must not be free to move for that."""
    apart = differences.std(axis=0)
    return np.asarray(np.where(apart > _LEAST, apart, np.maximum(np.abs(differences.mean(axis=0)), _LEAST)))


def _start(signals: int) -> Floats:
    weights = np.zeros(signals)
    weights[0] = SHARPNESS
    return weights


def _pairs(one: Judged) -> tuple[Floats, Floats]:
    """Differences of signals, better less worse, and the shares of the pairs, which add up to 1 for a need."""
    better, worse = np.nonzero(one.grades[:, None] > one.grades[None, :])
    apart = one.grades[better] - one.grades[worse]
    return one.signals[better] - one.signals[worse], apart / max(float(apart.sum()), 1.0)


def _logistic(logits: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0, -logits)))


def _drawn(one: Judged) -> str:
    return hashlib.sha256(f"fold/{one.need_id}".encode()).hexdigest()
