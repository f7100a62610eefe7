"""The forecast is kept because it beats the base rate and last month over simulated years whose pace changes."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.simulated_year import CHANGE_ON, scores, simulate
from sky_net.monitoring.breach_model import (
    History,
    base_rate,
    counts_within,
    features,
    fit,
    is_enough,
    predict,
)

pytestmark = pytest.mark.slow  # models of whole years


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_beats_the_base_rate_and_as_last_month_on_a_year_with_a_change_of_pace(seed):
    found = scores(simulate(seed))
    assert found.model < found.last_month < found.base_rate, found
    assert found.model < 0.95 * found.last_month
    assert 0.85 <= found.held <= 0.97, "the day's interval is to hold nine times in ten"


def test_the_simulated_year_has_a_change_of_pace_in_it():
    history = simulate(1)
    before, after = history.due <= CHANGE_ON, history.due > CHANGE_ON + 30
    assert history.breached[before].mean() < 0.2 < 0.4 < history.breached[after].mean()
    assert np.array_equal(simulate(1).ended, history.ended), "drawn from the seed"


def until(history: History, at: float) -> History:
    """What was known at that day: everything that came later is undone."""
    opened = history.opened <= at
    later = np.where(history.ended > at, np.inf, history.ended)
    before = np.where(history.before_ended > at, np.inf, history.before_ended)
    return History(
        history.stage[opened], history.owner[opened], history.opened[opened], history.due[opened], later[opened],
        before[opened], history.was_cancelled[opened], history.breaks,
    )  # fmt: skip


@pytest.mark.parametrize("at", [80.0, 160.0])
def test_nobody_looks_ahead(at):
    """Forecast, features and rates are the same whether or not what came later is on record."""
    history, known = simulate(2), until(simulate(2), at)
    which, own = history.open_at(at), known.open_at(at)
    assert np.array_equal(features(history, which, at), features(known, own, at))
    assert np.allclose(predict(fit(history, at), history, which, at), predict(fit(known, at), known, own, at))
    assert np.allclose(base_rate(history, at), base_rate(known, at))


def test_chances_are_chances_and_more_time_left_is_less_risk():
    history, at = simulate(3), 170.0
    which = history.open_at(at)
    chances = predict(fit(history, at), history, which, at)
    assert ((chances > 0) & (chances < 1)).all()
    propose, left = history.stage[which] == 2, history.due[which] - at
    assert chances[propose & (left < 3)].mean() > chances[propose & (left > 7)].mean()


def test_the_order_of_the_clocks_changes_nothing():
    history, at = simulate(1), 90.0
    order = np.random.default_rng(5).permutation(history.stage.size)
    shuffled = History(
        history.stage[order], history.owner[order], history.opened[order], history.due[order], history.ended[order],
        history.before_ended[order], history.was_cancelled[order], history.breaks,
    )  # fmt: skip
    mine = predict(fit(history, at), history, history.open_at(at), at)
    other = predict(fit(shuffled, at), shuffled, shuffled.open_at(at), at)
    assert np.allclose(np.sort(mine), np.sort(other), atol=1e-7)


def test_a_cancelled_clock_teaches_nothing():
    history = simulate(1)
    cancelled = History(
        history.stage, history.owner, history.opened, history.due, history.ended, history.before_ended,
        ~history.breached, history.breaks,
    )  # fmt: skip
    assert base_rate(cancelled, 100.0) == pytest.approx(1.0)


def test_a_young_platform_has_not_enough_history_and_no_rate_at_all_on_its_first_day():
    history = simulate(1)
    assert not is_enough(history, 3.0)
    assert is_enough(history, 120.0)
    assert np.isnan(base_rate(until(history, 0.0), 0.0)).all()


def test_breached_without_a_single_kept_one_is_not_enough():
    history = simulate(1)
    late = History(
        history.stage, history.owner, history.opened, history.due, np.full(history.stage.size, np.inf),
        history.before_ended, history.was_cancelled, history.breaks,
    )  # fmt: skip
    assert not is_enough(late, 200.0)


@given(st.lists(st.floats(0, 1), max_size=8), st.floats(0.1, 0.99))
def test_the_interval_is_that_of_trying_every_outcome(chances, share):
    spread = np.zeros(len(chances) + 1)
    for outcome in product((0, 1), repeat=len(chances)):
        spread[sum(outcome)] += np.prod(
            [p if happens else 1 - p for p, happens in zip(chances, outcome, strict=True)]
        )
    low, high = counts_within(np.array(chances), share)
    assert 0 <= low <= high <= len(chances)
    assert spread[low : high + 1].sum() >= share - 1e-9
    assert spread[:low].sum() <= (1 - share) / 2 + 1e-9


def test_certain_outcomes_leave_no_room():
    assert counts_within(np.array([1.0, 1.0, 0.0])) == (2, 2)
    assert counts_within(np.array([])) == (0, 0)
