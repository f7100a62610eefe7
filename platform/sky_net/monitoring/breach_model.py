"""Which open clocks will be breached: a small logistic regression over what the platform's own log says.

Time is counted in working days since some day zero. A *case* is a clock as it stood on a day in the past on which it
was open and due within ten working days; its outcome is whether it was breached. Cases count by their deadline, never
by when their outcome became known: else those answered early would be known first and the forecast would flatter.
Older cases are forgotten exponentially, and so is the recent pace, so that a change of pace is followed within weeks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

HORIZON = 10.0
"""Working days ahead."""
WINDOW, STEP = 120.0, 2.0
"""Working days of past cases, and between two days on which they are looked at."""
FORGET_CASES, FORGET_PACE = 30.0, 6.0
"""Half-lives in working days."""
NEEDED, NEEDED_EACH = 200, 20
"""Clocks with a known outcome, and breached and kept ones among them, below which nothing is fitted."""
STAGES = 3
ASKED_FOR = 0.96
"""Of the interval by clocks that know nothing of each other. They share desks and holidays: in the simulated years of
bench/simulated_year.py it holds nine times in ten."""
_RIDGE = 1.0
_PRIOR = 10.0  # clocks at the overall rate that the recent pace is shrunk with


@dataclass(frozen=True)
class History:
    """Clocks, one entry each. `ended` is when an answer or a cancellation ended it, infinity while none has.

    `before_ended` is when the promise before it of the same need ended; 0 for the first one. `was_cancelled` ones have
    no outcome. `breaks` are the days on which at least three days off begin, in order.
    """

    stage: Whole
    owner: Whole
    opened: Floats
    due: Floats
    ended: Floats
    before_ended: Floats
    was_cancelled: NDArray[np.bool_]
    breaks: Floats

    @property
    def breached(self) -> NDArray[np.bool_]:
        """Whether the deadline passed without an end."""
        return self.ended > self.due

    def known(self, at: float) -> NDArray[np.bool_]:
        """Those that were due by then and have an outcome; a cancellation before the deadline is none."""
        return (self.due <= at) & ~(self.was_cancelled & ~self.breached)

    def open_at(self, at: float) -> NDArray[np.bool_]:
        """Those open then that fall due within the horizon."""
        return (self.opened <= at) & (self.ended > at) & (self.due > at) & (self.due <= at + HORIZON)


@dataclass(frozen=True)
class Model:
    """Fitted weights; `window` is the span of deadlines of the cases, in working days."""

    weights: Floats
    cases: int
    window: tuple[float, float]


def features(history: History, which: NDArray[np.bool_], at: float) -> Floats:
    """One row per chosen clock, all from what was known at that day.

    By stage: a constant, the logarithm of the working days left, the recent pace. For all: whether the promise before
    it is still open, how much its owner has on the desk, whether a holiday begins before its deadline.
    """
    stage, due = history.stage[which], history.due[which]
    own = np.eye(STAGES)[stage]
    left = np.log1p(due - at)
    pace = _pace(history, at)[stage]
    waits = (history.before_ended[which] > at).astype(float)
    desk = np.log1p(_on_desk(history, at)[history.owner[which]])
    ahead = np.searchsorted(history.breaks, due) > np.searchsorted(history.breaks, at)
    return np.column_stack([own, own * left[:, None], own * pace[:, None], waits, waits * left, desk, ahead])


def _pace(history: History, at: float) -> Floats:
    """The logit of the recent share of breaches by stage, exponentially forgotten, drawn towards the overall one."""
    known = history.known(at)
    weight = np.exp2(-(at - history.due[known]) / FORGET_PACE)
    late = history.breached[known]
    overall = (late.sum() + 0.5) / (late.size + 1.0)
    seen = np.bincount(history.stage[known], weight, STAGES)
    missed = np.bincount(history.stage[known], weight * late, STAGES)
    rate = (missed + _PRIOR * overall) / (seen + _PRIOR)
    logit: Floats = np.log(rate / (1 - rate))
    return logit


def _on_desk(history: History, at: float) -> Floats:
    """How many clocks of each owner are open."""
    is_open = (history.opened <= at) & (history.ended > at)
    size = int(history.owner.max(initial=0)) + 1
    desk: Floats = np.bincount(history.owner[is_open], minlength=size).astype(float)
    return desk


def is_enough(history: History, at: float) -> bool:
    """Whether the past says enough to fit anything."""
    known = history.known(at)
    late = int(history.breached[known].sum())
    return int(known.sum()) >= NEEDED and min(late, int(known.sum()) - late) >= NEEDED_EACH


def fit(history: History, at: float) -> Model:
    """Fit to the cases whose deadline had passed by then."""
    known, rows, outcomes, weights = history.known(at), [], [], []
    for day in np.arange(at - STEP, at - WINDOW, -STEP):
        which = known & history.open_at(day)
        if which.any():
            rows.append(features(history, which, day))
            outcomes.append(history.breached[which].astype(float))
            weights.append(np.full(int(which.sum()), 2.0 ** (-(at - day) / FORGET_CASES)))
    table, outcome, weight = np.concatenate(rows), np.concatenate(outcomes), np.concatenate(weights)
    return Model(_newton(table, outcome, weight), len(table), (at - WINDOW, at))


def predict(model: Model, history: History, which: NDArray[np.bool_], at: float) -> Floats:
    """The probability of a breach for each chosen clock that is open at that day."""
    return _logistic(features(history, which, at) @ model.weights)


def _newton(table: Floats, outcome: Floats, weight: Floats) -> Floats:
    """Iteratively reweighted least squares with a ridge; a step that does not improve is halved."""
    found = np.zeros(table.shape[1])
    ridge = _RIDGE * np.eye(table.shape[1])
    for _ in range(25):
        chance = _logistic(table @ found)
        slope = table.T @ (weight * (outcome - chance)) - _RIDGE * found
        curve = (table * (weight * chance * (1 - chance))[:, None]).T @ table + ridge
        step = np.linalg.solve(curve, slope)
        found = found + step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < 1e-8:
            break
    return found


def _logistic(score: Floats) -> Floats:
    chance: Floats = 1.0 / (1.0 + np.exp(-np.clip(score, -30, 30)))
    return chance


def base_rate(history: History, at: float, since: float = -np.inf) -> Floats:
    """The share of breaches by stage among the cases due between `since` and then; the overall one where there are none.

    Of cases, not of clocks: a clock that is still open shortly before its deadline is late more often than any clock.
    """
    known = history.known(at)
    first = max(since, float(history.opened.min(initial=at)))
    seen, missed = np.zeros(STAGES), np.zeros(STAGES)
    for day in np.arange(at - STEP, first, -STEP):
        which = known & history.open_at(day)
        seen += np.bincount(history.stage[which], minlength=STAGES)
        missed += np.bincount(history.stage[which], history.breached[which], STAGES)
    overall = missed.sum() / seen.sum() if seen.sum() else np.nan
    rates: Floats = np.where(seen > 0, missed / np.maximum(seen, 1), overall)
    return rates


def counts_within(chances: Floats, share: float = ASKED_FOR) -> tuple[int, int]:
    """The smallest central interval that the number of breaches falls into with this probability, clocks independent."""
    spread = np.array([1.0])
    for chance in chances:
        spread = np.convolve(spread, [1 - chance, chance])
    reached = np.cumsum(spread)
    tail = (1 - share) / 2
    return int(np.searchsorted(reached, tail, side="right")), int(np.searchsorted(reached, 1 - tail))
