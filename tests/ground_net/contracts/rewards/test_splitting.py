from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.contracts.rewards.splitting import least_share, split

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


@given(st.integers(0, 10**15), WEIGHTS)
def test_the_parts_add_up_and_each_is_less_than_one_away_from_its_share(total, weights):
    parts = split(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights)
        for part, weight in zip(parts, weights, strict=True)
    )


@given(st.integers(0, 10**9), WEIGHTS)
def test_more_weight_is_never_less_money(total, weights):
    parts = split(total, weights)
    ranked = sorted(zip(weights, parts, strict=True))
    assert all(low[1] <= high[1] for low, high in pairwise(ranked) if low[0] < high[0])


def test_of_equal_remainders_the_first_takes_what_is_left():
    assert split(100, [1, 1, 1]) == [34, 33, 33]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_nobody_to_pay_is_refused(weights):
    with pytest.raises(ValueError, match="weight"):
        split(1, weights)


@given(st.integers(1, 10**15), st.integers(1, 100))
def test_the_least_share_meets_the_rule_and_one_fen_less_does_not(net, percent):
    least = least_share(net, percent)
    assert least * 100 >= net * percent
    assert (least - 1) * 100 < net * percent
