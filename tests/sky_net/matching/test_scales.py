"""Features on the scales of a ranker."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.matching.features import Features
from sky_net.matching.scales import OF_RECORDS, SCALES, weighed

KNOWN = Features(0, 0, 3, 2, 1.0, 0.0, 0.0, 0.0, 0, 365, 1.0, 0.0)
BETTER_DOWN = {"industry", "region", "missed", "price", "age", "load"}
amounts = st.floats(-1000, 1000)


def column(name: str, features: Features) -> float:
    return float(weighed([features])[0, list(SCALES).index(name)])


def test_every_feature_has_a_scale_but_what_is_left_of_the_indicators():
    assert set(Features._fields) - set(SCALES) == {"unknown"}
    assert set(OF_RECORDS) < set(SCALES)


def test_what_is_best_in_everything_is_for_an_offer_and_silence_is_nothing():
    assert weighed([KNOWN, Features()]).tolist() == [
        [0.0 if name == "missed" else 1.0 for name in SCALES], [0.0] * len(SCALES),
    ]  # fmt: skip
    assert weighed([]).shape == (0, len(SCALES))


def test_the_worst_is_against_it():
    worst = weighed([Features(2, 3, -5, 0, 0.0, 1.0, 0.0, 7.5, 900, 0, 0.0, 2.0)])[0]
    assert worst.tolist() == [0.0 if name == "met" else -1.0 for name in SCALES]


@pytest.mark.parametrize(
    ("name", "value", "worth"),
    [("industry", 1, 0.0), ("trl_gap", 0, 0.0), ("price", 1.0, 0.0), ("answered", 0.5, 0.0), ("load", 0.5, 0.0),
     ("modes", 1, 0.5), ("region", 1, 1 / 3), ("left", 365 / 2, 0.0)],
)  # fmt: skip
def test_what_lies_between(name: str, value: float, worth: float):
    assert column(name, Features(**{name: value})) == pytest.approx(worth)


@given(st.sampled_from(list(SCALES)), amounts, amounts)
def test_a_better_value_is_never_worth_less_and_touches_nothing_else(name: str, one: float, other: float):
    low, high = sorted((one, other), reverse=name in BETTER_DOWN)
    worse, better = (weighed([KNOWN._replace(**{name: each})])[0] for each in (low, high))
    place = list(SCALES).index(name)
    assert -1 <= worse[place] <= better[place] <= 1
    assert np.array_equal(np.delete(worse, place), np.delete(better, place))


@given(st.sets(st.sampled_from(list(SCALES))))
def test_whatever_is_not_known_is_nought(silent: set[str]):
    told = weighed([KNOWN._replace(**dict.fromkeys(silent))])[0]
    assert all(told[place] == 0 for place, name in enumerate(SCALES) if name in silent)
