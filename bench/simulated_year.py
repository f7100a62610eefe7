"""A year of clocks in a province whose pace changes, to see what a forecast is worth. Drawn from a seed.

Operators work through a desk of their own, the most urgent first, at a number of steps a day. In the second half of the
year a fifth of the capacity is gone; before each holiday half of it. Institutes take their own time to propose.
"""

from dataclasses import dataclass

import numpy as np

from sky_net.monitoring.breach_model import History, base_rate, counts_within, fit, predict

DAYS, CHANGE_ON = 250, 130
OPERATORS, NEEDS_A_DAY = 12, 12.0
BUDGETS = (1.0, 5.0, 15.0)
BREAKS = np.array([18.0, 30.0, 62.0, 84.0, 121.0, 186.0, 240.0])
MONTH = 20  # working days
BEFORE, AFTER = 1.6, 1.0
"""Steps a day over steps that arrive a day."""


@dataclass
class _Task:
    clock: int
    stage: int
    due: float
    owner: int
    ready: float


def simulate(seed: int) -> History:
    """The clocks of one year."""
    draw = np.random.default_rng(seed)
    popularity = draw.dirichlet(np.full(OPERATORS, 6.0))
    columns: dict[str, list[float]] = {
        name: [] for name in ("stage", "owner", "opened", "due", "ended", "need")
    }
    desks: list[list[_Task]] = [[] for _ in range(OPERATORS)]
    for day in range(DAYS):
        for _ in range(draw.poisson(NEEDS_A_DAY)):
            owner = int(draw.choice(OPERATORS, p=popularity))
            _arrive(columns, desks[owner], day + float(draw.random()), owner)
        for owner, desk in enumerate(desks):
            _work(draw, columns, desk, day, popularity[owner])
    return _history(columns)


def _arrive(columns: dict[str, list[float]], desk: list[_Task], at: float, owner: int) -> None:
    """The three clocks of a need; only its confirmation can be worked on at once."""
    first = len(columns["stage"])
    for stage, budget in enumerate(BUDGETS):
        values = {
            "stage": stage,
            "owner": owner,
            "opened": at,
            "due": np.ceil(at) + budget,
            "ended": np.inf,
            "need": first,
        }
        for name, value in values.items():
            columns[name].append(float(value))
    desk.append(_Task(first, 0, columns["due"][first], owner, at))


def _work(
    draw: np.random.Generator, columns: dict[str, list[float]], desk: list[_Task], day: int, popularity: float
) -> None:
    pace = BEFORE if day < CHANGE_ON else AFTER
    if any(0 <= each - day <= 1 for each in BREAKS):
        pace *= 0.5
    steps = draw.poisson(3 * NEEDS_A_DAY * popularity * pace)
    ready = sorted((task for task in desk if task.ready <= day), key=lambda task: (task.due, task.clock))
    for task in ready[:steps]:
        desk.remove(task)
        at = day + float(draw.uniform(0.1, 0.95))
        columns["ended"][task.clock] = max(at, task.ready)
        if task.stage < 2:
            wait = float(draw.exponential(1.2)) if task.stage == 0 else float(draw.lognormal(1.4, 0.6))
            follower = task.clock + 1
            desk.append(_Task(follower, task.stage + 1, columns["due"][follower], task.owner, at + wait))


def _history(columns: dict[str, list[float]]) -> History:
    arrays = {name: np.array(values) for name, values in columns.items()}
    stage = arrays["stage"].astype(np.int64)
    before = np.where(stage == 0, 0.0, np.roll(arrays["ended"], 1))
    return History(
        stage, arrays["owner"].astype(np.int64), arrays["opened"], arrays["due"], arrays["ended"], before,
        np.zeros(stage.size, dtype=bool), BREAKS,
    )  # fmt: skip


@dataclass(frozen=True)
class Scores:
    """Mean squared errors of the probabilities (Brier), lower is better, and how often the day's interval held."""

    model: float
    base_rate: float
    last_month: float
    held: float


def scores(history: History, first: int = 50, step: int = 3) -> Scores:
    """Forecasts made every few days from what was known that day, against what then came; nobody looks ahead."""
    errors: dict[str, list[np.ndarray]] = {"model": [], "base": [], "month": []}
    held: list[bool] = []
    for day in range(first, DAYS - 11, step):
        at = float(day)
        which = history.open_at(at)
        late, stage = history.breached[which], history.stage[which]
        chances = predict(fit(history, at), history, which, at)
        said = {
            "model": chances,
            "base": base_rate(history, at)[stage],
            "month": base_rate(history, at, at - MONTH)[stage],
        }
        for name, each in said.items():
            errors[name].append((each - late) ** 2)
        due_on = np.ceil(history.due[which])
        for on in np.unique(due_on):
            low, high = counts_within(chances[due_on == on])
            held.append(bool(low <= late[due_on == on].sum() <= high))
    model, base, month = (float(np.concatenate(each).mean()) for each in errors.values())
    return Scores(model, base, month, float(np.mean(held)))
